"""Copies the browser files we did not write into `static/vendor`, mended so that a page asks nobody else for anything.

For developers, when a version rises:

    npm pack nhsuk-frontend@10.6.1 vega@6.4.0 vega-interpreter@2.3.2
    python -m openpractice.web.vendor <folder with the three .tgz files>

The result is committed: nobody who installs OpenPractice needs Node.
"""

import re
import sys
import tarfile
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"

# nhsuk-frontend and nhsuk-frontend-jinja are released in pairs: raise them together.
NHSUK, VEGA, INTERPRETER = "nhsuk-frontend-10.6.1", "vega-6.4.0", "vega-interpreter-2.3.2"
NHSUK_FONTS, OUR_FONTS = "Frutiger W01,arial,sans-serif", 'Arial,"Liberation Sans",sans-serif'


class VendorError(ValueError):
    """A file is missing, or no longer looks as this script expects."""


def vendor(folder: Path) -> list[Path]:
    """Writes every vendored file and returns their paths."""
    nhsuk, vega, interpreter = (read_tarball(folder / f"{name}.tgz") for name in (NHSUK, VEGA, INTERPRETER))
    css = mend_css(nhsuk["dist/nhsuk/nhsuk-frontend.min.css"].decode())
    files = {
        "nhsuk/nhsuk-frontend.min.css": css,
        "nhsuk/nhsuk-frontend.min.js": drop_source_map(nhsuk["dist/nhsuk/nhsuk-frontend.min.js"].decode()),
        "vega/vega.min.js": drop_source_map(vega["build/vega.min.js"].decode()),
        "vega/vega-interpreter.js": mend_interpreter(interpreter["build/vega-interpreter.js"].decode()),
        "vega/LICENSE": vega["LICENSE"].decode(),
    }
    # Only the icons the stylesheet names: the rest of that folder is the NHS's own mark, which is not ours to use.
    for name in sorted(set(re.findall(r"url\((images/[^)]+)\)", css))):
        files[f"nhsuk/{name}"] = nhsuk[f"dist/nhsuk/assets/{name}"].decode()
    return [write(VENDOR / name, text) for name, text in files.items()]


def mend_css(text: str) -> str:
    """Takes out the licensed typeface and its host, and makes picture addresses relative to the stylesheet."""
    text, fonts = re.subn(r"@font-face\{[^}]*\}", "", text)
    if fonts != 2 or NHSUK_FONTS not in text:
        raise VendorError("The NHS.UK stylesheet names its typeface differently now. Read it, then mend `mend_css`.")
    text = text.replace(NHSUK_FONTS, OUR_FONTS).replace("url(/assets/", "url(")
    if left := re.findall(r"https?://[^)\"']+|Frutiger", text):
        raise VendorError(f"The NHS.UK stylesheet still points elsewhere: {left[:3]}.")
    return drop_source_map(text)


def mend_interpreter(text: str) -> str:
    """Mends the two things in vega-interpreter that would leave a chart without script or without dates."""
    # A browser cannot resolve the bare name; the loaded `vega` holds the same functions.
    text, imports = re.subn(r"import \{([^}]*)\} from 'vega-util';", r"const {\1} = globalThis.vega;", text)
    # Vega's own datetime(x) is `new Date(x)`. The interpreter's takes a lone number for a year, so that an axis whose
    # ticks Vega-Lite wrote in milliseconds loses them all.
    text, dates = re.subn(r"const datetime = .*;", "const datetime = (...given) => new Date(...given);", text)
    if (imports, dates) != (1, 1):
        raise VendorError("vega-interpreter reads differently now. See whether these two mends are still needed.")
    return drop_source_map(text)


def drop_source_map(text: str) -> str:
    return re.sub(r"\s*(/\*|//)# sourceMappingURL=\S+(\s*\*/)?\s*$", "\n", text)


def read_tarball(path: Path) -> dict[str, bytes]:
    """The files of one npm package by their path, without npm's leading `package/`."""
    if not path.exists():
        raise VendorError(f"{path.name} is not in {path.parent}. Fetch it with `npm pack`, see the top of this file.")
    with tarfile.open(path) as archive:
        opened = ((member.name, archive.extractfile(member)) for member in archive)
        return {name.removeprefix("package/"): file.read() for name, file in opened if file}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


if __name__ == "__main__":
    for written in vendor(Path(sys.argv[1])):
        print(f"{written.stat().st_size:>9,}  {written.relative_to(VENDOR)}")
