"""One person who asks for many patients at the same moment, and work on the disk while others use the database."""

from __future__ import annotations

import pytest

from tests.integration.people.conftest import federation

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
