"""An organisation's own data: finding a patient, the key, how long it is kept, leaving, and whose folder it is."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import duckdb
import pytest
from django.utils import timezone

from openpractice.analysis import answers
from openpractice.kinds import Refused
from openpractice.web.audit.models import Action, Entry
from openpractice.web.audit.record import verify
from openpractice.web.organisations.actions import add_organisation
from openpractice.web.organisations.models import Membership
from openpractice.web.organisations.roles import ROLES, Kind, Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own import actions, keeping, leaving
from openpractice.web.own.keys import ring_of
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.own.rules import AN_HOUR
from openpractice.web.own.stores import opened
from tests.integration.own.books import PATIENTS, USUAL, load, write

REASON = "The pharmacist asks who had this appointment, to call them."
MONTH = f"{timezone.localdate():%Y-%m}"


@pytest.fixture
def administrator(member, home) -> Membership:
    one = member("practice_administrator", name="Robin Wren")
    load(one.organisation, home, {MONTH: USUAL, "2021-03": USUAL})
    return one


@pytest.fixture
def doctor(administrator, member) -> Membership:
    return member("clinician", name="Dr Jay")


def pseudonym_of(organisation, number: str = PATIENTS[0]) -> str:
    return ring_of(organisation).pseudonyms([number])[0]


def figures(organisation) -> dict:
    with opened(organisation) as store:
        return {
            name: [(r.period, r.numerator, r.denominator) for r in months]
            for name, months in answers.history(store, organisation.code).items()
        }


def holding(folder: Path, *words: str) -> list[str]:
    """The files in which any of the words stands; Parquet is unpacked, since what is compressed is not searched."""
    files = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    return [str(file) for file in files if _stands_in(_content(file), words)]


def _stands_in(content: bytes, words: tuple[str, ...]) -> bool:
    return any(word.encode() in content for word in words)


def _content(file: Path) -> bytes:
    if file.suffix != ".parquet":
        return file.read_bytes()
    with duckdb.connect() as con:
        return repr(con.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()).encode()


@pytest.mark.parametrize("code", ["../Y99001", "..", ".", "a/b", "A B", "", "Y99001\0", "é", "y99001", "A" * 41])
def test_no_code_leads_out_of_its_folder(code, home, db):
    from openpractice.web.organisations.models import Organisation

    with pytest.raises(Refused, match="capital letters"):
        home_of(Organisation(code=code, name="Strange", kind=Kind.PRACTICE))


def test_two_practices_facts_and_keys_lie_apart(administrator, member, home):
    other = member("practice_administrator", "Y99002").organisation
    load(other, home, {MONTH: USUAL})
    assert sorted(p.name for p in everybodys().iterdir()) == ["Y99001", "Y99002"]
    assert pseudonym_of(administrator.organisation) != pseudonym_of(other)
    with opened(other) as store:
        assert {area for (area,) in store.catalogue.execute("SELECT DISTINCT area FROM results")} == {"Y99002"}


def test_a_clinician_of_the_practice_finds_its_patient(doctor):
    practice = doctor.organisation
    pseudonym = pseudonym_of(practice)
    asked = {"organisation": practice, "reason": REASON, "by": doctor.person}
    assert actions.find_patient(pseudonym=f" {pseudonym.upper()} ", **asked) == PATIENTS[0]
    entry = Entry.objects.get(action=Action.REIDENTIFIED)
    assert (entry.who, entry.about, entry.acting_for) == ("Dr Jay", practice.code, practice.code)
    assert pseudonym in entry.detail
    assert REASON in entry.detail
    assert not any(PATIENTS[0] in detail for detail in Entry.objects.values_list("detail", flat=True))


def test_a_pseudonym_that_is_not_known_is_written_down_too(doctor):
    unknown = "p" + "a" * 26
    assert (
        actions.find_patient(organisation=doctor.organisation, pseudonym=unknown, reason=REASON, by=doctor.person)
        is None
    )
    assert Entry.objects.filter(action=Action.NOT_REIDENTIFIED).count() == 1


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if not role.may(Permission.REIDENTIFY)])
def test_nobody_but_a_clinician_finds_a_patient(doctor, member, role):
    person = member(role, "Y99001" if Kind.PRACTICE in ROLES[role].kinds else "Z99001").person
    with pytest.raises(NotAllowed):
        actions.find_patient(
            organisation=doctor.organisation, pseudonym=pseudonym_of(doctor.organisation), reason=REASON, by=person
        )
    assert not Entry.objects.filter(action=Action.REIDENTIFIED).exists()


def test_no_other_organisation_finds_a_patient_whatever_was_agreed(doctor, member, home, client_of):
    """Not a clinician of another practice, nor of a network; and asked at home, the pseudonym is not known there."""
    from openpractice.web.agreements.terms import Granularity
    from tests.integration.sharing.conftest import agree

    administrator = member("practice_administrator", "Y99001")
    other, answers_there = member("clinician", "Y99002"), member("practice_administrator", "Y99002")
    load(other.organisation, home, {MONTH: USUAL})
    agree(administrator, answers_there, granularity=Granularity.RECORD, roles=["clinician"])
    pseudonym = pseudonym_of(doctor.organisation)
    asked = {"pseudonym": pseudonym, "reason": REASON}
    with pytest.raises(NotAllowed):
        actions.find_patient(organisation=doctor.organisation, by=other.person, **asked)
    answer = client_of(other.person).post("/own/patient/", asked)
    assert PATIENTS[0][:3] + " " not in answer.content.decode()
    assert "is not known here" in answer.content.decode()


def test_a_network_s_clinician_has_no_patients_to_find(member, home):
    from openpractice.web.organisations.actions import appoint

    network = add_organisation(code="U99001", name="A network", kind=Kind.NETWORK)
    doctor = appoint(person=member("clinician").person, organisation=network, role="clinician")
    with pytest.raises(NotAllowed, match="Only a practice"):
        actions.find_patient(organisation=network, pseudonym="p" + "a" * 26, reason=REASON, by=doctor.person)


def test_many_in_a_row_are_refused(doctor):
    asked = {"organisation": doctor.organisation, "reason": REASON, "by": doctor.person}
    for number in PATIENTS[:AN_HOUR]:
        actions.find_patient(pseudonym=pseudonym_of(doctor.organisation, number), **asked)
    with pytest.raises(NotAllowed, match="within an hour"):
        actions.find_patient(pseudonym=pseudonym_of(doctor.organisation), **asked)
    assert Entry.objects.filter(action=Action.REIDENTIFIED).count() == AN_HOUR


def test_what_is_no_pseudonym_is_neither_looked_up_nor_repeated(doctor, client_of):
    """Somebody may type the NHS number itself."""
    answer = client_of(doctor.person).post("/own/patient/", {"pseudonym": PATIENTS[0], "reason": REASON})
    assert answer.status_code == 422
    assert not Entry.objects.filter(action__in=(Action.REIDENTIFIED, Action.NOT_REIDENTIFIED)).exists()
    answer = client_of(doctor.person).post(
        "/own/patient/", {"pseudonym": pseudonym_of(doctor.organisation), "reason": f"It is {PATIENTS[0]}, I think"}
    )
    assert answer.status_code == 422
    assert not any(PATIENTS[0] in detail for detail in Entry.objects.values_list("detail", flat=True))


def test_the_answer_is_kept_by_no_cache(doctor, client_of):
    answer = client_of(doctor.person).post(
        "/own/patient/", {"pseudonym": pseudonym_of(doctor.organisation), "reason": REASON}
    )
    assert f"{PATIENTS[0][:3]} {PATIENTS[0][3:6]} {PATIENTS[0][6:]}" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_new_key_changes_every_pseudonym_and_no_figure(administrator, doctor):
    practice = administrator.organisation
    before, old = figures(practice), pseudonym_of(practice)
    assert before
    actions.change_key(organisation=practice, by=administrator.person)
    assert figures(practice) == before
    assert pseudonym_of(practice) != old
    asked = {"organisation": practice, "reason": REASON, "by": doctor.person}
    assert actions.find_patient(pseudonym=old, **asked) is None  # noted before, found no more
    assert actions.find_patient(pseudonym=pseudonym_of(practice), **asked) == PATIENTS[0]
    assert Entry.objects.filter(action=Action.KEY_ROTATED, about=practice.code).count() == 1
    assert holding(home_of(practice), old) == []


@pytest.mark.parametrize("what", ["change_key", "keep_for", "leave"])
def test_only_who_answers_for_the_data_changes_how_they_are_held(administrator, doctor, member, what):
    practice = administrator.organisation
    act, more = {
        "change_key": (actions.change_key, {}), "keep_for": (actions.keep_for, {"months": 12}),
        "leave": (leaving.leave, {"typed": practice.name}),
    }[what]  # fmt: skip
    for person in (doctor.person, member("practice_administrator", "Y99002").person):
        with pytest.raises(NotAllowed):
            act(organisation=practice, by=person, **more)
    assert figures(practice)


def test_what_was_kept_long_enough_goes_whole_months_at_a_time(administrator, doctor):
    practice = administrator.organisation
    old = pseudonym_of(practice)
    with opened(practice) as store:
        assert {p for (p,) in store.catalogue.execute("SELECT DISTINCT month FROM results")} >= {2021 * 12 + 2}
    keeping.housekeeping()
    assert {period for months in figures(practice).values() for period, *_ in months} == {MONTH}
    entry = Entry.objects.get(action=Action.KEPT_LONG_ENOUGH)
    assert (entry.about, entry.who) == (practice.code, "the installation")
    assert '"rows": 145' in entry.detail
    begun = Entry.objects.get(action=Action.KEPT_LONG_ENOUGH_BEGUN)
    assert (begun.number, begun.detail) == (entry.number - 1, entry.detail)
    keeping.housekeeping()  # nothing more to do, and nothing more is written
    assert Entry.objects.filter(action=Action.KEPT_LONG_ENOUGH).count() == 1
    asked = {"organisation": practice, "pseudonym": old, "reason": REASON, "by": doctor.person}
    assert actions.find_patient(**asked) == PATIENTS[0]  # has an appointment this month as well


def test_identifiers_that_no_record_needs_are_forgotten(doctor, member, home):
    """One patient comes this month; the others were here long ago."""
    other = member("clinician", "Y99002")
    practice = other.organisation
    load(practice, home, {"2021-03": USUAL, MONTH: {"GP Partner": (1, 0)}})
    kept, gone = pseudonym_of(practice), pseudonym_of(practice, PATIENTS[50])
    asked = {"organisation": practice, "reason": REASON, "by": other.person}
    assert holding(home_of(practice), gone)
    keeping.housekeeping()
    assert holding(home_of(practice), gone) == []
    assert actions.find_patient(pseudonym=kept, **asked) == PATIENTS[0]
    assert actions.find_patient(pseudonym=gone, **asked) is None


def test_identifiers_that_a_cancelled_load_left_are_forgotten(administrator):
    """Every record is young enough, so nothing else is deleted."""
    practice = administrator.organisation
    actions.keep_for(organisation=practice, months=120, by=administrator.person)
    left = pseudonym_of(practice, "9990009999")
    assert holding(home_of(practice), left)
    keeping.housekeeping()
    assert holding(home_of(practice), left) == []
    assert holding(home_of(practice), pseudonym_of(practice))
    assert not Entry.objects.filter(action__startswith="kept_long_enough").exists()


def test_a_store_that_cannot_be_read_stops_no_other(administrator, member, home, caplog):
    practice, other = administrator.organisation, member("practice_administrator", "Y99002").organisation
    load(other, home, {MONTH: USUAL, "2021-03": USUAL})
    (home_of(practice) / "catalogue.sqlite").write_bytes(b"x" * 5000)
    keeping.housekeeping()
    assert {period for months in figures(other).values() for period, *_ in months} == {MONTH}
    assert practice.code in caplog.text


def test_what_is_not_finished_was_begun_and_the_record_says_so(administrator, monkeypatch):
    from openpractice.store import rewriting

    def breaks(*_, **__):
        raise OSError("the disk is broken")

    practice = administrator.organisation
    monkeypatch.setattr(rewriting, "rename", breaks)
    with pytest.raises(OSError, match="broken"):
        actions.change_key(organisation=practice, by=administrator.person)
    assert Entry.objects.get(action=Action.KEY_ROTATION_BEGUN).who == "Robin Wren"
    assert not Entry.objects.filter(action=Action.KEY_ROTATED).exists()


def test_how_long_is_theirs_to_say_within_limits(administrator):
    practice, by = administrator.organisation, administrator.person
    assert keeping.months_of(practice) == 36
    for months in (2, 121):
        with pytest.raises(NotAllowed, match="3 to 120"):
            actions.keep_for(organisation=practice, months=months, by=by)
    actions.keep_for(organisation=practice, months=120, by=by)
    keeping.housekeeping()
    assert {period for months in figures(practice).values() for period, *_ in months} == {"2021-03", MONTH}


@pytest.mark.parametrize(("months", "today", "first"), [(3, "2026-11-22", "2026-08"), (36, "2026-01-31", "2023-01")])
def test_months_are_counted_whole(months, today, first):
    assert keeping.first_kept(months, datetime.date.fromisoformat(today)) == first


def test_a_practice_that_is_being_written_has_its_turn_later(administrator):
    from openpractice.store import writing

    with writing(home_of(administrator.organisation), "busy"):
        keeping.housekeeping()
        with pytest.raises(NotAllowed, match="at this moment"):
            leaving.leave(
                organisation=administrator.organisation, typed=administrator.organisation.name, by=administrator.person
            )
    assert not Entry.objects.filter(action__in=(Action.KEPT_LONG_ENOUGH, Action.OWN_DATA_DELETED)).exists()
    assert figures(administrator.organisation)


def test_on_leaving_no_byte_of_rows_or_pseudonyms_stays(administrator, home, member):
    """Everything below the home is searched: facts, results, key, sealed numbers, waiting files, database."""
    practice, other = administrator.organisation, member("practice_administrator", "Y99002").organisation
    load(other, home, {MONTH: USUAL})
    waiting = home_of(practice) / "arrived" / "a1" / "book.csv"
    watched = home / "inbox" / practice.code / "book.csv"
    refused = home / "inbox" / "refused" / practice.code / "book.csv"
    for file in (waiting, watched, refused):
        file.parent.mkdir(parents=True)
        file.write_text(f"NHS number\n{PATIENTS[0]}\n")
    with opened(practice) as store:
        clinicians = {row[-1] for row in store.rows("appointment_book")}
    words = [*ring_of(practice).pseudonyms(PATIENTS), *PATIENTS, "Dr Z Example"]
    theirs = ring_of(other).pseudonyms(PATIENTS)
    assert holding(home, words[0])
    assert clinicians
    leaving.leave(organisation=practice, typed=f" {practice.name.lower()} ", by=administrator.person)
    assert holding(home, *words) == []
    assert not home_of(practice).exists()
    assert [p.name for p in everybodys().iterdir()] == ["Y99002"]
    assert holding(home, theirs[0])  # another practice's are as they were
    assert Entry.objects.filter(action=Action.OWN_DATA_DELETED, about=practice.code).count() == 1
    assert verify().broken is None


def test_the_name_is_typed_and_the_page_says_what_remains(administrator, client_of):
    client = client_of(administrator.person)
    assert client.post("/own/leave/", {"typed": "another"}).status_code == 422
    assert figures(administrator.organisation)
    page = client.post("/own/leave/", {"typed": administrator.organisation.name}).content.decode()
    for word in ("are deleted", "The record", "Accounts of uploads", "What others took away", "Backups"):
        assert word in page
    assert "Nothing of your own is loaded yet" in client.get("/own/").content.decode()


def test_what_waits_to_be_read_waits_no_more_after_leaving(administrator, home):
    from openpractice.web.uploads.actions import receive
    from openpractice.web.uploads.models import How, State

    practice, by = administrator.organisation, administrator.person
    file = write(home / "more.csv", {MONTH: USUAL}, practice.code)
    with file.open("rb") as stream:
        upload = receive(organisation=practice, by=by, how=How.BROWSER, name="more.csv", stream=stream)
    leaving.leave(organisation=practice, typed=practice.name, by=by)
    upload.refresh_from_db()
    assert upload.state == State.CANCELLED
    assert not home_of(practice).exists()


def test_a_practice_that_comes_back_begins_anew(administrator, home):
    practice = administrator.organisation
    old = pseudonym_of(practice)
    leaving.leave(organisation=practice, typed=practice.name, by=administrator.person)
    load(practice, home, {MONTH: USUAL})
    assert figures(practice)
    assert pseudonym_of(practice) != old


def test_what_was_half_deleted_when_the_power_went_is_deleted_the_next_day(administrator, home):
    folder, inbox = home_of(administrator.organisation), home / "inbox"
    folder.rename(folder.with_name(".leaving-Y99001"))
    for parent in (inbox, inbox / "refused"):
        (parent / ".leaving-Y99001").mkdir(parents=True)
        (parent / ".leaving-Y99001" / "book.csv").write_text(PATIENTS[0])
    keeping.housekeeping()
    assert list(everybodys().iterdir()) == []
    assert holding(home, PATIENTS[0]) == []
    assert Entry.objects.get(action=Action.OWN_DATA_DELETED).who == "the installation"
