"""Every address of the site × every role × own, another and no organisation: who may open it.

A view without a row here fails the build, and so does a row without a view.
"""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from openpractice.web.organisations.models import Invitation
from openpractice.web.organisations.needs import SIGNED_IN
from openpractice.web.organisations.roles import ROLES, Permission
from openpractice.web.uploads.models import Upload

P = Permission
OPEN = "open"
DEMO = "nobody, but in the demo"
UPLOADS = (P.UPLOAD, P.UPLOAD_PUBLISHED)  # any of them will do
# Address: what it needs. Open data need nothing.
MATRIX = {
    "demo/": DEMO,
    "you/": SIGNED_IN,
    "you/act-for/": SIGNED_IN,
    "you/leave/<int:membership>/": SIGNED_IN,
    "you/second-factor/": SIGNED_IN,
    "roles/": OPEN,
    "organisation/people/": P.SEE_PEOPLE,
    "organisation/people/invite/": P.MANAGE_PEOPLE,
    "organisation/people/<int:membership>/": P.MANAGE_PEOPLE,
    "organisation/people/<int:membership>/hand-over/": P.MANAGE_PEOPLE,
    "organisation/invitations/<int:invitation>/withdraw/": P.MANAGE_PEOPLE,
    "organisation/second-factor/": P.MANAGE_PEOPLE,
    "invitations/<str:token>/": OPEN,
    "organisation/record/": P.READ_RECORD,
    "organisation/record.csv": P.READ_RECORD,
    "organisation/who-looked/": P.READ_SUMMARY,
    "agreements/": P.SEE_AGREEMENTS,
    "agreements/new/": P.SIGN_AGREEMENTS,
    "agreements/why/": P.SEE_AGREEMENTS,
    "agreements/<int:agreement>/": P.SEE_AGREEMENTS,
    "shared/": P.SEE_SHARED,
    "shared/<slug:code>/": P.SEE_SHARED,
    "shared/<slug:code>/figures.csv": P.SEE_SHARED,
    "shared/<slug:code>/records.csv": P.SEE_SHARED,
    "shared/<slug:code>/stream": P.SEE_SHARED,
    "own/": P.SEE_OWN,
    "own/measures/<slug:name>/": P.SEE_OWN,
    "own/patient/": P.REIDENTIFY,
    "own/key/": P.MANAGE_OWN,
    "own/keeping/": P.MANAGE_OWN,
    "own/leave/": P.MANAGE_OWN,
    "agreements/emergency/": (P.REVIEW_EMERGENCIES, P.OPEN_IN_EMERGENCY),
    "agreements/emergency/open/": P.OPEN_IN_EMERGENCY,
    "agreements/emergency/<int:emergency>/": P.REVIEW_EMERGENCIES,
    "organisation/tokens/": P.MANAGE_TOKENS,
    "organisation/tokens/<int:token>/end/": P.MANAGE_TOKENS,
    "api/v1/docs": OPEN,
    "api/v1/openapi.json": OPEN,
    "uploads/": UPLOADS,
    "uploads/progress.json": UPLOADS,
    "uploads/<int:upload>/": UPLOADS,
    "organisations/people/": P.MANAGE_ORGANISATIONS,
    "organisations/": P.MANAGE_ORGANISATIONS,
    "organisations/<int:organisation>/": P.MANAGE_ORGANISATIONS,
}
OPEN_DATA = ("openpractice.web.explore", "openpractice.web.frame")
# Sign-in itself, with tests of its own; and what programs ask for, with a matrix of its own in tests/integration/api.
OTHERS = ("allauth", "ninja", "openpractice.web.api.door")
POSTED = {"you/act-for/", "organisation/people/invite/", "organisation/invitations/<int:invitation>/withdraw/", "organisation/second-factor/", "organisation/tokens/<int:token>/end/"}  # fmt: skip


def views(patterns=None, before: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            found |= views(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            found[before + str(one.pattern)] = one.callback
    return found


def ours() -> dict[str, object]:
    return {
        path: view for path, view in views().items()
        if not view.__module__.startswith((*OPEN_DATA, *OTHERS)) and not path.startswith("account/")
    }  # fmt: skip


def test_every_view_has_a_row_and_every_row_a_view():
    found = {path: getattr(view, "needs", OPEN) for path, view in ours().items()}
    assert found == {path: OPEN if needed == DEMO else needed for path, needed in MATRIX.items()}


def test_open_data_ask_for_nothing():
    asked = {path for path, view in views().items() if view.__module__.startswith(OPEN_DATA) and hasattr(view, "needs")}
    assert asked == set()


@pytest.fixture
def filled(member):
    """Two practices alike, each with a manager, a clinician and an open invitation; gives addresses filled in."""
    from openpractice.web.api.actions import make_token
    from openpractice.web.organisations.inviting import invite

    def fill(code: str) -> dict[str, str]:
        manager, clinician = member("practice_administrator", code), member("clinician", code)
        member("practice_administrator", code)
        invitation, token = invite(
            organisation=manager.organisation, email=f"x{code}@example.org", role="clinician", by=manager.person
        )
        return {
            "<int:membership>": str(clinician.pk),
            "<int:invitation>": str(invitation.pk),
            "<int:organisation>": str(manager.organisation_id),
            "<str:token>": token,
            "<int:token>": str(
                make_token(organisation=manager.organisation, name="A report", scopes=["read:own"], by=manager.person)[
                    0
                ].pk
            ),
            "<int:upload>": str(
                Upload.objects.create(
                    organisation=manager.organisation, name="book.csv", size=1, folder=code, how="folder"
                ).pk
            ),
            "<int:agreement>": "1",  # there is none
            "<int:emergency>": "1",  # nor of these
            "<slug:name>": "none",
            "<slug:code>": "nowhere",
        }

    return fill


def address(path: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        path = path.replace(mark, value)
    return "/" + path


def may(role: str, needed) -> bool:
    return any(ROLES[role].may(one) for one in (needed if isinstance(needed, tuple) else (needed,)))


def status(client, path: str, values: dict[str, str]) -> int:
    ask = client.post if path in POSTED else client.get
    return ask(address(path, values)).status_code


@pytest.mark.parametrize("path", MATRIX)
def test_who_is_not_signed_in_sees_open_pages_only(client, filled, path):
    assert (status(client, path, filled("Y99001")) == 200) == (MATRIX[path] == OPEN)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", [path for path, needed in MATRIX.items() if isinstance(needed, Permission | tuple)])
def test_each_role_opens_what_its_permissions_say(member, client_of, filled, path, role):
    """In their own organisation; what the address names belongs to a practice that may be another one."""
    own = member(role, "Y99001" if "practice" in [str(k) for k in ROLES[role].kinds] else "Z1")
    values = filled("Y99001")
    answer = status(client_of(own.person), path, values)
    if not may(role, MATRIX[path]):
        assert answer == 403
    elif any(mark in path for mark in ("agreement>", "emergency>", "<slug:")):
        assert answer == 404
    elif own.organisation.code != "Y99001" and ("membership" in path or "invitation" in path or "<int:token>" in path):
        assert answer == 404  # not theirs, and so not there
    elif own.organisation.code != "Y99001" and "<int:upload>" in path:
        assert answer == 404
    elif "hand-over" in path:
        assert answer == 404  # a colleague's membership is not one's own to hand over
    else:
        assert answer in (200, 302, 422)


@pytest.mark.parametrize("path", [path for path in MATRIX if "<int:" in path and not path.startswith("organisations/")])
@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_into_another_organisation(member, client_of, filled, path, role):
    own = member(role, "A1")
    before = Invitation.objects.filter(withdrawn=None).count()
    theirs = filled("Y99002")
    assert status(client_of(own.person), path, theirs) in (403, 404)
    assert Invitation.objects.filter(withdrawn=None).count() == before + 1


def test_a_membership_that_ended_a_moment_ago_gives_nothing(member, client_of):
    from openpractice.web.organisations.actions import remove

    manager, clinician = member("practice_administrator"), member("clinician")
    client = client_of(clinician.person)
    assert client.get("/organisation/people/").status_code == 200
    remove(membership=clinician, by=manager.person)
    assert client.get("/organisation/people/").status_code == 403


def test_a_deactivated_person_is_signed_out_at_once(member, client_of):
    clinician = member("clinician")
    client = client_of(clinician.person)
    clinician.person.is_active = False
    clinician.person.save()
    assert client.get("/organisation/people/").status_code == 302


def test_a_role_that_needs_a_second_factor_is_led_to_one(member, client_of):
    manager = member("practice_administrator", password="three long words")
    answer = client_of(manager.person).get("/organisation/people/")
    assert answer.status_code == 302
    assert answer["Location"] == "/you/second-factor/"
