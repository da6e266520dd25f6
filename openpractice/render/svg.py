"""A specification drawn: accessible SVG for a page, PNG for a slide, compiled Vega for the browser.

vl-convert gives every mark a role and none to the picture. Screen readers need the opposite: one image with a title
and a description (the same figures stand beside it as a table), so the inner roles are taken away.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import vl_convert

VL_VERSION = "6.4"
# vl-convert waits for a lock of its own without letting go of the interpreter: two threads that draw at once may wait
# for each other for ever.
_drawing = threading.Lock()
_SVG = "http://www.w3.org/2000/svg"
_DROPPED = {"role", "class", "pointer-events", "version"}
_REFERENCE = re.compile(r"url\(#([^)]+)\)")

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def svg(spec: dict[str, Any], *, title: str, description: str, key: str = "") -> str:
    """An inline SVG that fills its container's width, named by `title` and described by `description`.

    The same chart twice on one page needs a different `key` each time, so that no id is repeated.
    """
    return _svg(_canonical(spec), title, description, key)


def png(spec: dict[str, Any], scale: float = 2) -> bytes:
    """The picture as PNG bytes, at twice the size in pixels unless told otherwise."""
    return _png(_canonical(spec), scale)


def vega(spec: dict[str, Any]) -> dict[str, Any]:
    """The compiled Vega specification, which a browser can bring to life without compiling anything itself."""
    return json.loads(_vega(_canonical(spec)))


def responsive(draw: Callable[[int], dict[str, Any]], *, title: str, description: str, widths=(680, 343)) -> str:
    """The chart drawn for a wide and for a narrow page, for a stylesheet to show one of them.

    `draw` takes a width. Hide the other with `display: none`, which hides it from screen readers too.
    """
    drawings = (
        f'<div class="op-chart op-chart--{name}">{svg(draw(width), title=title, description=description, key=name)}</div>'
        for name, width in zip(("wide", "narrow"), widths, strict=True)
    )
    return "".join(drawings)


def _canonical(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True, separators=(",", ":"), allow_nan=False)


@lru_cache(maxsize=512)
def _svg(spec: str, title: str, description: str, key: str) -> str:
    with _drawing:
        drawing = vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION, allowed_base_urls=[])
    digest = hashlib.sha256("\0".join((spec, title, description, key)).encode()).hexdigest()[:10]
    return accessible(drawing, title=title, description=description, prefix=f"c{digest}")


@lru_cache(maxsize=64)
def _png(spec: str, scale: float) -> bytes:
    with _drawing:
        return vl_convert.vegalite_to_png(spec, vl_version=VL_VERSION, scale=scale, allowed_base_urls=[])


@lru_cache(maxsize=256)
def _vega(spec: str) -> str:
    with _drawing:
        return json.dumps(vl_convert.vegalite_to_vega(spec, vl_version=VL_VERSION))


def accessible(drawing: str, *, title: str, description: str, prefix: str) -> str:
    """One image with a name: inner roles and classes stripped, ids made unique, width left to the container."""
    root = ElementTree.fromstring(drawing)  # drawn by ourselves a moment ago  # nosec B314
    # The engine numbers its clip paths for as long as it runs; ours depend on the drawing alone.
    ids = {e.get("id"): f"{prefix}-{n}" for n, e in enumerate(e for e in root.iter() if e.get("id"))}
    for element in root.iter():
        for name in [a for a in element.attrib if a in _DROPPED or a.startswith("aria-")]:
            del element.attrib[name]
        if "id" in element.attrib:
            element.set("id", ids[element.get("id")])
        for name, value in element.attrib.items():
            if "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda found: f"url(#{ids[found[1]]})", value))
    root.attrib.pop("height", None)
    root.attrib.update(
        {
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "width": "100%",
            "class": "op-chart__svg",
            "focusable": "false",
        }
    )
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = text
        root.insert(place, element)
    return ElementTree.tostring(root, encoding="unicode")
