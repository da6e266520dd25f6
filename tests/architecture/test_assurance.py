"""The assurance documents are held to the product: what they point at is there, and what they must say is said."""

from __future__ import annotations

import ast
import datetime
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from openpractice.cli.program import VERBS
from openpractice.web.config.environment import SETTINGS
from tests.architecture.source_code import PACKAGE, REPOSITORY

FOLDER = REPOSITORY / "docs" / "assurance"
DOCUMENTS = sorted(FOLDER.glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUTSIDE = (".nhs.uk", ".gov.uk", ".ico.org.uk", ".equalityadvisoryservice.com", ".w3.org")
NOT_YET = "Not yet shown"
LEVELS = ("Very low", "Low", "Medium", "High", "Very high")
PERSONAL_ELSEWHERE = {"sessions.Session", "account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount"}


def each(names: list[Path]):
    return pytest.mark.parametrize("path", names, ids=lambda path: path.name)


@cache
def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def rows(told: str, first: str) -> list[list[str]]:
    """The cells of each row of a table whose first cell fits a pattern."""
    split = ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in told.splitlines() if "|" in line)
    return [cells for cells in split if re.fullmatch(first, cells[0])]


def section(told: str, title: str) -> str:
    return re.split(r"^## ", told.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.M)[0]


@cache
def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@cache
def headings(path: Path) -> set[str]:
    """The anchors of a document's headings, as code forges make them."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def wrong(link: str) -> str:
    """What is the matter with a link, or nothing."""
    if link.startswith("https://"):
        host = "." + link.removeprefix("https://").partition("/")[0]
        return "" if host.endswith(OUTSIDE) else "leads to a site that is not an official one"
    file, _, part = link.partition("#")
    path = (FOLDER / file).resolve() if file else None
    if path and not path.exists():
        return "names a file that is not there"
    if part and path and path.suffix == ".py":
        return "" if part in functions(path) else "names a function that is not there"
    return "" if not part or not path or part in headings(path) else "names a heading that is not there"


def evidence_in(told: str) -> list[str]:
    return [link for link in LINK.findall(told) if "#test_" in link and "/tests/" in link]


@each(DOCUMENTS)
def test_every_document_says_who_keeps_it_and_until_when(path):
    told = text(path.name)
    head = {cells[0]: cells[1] for cells in rows(told[:2500], "Owner role|Version|Reviewed|Next review|Held by")}
    assert set(head) == {"Owner role", "Version", "Reviewed", "Next review", "Held by"}
    assert all(head.values())
    found = [re.match(r"\d{1,2} \w+ \d{4}", head[name]) for name in ("Reviewed", "Next review")]
    reviewed, following = (datetime.datetime.strptime(one[0], "%d %B %Y") for one in found)
    assert reviewed < following <= reviewed + datetime.timedelta(days=366)
    assert evidence_in(head["Held by"])


@each(DOCUMENTS)
def test_every_link_leads_somewhere(path):
    found = {
        link: wrong(link if not link.startswith("#") else path.name + link) for link in LINK.findall(text(path.name))
    }
    assert {link: why for link, why in found.items() if why} == {}


@each(DOCUMENTS)
def test_every_command_and_setting_is_one_of_ours(path):
    told = text(path.name)
    verbs = set(re.findall(r"openpractice(?: --home \S+)? ([a-z]+)\b", "\n".join(re.findall(r"`[^`]+`", told))))
    assert verbs - set(VERBS) == set()
    assert set(re.findall(r"OPENPRACTICE_\w+", told)) - {setting.name for setting in SETTINGS} == set()


def test_the_first_page_names_every_document():
    assert {link.partition("#")[0] for link in LINK.findall(text("README.md")) if "/" not in link} == {
        path.name for path in DOCUMENTS if path.name != "README.md"
    }


def test_every_mitigation_is_shown_by_a_test_or_named_as_not_yet_shown():
    told = text("threat-model.md")
    threats = rows(told.partition(f"\n## {NOT_YET}\n")[0], r"T\d+")
    numbers = [cells[0] for cells in threats]
    assert numbers == [f"T{n}" for n in range(1, len(numbers) + 1)]
    assert [cells for cells in threats if len(cells) != 5 or not all(cells)] == []
    assert {letter for cells in threats for letter in cells[1].replace(" ", "")} == set("STRIDE")
    without = [cells[0] for cells in threats if not evidence_in(cells[4])]
    assert without == [cells[0] for cells in rows(section(told, NOT_YET), r"T\d+")]


def risk_matrix() -> dict[tuple[str, str], int]:
    """Likelihood × severity → risk, from the table in the safety case."""
    told = section(text("safety-case.md"), "How risk is estimated")
    severities = rows(told, r"Likelihood .*")[0][1:]
    return {
        (cells[0], severity): int(risk)
        for cells in rows(told, "|".join(LEVELS))
        if all(cell.isdecimal() for cell in cells[1:])
        for severity, risk in zip(severities, cells[1:], strict=True)
    }


def hazards() -> dict[str, dict[str, str]]:
    """Each hazard of the log: its number → what is said under each heading."""
    found = re.split(r"^### (H\d+)\. ", text("hazard-log.md"), flags=re.M)[1:]
    return {
        number: {cells[0]: cells[1] for cells in rows(told, r"[A-Z][\w ]+") if len(cells) == 2}
        for number, told in zip(found[::2], found[1::2], strict=True)
    }


SAID = {
    "Hazard", "Cause", "Effect", "Existing controls", "Initial risk", "Residual risk", "Further actions",
    "Transferred to the deployer", "Owner", "Status",
}  # fmt: skip


def estimated(told: str) -> int:
    """The number of a risk, which must be that of the matrix."""
    likelihood, severity, risk = re.match(r"([\w ]+) × (\w+) = (\d)", told).groups()
    assert risk_matrix()[likelihood, severity] == int(risk), told
    return int(risk)


def test_the_matrix_is_whole():
    assert len(risk_matrix()) == 25
    assert set(risk_matrix().values()) == {1, 2, 3, 4, 5}


def test_every_hazard_is_whole_and_its_risk_is_the_matrix_s():
    found = hazards()
    assert list(found) == [f"H{n}" for n in range(1, len(found) + 1)]
    for number, told in found.items():
        assert set(told) == SAID, number
        assert all(told.values()), number
        assert estimated(told["Residual risk"]) <= estimated(told["Initial risk"]), number
        assert LINK.findall(told["Existing controls"]), number


def test_the_safety_case_names_every_risk_that_remains():
    remaining = {number for number, told in hazards().items() if estimated(told["Residual risk"]) >= 3}
    assert remaining == {cells[0] for cells in rows(section(text("safety-case.md"), "Risks that remain"), r"H\d+")}


def ours() -> list:
    return [model for model in apps.get_models() if model.__module__.startswith("openpractice.")]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_field_has_a_class_of_privacy_and_the_assessment_names_what_is_personal(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    assert set(model.PERSONAL) == fields
    personal = set(model.PERSONAL.values()) - {"none"}
    assert not personal or f"`{model._meta.label}`" in text("dpia.md"), "name it under 'What is held'"


def test_the_assessment_names_what_is_personal_in_what_we_build_on():
    assert {name for name in PERSONAL_ELSEWHERE if f"`{name}`" not in text("dpia.md")} == set()


def test_every_question_of_the_criteria_has_an_answer():
    answers = rows(text("dtac.md"), r"[ABCD]\d(\.\d)*|[AB]\d+")
    assert len(answers) >= 50
    assert [cells for cells in answers if len(cells) != 3 or not all(cells)] == []


def test_the_accessibility_statement_agrees_with_the_page():
    page = (PACKAGE / "web/explore/jinja2/explore/accessibility.jinja").read_text("utf-8").replace("’", "'")
    told = re.sub(r"\s+", " ", text("accessibility.md").replace("’", "'"))
    listed = [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>(.*?)</li>", page, re.S)]
    assert listed
    assert [item for item in listed if re.sub(r"\s+", " ", item).strip() not in told] == []
    assert ("partially compliant" in page) == ("partially compliant" in told)
