"""Pages are made safely and of nothing from outside: a link may lead out to an official page, and nothing is fetched."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.architecture.source_code import PACKAGE, REPOSITORY, VENDORED

TEMPLATES = sorted(PACKAGE.rglob("*.jinja"))
FILES = [
    *TEMPLATES,
    *(
        path
        for path in sorted((PACKAGE / "web" / "static").rglob("*"))
        if path.suffix in {".css", ".js", ".svg", ".html"} and VENDORED not in path.parents
    ),
]
OFFICIAL = (
    "nhs.uk", "gov.uk", "cqc.org.uk", "ons.gov.uk", "w3.org", "equalityadvisoryservice.com", "parliament.uk",
)  # fmt: skip
FETCHED = re.compile(
    r"""(?:\b(?:src|srcset|poster|action|formaction|data)\s*=\s*["']?|<link[^>]*href\s*=\s*["']?|url\(\s*["']?|@import\s+["']?|"""
    r"""import\s*(?:\(|.*\bfrom\b)\s*["']|fetch\(\s*["'])(?:https?:)?//"""
)
COMPILE = """
import json, django
django.setup()
from django.template import engines
from pathlib import Path
made = engines["jinja2"].env
names = sorted(name for name in made.list_templates() if name.endswith(".jinja") and not name.startswith("nhsuk/"))
for name in names:
    made.get_template(name)
print(json.dumps({"autoescape": made.autoescape, "names": names}))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict:
    """Every template compiled as the site does it, in a process of its own."""
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings",
        "OPENPRACTICE_HOME": str(tmp_path_factory.mktemp("home")),
    }
    command = [sys.executable, "-W", "error", "-c", COMPILE]
    asked = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_every_template_escapes_what_it_is_given(compiled):
    assert compiled["autoescape"] is True


def test_every_template_compiles(compiled):
    ours = {path.as_posix().rpartition("/jinja2/")[2] for path in TEMPLATES}
    assert ours <= set(compiled["names"])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_stops_escaping(path):
    """`safe` is for drawings that we made ourselves; their words were escaped when they were drawn."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"autoescape\s+false", text, re.IGNORECASE)
    assert [
        found for found in re.findall(r"([\w.]+)\s*\|\s*safe\b", text) if not found.endswith(("spark", "svg"))
    ] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_fetched_from_outside(path):
    assert FETCHED.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_links_lead_out_to_official_pages_only(path):
    hosts = {
        urlsplit(found).hostname for found in re.findall(r"https?://[^\s\"'<>)]+", path.read_text(encoding="utf-8"))
    }
    assert [host for host in hosts if not f".{host}".endswith(tuple(f".{name}" for name in OFFICIAL))] == []


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://elsewhere.example/a.js"></script>',
        "<img alt='' src='//elsewhere.example/a.png'>",
        '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
        "a { background: url(https://elsewhere.example/a.png) }",
        '@import "https://elsewhere.example/a.css";',
        'fetch("https://elsewhere.example/")',
    ],
)
def test_the_pattern_finds_what_is_fetched(text):
    assert FETCHED.search(text)


def test_the_pattern_leaves_links_alone():
    assert not FETCHED.search('<a href="https://www.nhs.uk/">NHS</a>')
