"""What belongs to another practice: no address, number, parameter, form or token of ours gives a word of it away."""

from __future__ import annotations

import itertools
import json

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from openpractice.web.agreements.models import Statement
from openpractice.web.api.actions import make_token
from openpractice.web.api.models import Token
from openpractice.web.api.scopes import offered
from openpractice.web.organisations.models import Invitation, Membership
from openpractice.web.organisations.roles import ROLES
from openpractice.web.uploads.models import Upload
from tests.integration.hostile.conftest import COMMISSIONING, THEIRS, agree, body, withdraw

NOT_OURS = (
    "account/accounts",
    "account/<",
    "account/confirm",
    "account/password/reset/key",
    "account/",
)  # allauth's own
# Whoever holds a link to an invitation may open it: the link is the secret.
BY_LINK = ("invitations/<str:token>/",)


def addresses(patterns=None, before: str = "") -> list[str]:
    found: list[str] = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, path)
        elif isinstance(one, URLPattern) and not path.startswith((*NOT_OURS, "^", "demo/")) and path not in BY_LINK:
            found.append(path)
    return found


def filled(path: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        path = path.replace(mark, value)
    assert "<" not in path, f"{path}: say in conftest.py what of another practice belongs there"
    return "/" + path


def kept() -> tuple:
    """All that could have been changed."""
    return (
        list(Membership.objects.order_by("pk").values()), list(Invitation.objects.order_by("pk").values()),
        list(Token.objects.order_by("pk").values("pk", "ended", "scope_names")), list(Statement.objects.order_by("pk").values()),
        list(Upload.objects.order_by("pk").values()),
    )  # fmt: skip


POSTS = (
    {"do": "remove"}, {"do": "change", "role": "clinician"}, {"do": "sign"}, {"do": "withdraw", "reason": "x"},
    {"do": "cancel"}, {"do": "again"}, {"do": "end"}, {"do": "close"}, {"justified": "yes", "words": "It was quite so."},
    {"to": "1"}, {"code": THEIRS, "organisation": THEIRS}, {},
)  # fmt: skip


@pytest.mark.parametrize("role", [name for name in ROLES if name != "system_administrator"])
def test_no_address_with_their_numbers_says_or_changes_anything(role, theirs, member, client_of):
    code = {"pcn": "U99001", "practice": "Y99001"}.get(str(ROLES[role].kinds[0]), "Z99001")
    client = client_of(member(role, code).person)
    before = kept()
    for path in addresses():
        address = filled(path, theirs.values)
        for answer in (client.get(address), *(client.post(address, data) for data in POSTS if "<int" in path)):
            assert answer.status_code != 500, (address, answer.status_code)
            said = body(answer)
            assert [word for word in theirs.words if word.lower() in said] == [], address
    assert kept() == before


PARAMETERS = ("organisation", "owner", "code", "area", "practice", "about", "acting_for", "person", "whose", "id", "q", "upload", "page", "next", "agreement")  # fmt: skip


@pytest.mark.parametrize(
    "role", ["practice_administrator", "commissioner", "network_analyst", "patient_representative"]
)
def test_no_parameter_leads_to_them(role, theirs, member, client_of):
    code = {"pcn": "U99001", "practice": "Y99001"}.get(str(ROLES[role].kinds[0]), "Z99001")
    ours = member(role, code)
    client = client_of(ours.person)
    own = {**theirs.values, "<slug:code>": code, "<str:code>": "ENG", "<code>": "ENG"}
    values = (THEIRS, str(theirs.boss.organisation.pk), theirs.values["<int:upload>"])
    plain = [path for path in addresses() if "<int" not in path]
    for path, value in itertools.product(plain, values):
        answer = client.get(filled(path, own), dict.fromkeys(PARAMETERS, value))
        assert answer.status_code != 500, path
        assert "quillfeather" not in body(answer), path


def test_what_they_shared_with_others_stays_with_those(theirs, member, client_of):
    """An agreement for one purpose, with one board; another board, another purpose and a finer grain get nothing."""
    board, stranger = member("commissioner", "Q99001"), member("commissioner", "Q99003")
    agreed = agree(theirs.boss, board, purpose=COMMISSIONING, title="Ours with them")
    mine, other = client_of(board.person), client_of(stranger.person)
    page = f"/shared/{THEIRS}/"
    parts = ("", "figures.csv", "records.csv", "stream")
    assert mine.get(page + "?purpose=commissioning").status_code == 200
    for part in parts:
        assert other.get(f"{page}{part}?purpose=commissioning").status_code == 403, part
        for purpose in ("service_evaluation", "direct_care", "risk_stratification"):
            assert mine.get(f"{page}{part}?purpose={purpose}").status_code == 403, (part, purpose)
    for finer in ("?purpose=commissioning&by=role_group", "figures.csv?purpose=commissioning&by=role_group", "records.csv?purpose=commissioning"):  # fmt: skip
        assert mine.get(page + finer).status_code == 403, finer
    for strange in ("?purpose=commissioning&by=clinician", "?purpose=commissioning&topic=List", "?purpose=x"):
        assert mine.get(page + strange).status_code in (403, 404), strange
    withdraw(agreed, theirs.boss)
    for part in parts:
        assert mine.get(f"{page}{part}?purpose=commissioning").status_code == 403, part


@pytest.fixture
def ours(member) -> str:
    """The secret of a token of our own, for all that it can be made for."""
    boss = member("practice_administrator", "Y99001")
    return make_token(organisation=boss.organisation, name="Ours", scopes=offered(boss.role), by=boss.person)[1]


def test_a_token_reaches_its_own_organisation_only(ours, theirs, program):
    upload = theirs.values["<int:upload>"]
    there, nowhere = (program(f"/uploads/own/{number}", ours) for number in (upload, 987654))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content
    assert program(f"/uploads/own/{upload}", ours, "delete").status_code == 404
    assert program(f"/uploads/published/{upload}", ours).status_code in (403, 404)
    assert json.loads(program("/uploads/own", ours).content)["uploads"] == []
    assert Upload.objects.get(pk=upload).state == "waiting"


def test_a_stranger_s_program_is_told_the_same_whether_there_is_such_an_organisation(ours, theirs, program):
    answers = [program(f"/shared/{code}/results?purpose=direct_care", ours) for code in (THEIRS, "Y98765", "A81002")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(name for name, _ in answer.items()) for answer in answers}) == 1


@pytest.mark.parametrize("name", ["organisation", "owner", "area", "acting_for", "code", "token"])
def test_no_parameter_turns_a_token_elsewhere(name, ours, theirs, program):
    for path in ("/own/results", "/uploads/own", "/shared", "/whoami"):
        answer = program(f"{path}?{name}={THEIRS}", ours)
        assert answer.status_code == 422, path  # a parameter that is not known is not passed over
        assert "quillfeather" not in body(answer)


@pytest.mark.parametrize(
    "header",
    ["Bearer {}x", "Bearer {} {}", "bearer\t{}", "Basic {}", "Bearer", "Bearer ''", "{}", "Bearer \u0000", "Bearer " + "x" * 5000],
)  # fmt: skip
def test_what_is_almost_a_token_is_none(header, theirs, program):
    answer = program("/whoami", headers={"Authorization": header.replace("{}", theirs.secret)})
    assert answer.status_code == 401
    assert theirs.secret not in body(answer)


def test_a_token_does_not_sign_in_and_a_session_is_no_token(ours, theirs, client_of, client):
    for path in ("/own/", "/uploads/", "/organisation/record/", "/you/"):
        assert client.get(path, headers={"Authorization": f"Bearer {ours}"}).status_code == 302
    signed_in = client_of(theirs.boss.person)
    for path in ("/api/v1/own/results", "/api/v1/uploads/own", "/api/v1/whoami"):
        assert signed_in.get(path).status_code == 401


def test_a_secret_in_an_address_or_a_form_is_no_token(ours, theirs, client):
    for name in ("token", "access_token", "authorization", "key"):
        assert client.get("/api/v1/whoami", {name: ours}).status_code in (401, 422)
        assert client.post("/api/v1/uploads/own", {name: ours}).status_code in (401, 422)


def test_own_data_are_nowhere_in_what_is_public(theirs, client, program, over_sample):
    """The open pages, the search and the interface read another store, and know neither files nor figures of ours."""
    for address in (
        "/", f"/search?q={THEIRS}", "/search?q=quillfeathe", "/search?q=book_dna_share", f"/areas/{THEIRS}/",
        f"/areas/{THEIRS}/measures/book_dna_share/", f"/areas/{THEIRS}/measures/book_dna_share.csv", "/data/",
        f"/areas/{THEIRS}/report.html", f"/compare/{THEIRS}/", "/measures/book_dna_share/", "/robots.txt", "/health",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code in (200, 302, 404), address
        said = body(answer)
        assert "quillfeather" not in said, address
        assert "17.2%" not in said, address  # what their share of missed appointments is
    for path in (f"/results?measure=book_dna_share&area={THEIRS}", "/results?measure=book_dna_share", f"/areas/{THEIRS}", f"/areas?within={THEIRS}"):  # fmt: skip
        answer = program(path)
        assert answer.status_code in (200, 404, 422), path
        assert b'"numerator":' not in answer.content, path


def test_acting_for_another_organisation_needs_a_membership_there(theirs, member, client_of):
    client = client_of(member("practice_administrator", "Y99001").person)
    assert client.post("/you/act-for/", {"organisation": THEIRS}).status_code == 404
    client.cookies["acting_for"] = THEIRS
    session = client.session  # and should the word ever come into a session, it counts for nothing
    session["acting_for"] = THEIRS
    session.save()
    for path in (
        "/you/",
        "/own/",
        "/organisation/people/",
        "/organisation/record/",
        "/organisation/tokens/",
        "/uploads/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "quillfeather" not in body(answer), path


def test_the_progress_of_another_s_upload_is_not_told(theirs, member, client_of):
    client = client_of(member("practice_administrator", "Y99001").person)
    mark = client_of(theirs.boss.person).get(f"/uploads/progress.json?id={theirs.values['<int:upload>']}")["ETag"]
    answer = client.get(f"/uploads/progress.json?id={theirs.values['<int:upload>']}", headers={"If-None-Match": mark})
    assert (answer.status_code, json.loads(answer.content)) == (200, {})


def test_they_themselves_see_all_of_it(theirs, client_of):
    """Or else the tests above would look for words that are nowhere."""
    client = client_of(theirs.boss.person)
    for path in (
        "/organisation/people/",
        "/organisation/tokens/",
        "/uploads/",
        "/agreements/",
        "/organisation/record/",
        "/agreements/emergency/",
    ):
        assert "quillfeather" in body(client.get(path)), path
