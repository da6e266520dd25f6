"""One person who asks for many patients at the same moment, and work on the disk while others use the database."""

from __future__ import annotations

import pytest

from tests.integration.audit.place import Place
from tests.integration.people.conftest import federation
from tests.integration.running.conftest import UP

__all__ = ["federation"]

# After nineteen look-ups, twelve more at once: one of them is the twentieth.
MANY = """
import threading
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from openpractice.web.accounts.models import Person
from openpractice.web.config import seeing
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own.actions import find_patient
from openpractice.web.own.rules import AN_HOUR

with seeing.across():
    place = add_organisation(code="Y99001", name="Wren House", kind="practice")
    doctor = Person.objects.create_user("doctor@example.org", name="Dr Jay")
    appoint(person=doctor, organisation=place, role="clinician")

def look(turn):
    seeing.begin()
    seeing.note(doctor)
    try:
        if turn >= AN_HOUR - 1:
            together.wait(30)
        find_patient(organisation=place, pseudonym="p" + "a" * 26, reason="To call the patient back today", by=doctor)
        return 1
    except NotAllowed as why:
        assert "within an hour" in str(why), why
        return 0
    finally:
        connection.close()

together = threading.Barrier(12)
found = sum(map(look, range(AN_HOUR - 1)))
with ThreadPoolExecutor(12) as pool:
    print(found, sum(pool.map(look, range(AN_HOUR, AN_HOUR + 12))))
"""


@pytest.mark.parametrize("turn", range(2))
def test_many_at_once_are_no_more_than_many_in_a_row(federation, turn):
    assert federation.run(MANY).split() == ["19", "1"]


# Somebody else's entry is written while a practice's folder is worked upon; or the program is killed at that moment.
WORK = """
import datetime, os, sys, tempfile, threading
from pathlib import Path
from django.db import connection, transaction
from openpractice.store import forgetting, rewriting
from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action, Entry
from openpractice.web.audit.record import write
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.own import actions, keeping, leaving
from tests.integration.own.books import USUAL, load

def signs_in():
    with across(), transaction.atomic():
        write(Action.SIGNED_IN, who="somebody else")
    connection.close()

def meanwhile(real):
    def work(*a, **k):
        if sys.argv[2] == "killed":
            os._exit(9)
        thread = threading.Thread(target=signs_in)
        thread.start()
        thread.join()
        return real(*a, **k)
    return work

with across():
    place = add_organisation(code="Y99001", name="Wren House", kind="practice")
    robin = Person.objects.create_user("robin@example.org", name="Robin Wren")
    appoint(person=robin, organisation=place, role="practice_administrator")
    with tempfile.TemporaryDirectory() as folder:
        load(place, Path(folder), {f"{datetime.date.today():%Y-%m}": USUAL, "2021-03": USUAL})
    rewriting.rename, forgetting.rewrite = meanwhile(rewriting.rename), meanwhile(forgetting.rewrite)
    leaving._delete = meanwhile(leaving._delete)
    {
        "key": lambda: actions.change_key(organisation=place, by=robin),
        "kept": keeping.housekeeping,
        "leave": lambda: leaving.leave(organisation=place, typed="Wren House", by=robin),
    }[sys.argv[1]]()
"""
TOLD = """
from openpractice.web.audit.models import Entry
from openpractice.web.config.seeing import across
with across():
    print(*[e.action for e in Entry.objects.order_by("number") if e.action not in ("organisation_added", "joined")])
"""
ENTRIES = {
    "key": ("key_rotation_begun", "key_rotated"),
    "kept": ("kept_long_enough_begun", "kept_long_enough"),
    "leave": ("own_data_deletion_begun", "own_data_deleted"),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> Place:
    if request.param == "postgresql":
        return request.getfixturevalue("federation")
    alone = Place(tmp_path, {})
    alone.run(UP.format(str(tmp_path)))
    return alone


@pytest.mark.parametrize("what", ENTRIES)
def test_nobody_waits_while_a_folder_is_worked_upon(place, what):
    begun, done = ENTRIES[what]
    place.run(WORK, what, "")
    assert place.run(TOLD).split() == [begun, "signed_in", done]


@pytest.mark.parametrize("what", ENTRIES)
def test_what_was_killed_in_the_middle_was_begun(place, what):
    program = place.begin(WORK, what, "killed")
    assert (program.communicate()[1], program.returncode) == ("", 9)
    assert place.run(TOLD).split() == [ENTRIES[what][0]]
