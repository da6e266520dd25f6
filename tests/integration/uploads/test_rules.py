"""Who may bring, stop and try again what; what a name becomes; and what is kept of an account."""

from __future__ import annotations

import datetime
import io

import pytest
from django.utils import timezone

from openpractice.web.audit.models import Entry
from openpractice.web.audit.telling import tell
from openpractice.web.organisations.actions import close_organisation
from openpractice.web.organisations.roles import Permission, Role
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import actions, daily, names, place, told
from openpractice.web.uploads.arriving import NotReceived
from openpractice.web.uploads.models import Chore, State, Upload
from openpractice.web.uploads.names import UNNAMED, tidy
from openpractice.web.uploads.rules import KEPT_AFTER_TROUBLE
from tests.integration.own.books import home
from tests.integration.people.conftest import client_of, member, organisation

__all__ = ["client_of", "home", "member", "organisation"]


@pytest.fixture
def bring(home):
    def brought(one, organisation, name: str = "book.csv", content: bytes = b"a,b\n1,2\n") -> Upload:
        return actions.receive(
            organisation=organisation, by=one.person, how="browser", name=name, stream=io.BytesIO(content),
            acting_for=one.organisation.code,
        )  # fmt: skip

    return brought


def test_only_those_who_may_bring_files(member, bring):
    practice, analyst = member("practice_administrator"), member("network_analyst", "U99001")
    assert bring(practice, practice.organisation).organisation == practice.organisation
    assert bring(analyst, None).organisation is None
    for one, where in (
        (practice, None),
        (analyst, practice.organisation),
        (member("clinician"), practice.organisation),
    ):
        with pytest.raises(NotAllowed, match="You cannot upload"):
            bring(one, where)
    assert Upload.objects.count() == 2


def test_what_is_brought_is_written_down_without_its_name(member, bring):
    practice = member("practice_administrator")
    upload = bring(practice, practice.organisation, "A Patient born 1950.csv")
    actions.cancel(upload=upload, by=practice.person)
    entries = list(Entry.objects.all()[:2])
    assert [one.sentence for one in tell(entries)] == [
        f"Person 1 Wren cancelled uploaded file {upload.pk}, acting for {practice.organisation}",
        f"Person 1 Wren uploaded file {upload.pk}, acting for {practice.organisation}",
    ]
    assert all("Patient" not in one.detail for one in entries)


def test_what_is_empty_or_of_a_closed_organisation_is_not_taken(member, bring):
    practice = member("practice_administrator")
    with pytest.raises(NotReceived, match=r"book\.csv is empty"):
        bring(practice, practice.organisation, content=b"")
    assert list(place.arrived_in(practice.organisation).glob("*/*")) == []
    close_organisation(organisation=practice.organisation, by=member("system_administrator", "I1").person)
    with pytest.raises(NotAllowed, match="cannot upload"):
        bring(practice, practice.organisation)


def test_what_has_ended_cannot_be_cancelled_and_what_is_gone_cannot_be_tried_again(member, bring):
    practice = member("practice_administrator")
    upload = bring(practice, practice.organisation)
    Upload.objects.update(state=State.LOADED)
    with pytest.raises(NotAllowed, match="nothing to cancel"):
        actions.cancel(upload=upload, by=practice.person)
    with pytest.raises(NotAllowed, match="was read to its end"):
        actions.again(upload=upload, by=practice.person)
    Upload.objects.update(state=State.FAILED, ended=timezone.now())
    actions.again(upload=upload, by=practice.person)
    Upload.objects.update(state=State.FAILED, ended=timezone.now() - KEPT_AFTER_TROUBLE)
    with pytest.raises(NotAllowed, match="Upload it again"):
        actions.again(upload=upload, by=practice.person)


def test_a_colleague_at_another_practice_can_do_nothing(member, bring, client_of):
    practice, other = member("practice_administrator"), member("practice_administrator", "Y99002")
    upload = bring(practice, practice.organisation, "ours.csv")
    client = client_of(other.person)
    for do in ("cancel", "again"):
        assert client.post(f"/uploads/{upload.pk}/", {"do": do}).status_code == 404
    assert client.get(f"/uploads/progress.json?id={upload.pk}").json() == {}
    assert b"ours.csv" not in client.get("/uploads/").content
    with pytest.raises(NotAllowed):
        actions.cancel(upload=upload, by=other.person)


def test_progress_is_told_once_and_then_is_unchanged(member, bring, client_of):
    practice = member("practice_administrator")
    upload = bring(practice, practice.organisation)
    client = client_of(practice.person)
    first = client.get(f"/uploads/progress.json?id={upload.pk}&id=x&id=99999999999999999999")
    assert first.json()[str(upload.pk)]["sentence"] == "Waiting to be read."
    again = client.get(f"/uploads/progress.json?id={upload.pk}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_may_bring_both_chooses(member, client_of, home, monkeypatch):
    both = {Permission.UPLOAD, Permission.UPLOAD_PUBLISHED}
    monkeypatch.setattr(Role, "may", lambda role, permission: permission in both)
    client = client_of(member("practice_administrator").person)
    assert b"Published by the NHS, for everybody" in client.get("/uploads/").content
    for chosen, code in (("own", "Y99001"), ("published", None)):
        answer = client.post("/uploads/", {"whose": chosen, "files": io.BytesIO(b"a,b\n")})
        assert answer.status_code == 302
        assert (Upload.objects.first().organisation_id is None) == (code is None)
    assert client.post("/uploads/", {"whose": "theirs", "files": io.BytesIO(b"a,b\n")}).status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("book.csv", "book.csv"), ("../../etc/passwd", "passwd"), (r"C:\Users\me\book.csv", "book.csv"),
        ("a\x00b\nc\u202e.csv", "abc.csv"), ("..", UNNAMED), ("", UNNAMED), ("   .hidden", "hidden"),
        ("ü" * 300 + ".csv", "ü" * 86 + "….csv"), ("x" * 300, "x" * 177 + "…"),
        ("病" * 100 + ".csv", "病" * 57 + "….csv"), ("999 476 5919 letter.csv", "(number hidden) letter.csv"),
        ("list_9994765919-2.csv", "list_(number hidden)-2.csv"), ("202601011230.csv", "202601011230.csv"),
    ],
)  # fmt: skip
def test_a_name_becomes_one_that_is_safe(given, kept):
    assert tidy(given) == kept


def test_numbers_of_people_are_not_kept_in_an_account():
    assert names.hidden("line 3: 999 123 4567,Wren") == "line 3: (number hidden),Wren"
    assert names.hidden("9991234567 and 12345678901") == "(number hidden) and 12345678901"
    assert names.hidden("a\0b\ud800") == "ab?"


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([], "No month"), (["2026-02"], "February 2026"), (["2026-01", "2026-02"], "January 2026 to February 2026"),
        (["2025-01", "2026-02"], "January 2025 to February 2026 (2 of the months between)"),
    ],
)  # fmt: skip
def test_months_in_words(months, said):
    assert told.stretch(months) == said


def test_a_daily_chore_is_done_once_a_day_and_its_trouble_stops_no_other(db, home, monkeypatch, caplog):
    done = []
    monkeypatch.setattr(daily, "DAILY", {"first": lambda: done.append(1 / 0), "second": lambda: done.append("second")})
    assert daily.run_due() == ["first", "second"]
    assert daily.run_due() == []
    assert done == ["second"]
    assert "“first” could not be done" in caplog.text
    Chore.objects.update(begun=timezone.now() - datetime.timedelta(hours=25))
    assert daily.run_due() == ["first", "second"]
