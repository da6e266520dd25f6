"""A page says once whose rows it may see. That every page answers behind the fence, the suite on PostgreSQL shows."""

from __future__ import annotations

ROUND_TRIPS = """
import json
from django.test import Client
from openpractice.web.accounts.models import Person
from openpractice.web.config.postgresql import base
from openpractice.web.config import static
from openpractice.web.config.seeing import across
static.collect()
from openpractice.web.organisations.actions import add_organisation, appoint
with across():
    person = Person.objects.create_user("wren@example.org", name="Wren")
    place = add_organisation(code="Y99001", name="The practice", kind="practice")
    appoint(person=person, organisation=place, role="clinician")
client, nobody = Client(headers={"host": "127.0.0.1"}), Client(headers={"host": "127.0.0.1"})
client.force_login(person)
said = []
before = base.DatabaseWrapper.say
base.DatabaseWrapper.say = lambda connection, what: (said.append(what[1]), before(connection, what))
from django.db import connection
def opened(who, path):
    said.clear()
    connection.close()  # as after each request of a server
    return who.get(path).status_code, list(said)
for who, path in ((client, "/organisation/people/"), (client, "/you/"), (client, "/"), (nobody, "/"), (nobody, "/you/")):
    print(json.dumps(opened(who, path)))
"""


def test_a_page_tells_the_database_once_whose_rows_it_may_see_and_one_for_nobody_never(federation):
    *signed_in, home, login = federation.run(ROUND_TRIPS).splitlines()
    assert signed_in == ["[200, [[1]]]"] * 3
    assert (home, login) == ("[200, []]", "[302, []]")
