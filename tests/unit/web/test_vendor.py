"""The vendored files ask nobody for anything, and the script that mends them notices when they change."""

import re
from pathlib import Path

import pytest

from openpractice.web import vendor

STATIC = Path(vendor.__file__).parent / "static"
# Names of languages, not places: no browser fetches them.
NAMESPACES = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1999/xlink|2000/xmlns/|1999/xhtml|XML/1998/namespace)")


@pytest.mark.parametrize("path", [p for p in sorted(STATIC.rglob("*")) if p.suffix in {".css", ".js", ".svg"}], ids=str)
def test_no_static_file_names_another_server(path):
    text = NAMESPACES.sub("", path.read_text())
    assert re.findall(r"https?://[^\s\"')]+", text) == []
    assert "sourceMappingURL" not in text
    assert "Frutiger" not in text


def test_every_picture_the_stylesheet_names_is_there():
    for name in re.findall(r"url\(([^)]+)\)", (vendor.VENDOR / "nhsuk" / "nhsuk-frontend.min.css").read_text()):
        assert (vendor.VENDOR / "nhsuk" / name).is_file()


def test_the_licensed_typeface_is_taken_out():
    face = "@font-face{font-family:Frutiger W01;src:url(https://elsewhere.example/a.woff2)}"
    body = "body{font-family:Frutiger W01,arial,sans-serif}i{background:url(/assets/images/a.svg)}"
    mended = vendor.mend_css(f"{face}{face}{body}\n/*# sourceMappingURL=a.css.map */\n")
    assert mended == 'body{font-family:Arial,"Liberation Sans",sans-serif}i{background:url(images/a.svg)}\n'


def test_a_stylesheet_that_has_changed_is_refused():
    with pytest.raises(vendor.VendorError, match="typeface"):
        vendor.mend_css("body{font-family:Other}")


def test_an_interpreter_that_has_changed_is_refused():
    with pytest.raises(vendor.VendorError, match="differently now"):
        vendor.mend_interpreter("export {};")


def test_a_missing_package_is_named(tmp_path):
    with pytest.raises(vendor.VendorError, match=r"nhsuk-frontend-.*\.tgz is not in"):
        vendor.vendor(tmp_path)
