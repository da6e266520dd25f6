"""Two who manage the same people, at the same moment."""

from __future__ import annotations

import pytest

# The first has left, but not yet for everybody to see, while the second leaves too; or each removes the other.
AT_ONCE = """
import sys, threading
from django.db import connection, transaction
from openpractice.web.accounts.models import Person
from openpractice.web.config.seeing import across
from openpractice.web.organisations import actions
from openpractice.web.organisations.rules import NotAllowed

with across():
    place = actions.add_organisation(code="Y99001", name="Wren House", kind="practice")
    def administrator(name):
        person = Person.objects.create_user(name + "@example.org", name=name)
        return actions.appoint(person=person, organisation=place, role="practice_administrator")
    one, other = administrator("one"), administrator("other")

does = {
    "leave": lambda mine, theirs: actions.leave(membership=mine, by=mine.person),
    "remove": lambda mine, theirs: actions.remove(membership=theirs, by=mine.person),
    "hand over": lambda mine, theirs: actions.hand_over(membership=mine, to=theirs, by=mine.person),
    "change": lambda mine, theirs: actions.change_role(membership=theirs, role="clinician", by=mine.person),
}[sys.argv[1]]
begun, done = threading.Event(), threading.Event()

def second():
    begun.wait(20)
    with across():
        try:
            does(other, one)
            print("done")
        except NotAllowed as why:
            print("refused")
    connection.close()
    done.set()

thread = threading.Thread(target=second)
thread.start()
with across(), transaction.atomic():
    does(one, other)
    begun.set()
    done.wait(1)  # it waits for us
thread.join()
with across():
    print([m.role_name for m in place.memberships.current()].count("practice_administrator"))
"""


@pytest.mark.parametrize("what", ["leave", "remove", "hand over", "change"])
def test_one_who_manages_the_people_remains(federation, what):
    assert federation.run(AT_ONCE, what).splitlines() == ["refused", "1"]
