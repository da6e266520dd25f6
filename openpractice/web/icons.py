"""Draws the bitmap icons from `static/icons/favicon.svg`, our own mark: an open circle, a line of points leaving it.

For developers, after the mark has changed: python -m openpractice.web.icons
"""

import struct
from pathlib import Path

import vl_convert

ICONS = Path(__file__).parent / "static" / "icons"
BITMAPS = {"favicon-32.png": 32, "icon-180.png": 180}
DRAWN_AT = 64  # the width in favicon.svg


def draw() -> None:
    svg = (ICONS / "favicon.svg").read_text()
    for name, size in BITMAPS.items():
        (ICONS / name).write_bytes(vl_convert.svg_to_png(svg, scale=size / DRAWN_AT))
    (ICONS / "favicon.ico").write_bytes(ico((ICONS / "favicon-32.png").read_bytes(), 32))


def ico(png: bytes, size: int) -> bytes:
    """An icon file with one picture: a 6-byte head, a 16-byte entry, then the PNG as it is."""
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), len(head) + 16)
    return head + entry + png


if __name__ == "__main__":
    draw()
