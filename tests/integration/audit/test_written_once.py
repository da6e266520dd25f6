"""Entries are written once, one after the other, whoever writes and on whichever database."""

from __future__ import annotations

import json

import pytest

from tests.integration.audit.place import WRITE, ended

TOGETHER = """
import pathlib, sys, time
print("ready", flush=True)
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.001)
"""
THREADS = """
import sys, threading
from django.db import connection, transaction
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
def some():
    for turn in range(int(sys.argv[1])):
        with transaction.atomic():
            write(Action.SWITCHED, who="Dr Wren", acting_for="Y99001", about="Y99001", turn=turn)
    connection.close()
threads = [threading.Thread(target=some) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
VERDICT = """
import dataclasses, json
from openpractice.web.audit.record import verify
print(json.dumps(dataclasses.asdict(verify())))
"""
TRY = """
import sys
from django.db import DatabaseError, connection
for change in sys.argv[1:]:
    try:
        connection.cursor().execute(change)
        print("done")
    except DatabaseError as refusal:
        print(str(refusal).splitlines()[0])
"""
REFUSED = "The record is written once: its entries are neither changed nor deleted."
CHANGES = (
    "UPDATE audit_entry SET who = 'Somebody else' WHERE number = 2",
    "DELETE FROM audit_entry WHERE number = 2",
    "DELETE FROM audit_entry",
)
OF_SQLITE = (
    """INSERT OR REPLACE INTO audit_entry
       SELECT number, at, person, 'Somebody else', acting_for, about, action, detail, previous, hash
       FROM audit_entry WHERE number = 2""",
)
OF_POSTGRESQL = (
    "TRUNCATE audit_entry",
    """INSERT INTO audit_entry SELECT * FROM audit_entry WHERE number = 2
       ON CONFLICT (number) DO UPDATE SET who = 'Somebody else'""",
)


@pytest.mark.timeout(180)
def test_programs_that_write_at_once_make_one_chain(place):
    start = place.home / "start"
    programs = [place.begin(TOGETHER + WRITE, 40, start) for _ in range(4)]
    assert [program.stdout.readline() for program in programs] == ["ready\n"] * 4
    start.touch()
    for program in programs:
        ended(program)
    verdict = json.loads(place.run(VERDICT))
    assert (verdict["entries"], verdict["broken"]) == (160, None)


def test_threads_that_write_at_once_make_one_chain(place):
    place.run(THREADS, 25)
    verdict = json.loads(place.run(VERDICT))
    assert (verdict["entries"], verdict["broken"]) == (100, None)


def test_the_database_refuses_and_says_why(place):
    changes = (*CHANGES, *(OF_POSTGRESQL if place.variables else OF_SQLITE))
    place.run(WRITE, 3)
    before = place.run(VERDICT)
    assert place.run(TRY, *changes).splitlines() == [REFUSED] * len(changes)
    assert place.run(VERDICT) == before


def test_an_entry_stands_or_falls_with_what_it_tells_of(on_sqlite):
    said = on_sqlite.run(
        """
from django.db import transaction
from openpractice.web.audit.models import Action, Entry
from openpractice.web.audit.record import write
try:
    write(Action.LEFT, who="Dr Wren")
except transaction.TransactionManagementError as refusal:
    print(refusal)
try:
    with transaction.atomic():
        write(Action.LEFT, who="Dr Wren")
        raise ValueError
except ValueError:
    print(Entry.objects.count())
"""
    )
    assert said.splitlines() == ["An entry is written in the transaction of what it tells of.", "0"]
