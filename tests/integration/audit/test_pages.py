"""The pages of the record: what each reader sees, and that it is theirs and nobody else's."""

from __future__ import annotations

import csv
import datetime
import io
import json
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from openpractice.web.accounts.models import Person
from openpractice.web.audit import chain
from openpractice.web.audit.models import Action, Entry
from openpractice.web.audit.narrowing import SIZE
from openpractice.web.audit.record import write
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.organisations.roles import ROLES, Kind

pytestmark = pytest.mark.django_db
OURS, THEIRS, PARTNER = "Y99001", "Y99002", "Y99P"
PAGE, FILE, SUMMARY = "/organisation/record/", "/organisation/record.csv", "/organisation/who-looked/"


@pytest.fixture
def places():
    add_organisation(code=OURS, name="Queens Park Surgery", kind=Kind.PRACTICE)
    add_organisation(code=THEIRS, name="Mill Lane Practice", kind=Kind.PRACTICE)
    add_organisation(code=PARTNER, name="Fiction Hospital", kind=Kind.ACUTE)


def person(name: str, code: str, role: str) -> Person:
    from openpractice.web.organisations.models import Organisation

    made = Person.objects.create_user(f"{name.split()[-1].lower()}@example.org", name=name)
    appoint(person=made, organisation=Organisation.objects.get(code=code), role=role)
    return made


@pytest.fixture
def wren(places) -> Person:
    return person("Dr Wren", OURS, "practice_administrator")


@pytest.fixture
def jay(places) -> Person:
    return person("Robin Jay", THEIRS, "practice_administrator")


def reader(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def add(action: Action = Action.LEFT, **values) -> Entry:
    with transaction.atomic():
        return write(action, **values)


def body(answer) -> str:
    return unescape(answer.content.decode())


def at(moment: str, **values) -> None:
    """An entry with a moment of its own, chained like every other."""
    last = Entry.objects.first()
    row = {"number": last.number + 1, "at": moment, "person": None, "who": "somebody", "detail": "{}"}
    row |= {"acting_for": OURS, "about": OURS, "action": Action.LEFT, "previous": last.hash} | values
    Entry.objects.create(**row, hash=chain.digest([row[name] for name in chain.FIELDS]))


def test_entries_are_told_in_sentences(wren, jay):
    clinician = person("Sam Finch", OURS, "clinician")
    ours = {"by": wren, "acting_for": OURS, "about": OURS}
    add(Action.INVITED, role="clinician", invitation=1, **ours)
    add(Action.ROLE_CHANGED, person=clinician.pk, before="clinician", role="reception", **ours)
    add(Action.REMOVED, person=clinician.pk, **ours)
    add(Action.SECOND_FACTOR_RULE, role="clinician", required="yes", **ours)
    add(Action.SWITCHED, role="practice_administrator", **ours)
    add(Action.RECORD_READ, by=jay, acting_for=THEIRS, about=OURS)
    add(Action.REMOVED, person=999, **ours)
    page = body(reader(wren).get(PAGE))
    for said in (
        "The installation added Queens Park Surgery to this installation",
        "The installation made Dr Wren practice administrator, about Queens Park Surgery",
        "Dr Wren invited somebody as clinician, acting for Queens Park Surgery",
        "Dr Wren changed the role of Sam Finch from clinician to reception or care navigator",
        "Dr Wren ended the membership of Sam Finch",
        "Dr Wren said that the role of clinician must sign in with a second factor",
        "Dr Wren began to act for Queens Park Surgery<",
        "Robin Jay read the record, acting for Mill Lane Practice, about Queens Park Surgery",
        "Dr Wren ended the membership of person 999",
    ):
        assert said in page


@pytest.mark.parametrize(
    "query",
    ["", "other=Y99002", "other=Y99P", "organisation=Y99002", "code=Y99002", "about=Y99002", "acting_for=Y99002",
     "person={jay}", "before=999999", "after=0", "after=1", "before=999999&other=Y99002", "since=2020-01-01",
     "other=%25", "other='+OR+1=1--", "person=1+OR+1=1", "action=left"],
)  # fmt: skip
@pytest.mark.parametrize("path", [PAGE, FILE, SUMMARY])
def test_only_ones_own_organisation_whatever_is_asked(wren, jay, path, query):
    add(by=jay, acting_for=THEIRS, about=THEIRS)
    add(by=jay, acting_for=PARTNER, about=THEIRS)
    add(by=wren, acting_for=OURS, about=OURS)
    answer = reader(wren).get(f"{path}?{query.format(jay=jay.pk)}")
    assert answer.status_code in (200, 422)
    for secret in ("Robin Jay", "Mill Lane", "Fiction Hospital"):
        assert secret not in body(answer)


def test_the_filters_narrow_down_and_the_file_follows_them(wren, jay):
    add(Action.RECORD_READ, by=jay, acting_for=THEIRS, about=OURS)
    add(Action.LEFT, by=wren, acting_for=OURS, about=OURS)
    client, today = reader(wren), datetime.date.today()

    def told(**query) -> list[str]:
        rows = csv.DictReader(io.StringIO(client.get(FILE, query).content.decode("utf-8-sig"), newline=""))
        return [row["in_words"] for row in rows]

    assert told(person=jay.pk) == [
        "Robin Jay read the record, acting for Mill Lane Practice, about Queens Park Surgery"
    ]
    assert told(other=THEIRS) == told(person=jay.pk)
    assert told(action="left") == ["Dr Wren left, acting for Queens Park Surgery"]
    assert told(since=today.isoformat(), action="left") == told(action="left")
    assert told(since=(today + datetime.timedelta(days=2)).isoformat(), action="left") == []
    assert told(until=(today - datetime.timedelta(days=2)).strftime("%d/%m/%Y")) == []
    page = body(client.get(PAGE, {"until": "2020-01-01"}))
    assert "No entry fits" in page


def test_a_day_begins_at_midnight_in_london(wren):
    at("2026-06-30T22:59:59.999+00:00", who="Before")
    at("2026-06-30T23:00:00.000+00:00", who="First")
    at("2026-07-01T22:59:59.999+00:00", who="Last")
    at("2026-07-01T23:00:00.000+00:00", who="After")
    page = body(reader(wren).get(PAGE, {"since": "1/7/2026", "until": "1/7/2026"}))
    assert [who for who in ("Before", "First", "Last", "After") if f"{who} left" in page] == ["First", "Last"]
    assert "1 July 2026" in page
    assert "00:00" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=31/2/2026", "Write the first day as day, month and year, for example 27/3/2026."),
        ("until=yesterday", "Write the last day as day, month and year"),
        ("until=9999-12-31", "Write the last day as day, month and year"),
        ("since=0001-01-01", "Write the first day as day, month and year"),
        ("since=2026-03-02&until=2026-03-01", "The first day comes after the last. Exchange them."),
        ("person=99999999999999999999", "Choose a person from the list."),
        ("person=%00", "Choose a person from the list."),
        ("action=nothing", "Choose an action from the list."),
        ("other=Y99002", "Choose an organisation from the list."),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(wren, jay, query, said):
    for path in (PAGE, FILE):
        answer = reader(wren).get(f"{path}?{query}")
        assert answer.status_code == 422
        assert said in body(answer)
        assert "Nothing is shown yet" in body(answer)


def test_fifty_at_a_time_without_a_gap(wren):
    client = reader(wren)
    client.get(PAGE)  # so that reading is in the record before it is counted
    for turn in range(2 * SIZE + 7):
        add(by=wren, acting_for=OURS, about=OURS, turn=turn)
        add(who="somebody", acting_for=THEIRS, about=THEIRS)
    numbers = list(Entry.objects.filter(about=OURS).values_list("number", flat=True))

    def shown(query: str) -> tuple[list[int], dict[str, str]]:
        page = client.get(PAGE + query).content.decode()
        cells = [int(part.split("<")[0]) for part in page.split('data-label="Entry">')[1:]]
        links = {way: part.rsplit('href="', 1)[1].split('"')[0] for way in ("prev", "next")
                 for part in page.split(f'" rel="{way}"')[:-1] for part in [part + '"']}  # fmt: skip
        return cells, {way: unescape(link) for way, link in links.items()}

    first, links = shown("")
    assert first == numbers[:SIZE]
    assert "prev" not in links
    second, links = shown(links["next"])
    assert second == numbers[SIZE : 2 * SIZE]
    third, last = shown(links["next"])
    assert third == numbers[2 * SIZE :]
    assert "next" not in last
    assert shown(last["prev"])[0] == second
    assert shown(shown(last["prev"])[1]["prev"])[0] == first
    for odd in ("?before=x", "?after=999999999", "?before=1", "?after=99999999999999999999", "?before=%00"):
        assert shown(odd)[0] == first


def test_reading_is_written_down_once_an_hour_for_each_person(wren):
    other = person("Sam Finch", OURS, "practice_administrator")
    client = reader(wren)
    for _ in range(3):
        client.get(PAGE)
    reader(other).get(PAGE)
    read = Entry.objects.filter(action=Action.RECORD_READ)
    assert [(e.who, e.acting_for, e.about) for e in read] == [("Sam Finch", OURS, OURS), ("Dr Wren", OURS, OURS)]
    assert "Dr Wren read the record, acting for Queens Park Surgery" in body(client.get(PAGE))


def test_an_hour_later_it_is_written_down_again(wren):
    early = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=61)
    at(early.isoformat(timespec="milliseconds"), person=wren.pk, who="Dr Wren", action=Action.RECORD_READ)
    reader(wren).get(PAGE)
    assert Entry.objects.filter(action=Action.RECORD_READ).count() == 2


def test_an_export_is_written_down_with_its_count(wren):
    client = reader(wren)
    add(by=wren, acting_for=OURS, about=OURS)
    expected = Entry.objects.filter(about=OURS).count()
    answer = client.get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="record-Y99001.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == expected
    last = Entry.objects.first()
    assert (last.action, last.who, last.about) == ("record_exported", "Dr Wren", OURS)
    assert json.loads(last.detail) == {"count": expected}
    assert f"Dr Wren exported {expected} entries of the record" in body(client.get(PAGE))


def test_a_name_cannot_be_a_formula_nor_markup(wren):
    wren.name = "=1+1<script>alert(1)</script>"
    wren.save()
    add(by=wren, acting_for=OURS, about=OURS)
    client = reader(wren)
    assert "<script>alert" not in client.get(PAGE).content.decode()
    assert "\n=1" not in client.get(FILE).content.decode()
    assert ",'=1+1<script>" in client.get(FILE).content.decode()


def test_the_summary_counts_and_names_nobody(wren, jay):
    at("2025-11-03T10:00:00.000+00:00", person=jay.pk, who="Robin Jay", acting_for=THEIRS, action=Action.RECORD_READ)
    at("2025-11-04T10:00:00.000+00:00", person=wren.pk, who="Dr Wren", acting_for=OURS, action=Action.RECORD_READ)
    at("2025-11-05T10:00:00.000+00:00", person=wren.pk, who="Dr Wren", acting_for=OURS, action=Action.RECORD_READ)
    patient = person("Pat Heron", OURS, "patient_representative")
    client = reader(patient)
    page = body(client.get(SUMMARY + "?year=2025"))
    flat = " ".join(page.split())
    assert "November 2025" in flat
    assert '<th scope="row">Mill Lane Practice</th><td class="words">Read the record</td><td>1</td><td>1</td>' in flat
    assert '<th scope="row">Queens Park Surgery</th><td class="words">Read the record</td><td>2</td><td>1</td>' in flat
    for name in ("Robin Jay", "Dr Wren"):
        assert name not in page
    assert "holds nothing from the year “1066”" in body(client.get(SUMMARY + "?year=1066"))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("path", [PAGE, FILE, SUMMARY])
@pytest.mark.parametrize("role", [r for r in ROLES.values() if Kind.PRACTICE in r.kinds], ids=lambda role: role.name)
def test_each_role_sees_what_it_may(places, path, role):
    from openpractice.web.audit import views

    needed = {PAGE: views.record, FILE: views.record_file, SUMMARY: views.who_looked}[path].needs
    answer = reader(person("Sam Finch", OURS, role.name)).get(path)
    assert answer.status_code == (200 if role.may(needed) else 403)
    assert answer.status_code == 403 or "private" in answer["Cache-Control"]


@pytest.mark.parametrize("path", [PAGE, FILE, SUMMARY])
def test_nobody_else_sees_anything(places, path):
    signed_out = Client().get(path + "?since=2026-01-01")
    assert signed_out.status_code == 302
    assert "next=/organisation/" in signed_out["Location"]
    assert reader(Person.objects.create_user("alone@example.org", name="Alone")).get(path).status_code == 403


def test_a_page_asks_the_database_little(wren, django_assert_max_num_queries):
    for _ in range(60):
        add(by=wren, acting_for=OURS, about=OURS)
    client = reader(wren)
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
