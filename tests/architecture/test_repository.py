"""What the repository may say and hold: no place of one machine, no dependency without a reason, every debt in NOTICE."""

import re
import tomllib

import pytest

from tests.architecture.source_code import PACKAGE, REPOSITORY, VENDORED, text_of, tracked

# Written in pieces, so that this file does not hold what it forbids.
FOLDERS = r"(?<![\w.:/-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "Us" + "ers", "ho" + "me/[a-z]")) + r")[\w-]*/"
REGISTRIES = "|".join(
    re.escape(host)
    for host in (
        "pypi" + ".org", "python" + "hosted.org", "npm" + "js", "jsdeli" + "vr", "unp" + "kg.com", "cdnjs." + "cloudflare",
        "conda." + "anaconda", "crates" + ".io", "proxy.golang" + ".org", "deb" + "ian.org", "rubygems" + ".org",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("forbidden", "what"), [(FOLDERS, "a folder of one machine"), (REGISTRIES, "a registry's host")]
)
def test_no_file_speaks_of_one_machine_or_of_a_registry(forbidden, what):
    found = []
    for path in tracked():
        for number, line in enumerate((text_of(path) or "").splitlines(), 1):
            if re.search(forbidden, line):
                found.append(f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}")
    assert found == [], what


def test_the_patterns_find_what_they_are_for():
    assert re.search(FOLDERS, 'open("/ho' + 'me/anne/file.csv")')
    assert re.search(REGISTRIES, "https://pypi" + ".org/simple")
    assert not re.search(FOLDERS, "openpractice/web/ho" + "me/views.py")


def dependency_lines() -> list[str]:
    """The lines of pyproject.toml that name a dependency."""
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    named = [*project["dependencies"], *(one for group in project["optional-dependencies"].values() for one in group)]
    return [next(line for line in text.splitlines() if f'"{name}"' in line) for name in named]


@pytest.mark.parametrize("line", dependency_lines(), ids=lambda line: line.strip().split('"')[1])
def test_every_dependency_says_why_it_is_there(line):
    assert re.search(r"#\s*\w+", line.rpartition('"')[2]), f"say beside it why: {line.strip()}"


@pytest.mark.parametrize("folder", sorted(p for p in VENDORED.iterdir() if p.is_dir()), ids=lambda p: p.name)
def test_every_vendored_folder_is_in_the_notice(folder):
    notice = (REPOSITORY / "NOTICE").read_text(encoding="utf-8")
    assert folder.relative_to(REPOSITORY).as_posix() in notice


def test_nothing_is_vendored_outside_a_folder_of_its_own():
    assert [path.name for path in VENDORED.iterdir() if path.is_file()] == []


def test_every_typeface_is_in_the_notice():
    notice = (REPOSITORY / "NOTICE").read_text(encoding="utf-8")
    families = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.stem.split("-")[0]) for path in PACKAGE.rglob("*.ttf")}
    assert families
    assert [family for family in families if family not in notice] == []


def test_the_licences_of_the_data_are_in_the_notice():
    notice = (REPOSITORY / "NOTICE").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in notice
