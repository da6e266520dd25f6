"""PostgreSQL's own fence, with the application's scoping removed on purpose: raw questions, raw writes."""

from __future__ import annotations

import pytest
from django.apps import apps

from openpractice.web.config import fence
from tests.postgres import asked_of

# Two practices and a network; each practice has an agreement with the network, a member, an invitation and a rule.
FILL = """
import datetime
from openpractice.web.accounts.models import Person
from openpractice.web.agreements.actions import propose, sign
from openpractice.web.config.seeing import across, only
from openpractice.web.organisations.actions import add_organisation, appoint, require_second_factor
from openpractice.web.organisations.inviting import invite

def fill():
    today = datetime.date.today()
    kinds = (("Y99001", "practice", "practice_administrator"), ("Y99002", "practice", "practice_administrator"),
             ("U99999", "pcn", "network_manager"))
    members = {}
    for code, kind, role in kinds:
        place = add_organisation(code=code, name="The " + code, kind=kind)
        person = Person.objects.create_user(code + "@example.org", name="Wren of " + code)
        members[code] = appoint(person=person, organisation=place, role=role)
        invite(organisation=place, email="x" + code + "@example.org", role=role, by=person)
        require_second_factor(organisation=place, role=role, required=True, by=person)
    network = members["U99999"]
    for code in ("Y99001", "Y99002"):
        made = propose(title="Of " + code, purpose="service_evaluation", legal_basis="A task.", topics=["*"],
            granularity="aggregate", roles=["network_manager"], starts=today, review=today, ends=today,
            givers=[members[code].organisation], receivers=[network.organisation], by=network.person,
            acting_for=network.organisation)
        for party in made.parties.all():
            sign(party=party, by=members[party.organisation.code].person)
with across():
    fill()
"""
EVERY_ROW = """
import json, sys
from django.apps import apps
from openpractice.web.config import fence
from openpractice.web.config.seeing import only
def counts():
    return {model: apps.get_model(model).objects.count() for model in fence.FENCED}
with only(*sys.argv[1:]):
    print(json.dumps(counts()))
"""


@pytest.fixture(scope="module")
def models() -> set[str]:
    return {model._meta.label for model in apps.get_models(include_auto_created=True)}


def test_every_model_is_fenced_or_says_why_not(models):
    """A new model gets one line in `web/config/fence.py`."""
    told = fence.FENCED.keys() | fence.OPEN.keys()
    assert sorted(models - told) == [], "say in openpractice/web/config/fence.py whose rows these are"
    assert sorted(told - models) == []
    assert sorted(fence.FENCED.keys() & fence.OPEN.keys()) == []


def test_the_database_has_what_is_declared(federation, postgresql):
    rows = asked_of(
        postgresql, federation.variables["OPENPRACTICE_DATABASE_URL"].rpartition("/")[2],
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1",
    )  # fmt: skip
    assert set(rows.split()) == {fence.table(model) for model in fence.FENCED}


def test_only_ones_own_rows_come_back_and_without_a_word_none(federation):
    script = (
        FILL
        + """
from openpractice.web.agreements.models import Agreement, Party, Statement
from openpractice.web.audit.models import Entry
from openpractice.web.organisations.models import Invitation, Membership, SecondFactorRule
def seen(codes):
    with only(*codes):
        return (
            sorted({m.organisation.code for m in Membership.objects.all()}),
            sorted({i.organisation.code for i in Invitation.objects.all()}),
            sorted({r.organisation.code for r in SecondFactorRule.objects.all()}),
            sorted({c for e in Entry.objects.all() for c in (e.about, e.acting_for)}),
            sorted(a.title for a in Agreement.objects.all()),
            sorted(p.organisation.code for p in Party.objects.all()),
            sorted(s.party.organisation.code for s in Statement.objects.all()),
        )
print(seen(["Y99001"]))
print(seen(["Y99002", "U99999"])[0])
print(seen([]))
print(Membership.objects.count(), Entry.objects.count(), Agreement.objects.count())
with across():
    print(Membership.objects.count(), Agreement.objects.count())
print(Membership.objects.count())
"""
    )
    mine, two, none, outside, all_of_it, after = federation.run(script).splitlines()
    both = "['U99999', 'Y99001']"
    # The entry about a proposal names the network that proposed; it stands in the practice's record too.
    assert mine == f"(['Y99001'], ['Y99001'], ['Y99001'], ['', 'U99999', 'Y99001'], ['Of Y99001'], {both}, {both})"
    assert two == "['U99999', 'Y99002']"
    assert none == str(([],) * 7)
    assert outside == "0 0 0"
    assert all_of_it == "3 2"
    assert after == "0"


WRITES = (
    FILL
    + """
from django.db import DatabaseError, connection, transaction
from openpractice.web.agreements.models import Agreement, Party, Statement
from openpractice.web.audit.models import Entry
from openpractice.web.organisations.models import Invitation, Membership, Organisation, SecondFactorRule
A, B = Organisation.objects.get(code="Y99001"), Organisation.objects.get(code="Y99002")
with across():
    person, theirs = Person.objects.get(email="Y99001@example.org".lower()), Party.objects.get(organisation=B)
    ours = Party.objects.get(organisation=A)
    before = [Membership.objects.get(organisation=B), Agreement.objects.count(), Entry.objects.count()]
ENTRY = dict(number=9999, at="", who="x", action="left", detail="{}", previous="", hash="")
tries = {
    "join theirs": lambda: Membership.objects.create(person=person, organisation=B, role_name="clinician"),
    "move ours": lambda: Membership.objects.filter(organisation=A).update(organisation=B),
    "rule": lambda: SecondFactorRule.objects.create(organisation=B, role_name="clinician", required=False),
    "sign for them": lambda: Statement.objects.create(party=theirs, signed=True, fingerprint="", by=person),
    "change terms": lambda: Agreement.objects.update(granularity="record"),
    "join an agreement": lambda: Party.objects.create(agreement=ours.agreement, organisation=B, gives=True),
    "write their record": lambda: Entry.objects.create(about="Y99002", acting_for="Y99002", **ENTRY),
    "change the record": lambda: Entry.objects.update(who="Somebody else"),
    "unsay": lambda: Statement.objects.all().delete(),
    "end theirs": lambda: Membership.objects.filter(organisation=B).delete(),
    "delete their invitations": lambda: Invitation.objects.filter(organisation=B).delete(),
}
for name, attempt in tries.items():
    with only("Y99001"):
        try:
            with transaction.atomic():
                done = attempt()
            print(name, "|", done if isinstance(done, int) else done[0])
        except DatabaseError as refusal:
            print(name, "|", str(refusal).splitlines()[0])
with across():
    print(before == [Membership.objects.get(organisation=B), Agreement.objects.count(), Entry.objects.count()])
"""
)


def test_writes_for_another_are_refused_by_the_database(federation):
    *said, unchanged = federation.run(WRITES).splitlines()
    told = dict(line.split(" | ") for line in said)
    policy = "new row violates row-level security policy"
    for name in ("join theirs", "move ours", "rule", "sign for them", "join an agreement", "write their record"):
        assert told.pop(name).startswith(policy), name
    for name in ("change the record", "unsay"):
        assert told.pop(name).startswith("permission denied for table"), name
    assert told == dict.fromkeys(("change terms", "end theirs", "delete their invitations"), "0")  # no such rows to it
    assert unchanged == "True"


STATEMENTS = (
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
    "DROP POLICY fence_read ON audit_entry",
    "DROP TABLE audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_entry SET who = ''",
    "DELETE FROM audit_entry",
    "DELETE FROM django_migrations",
    "CREATE TABLE mine (number int)",
    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "SET session_replication_role = replica",
)
TRY = """
import sys
from django.db import DatabaseError, connection
from openpractice.web.config.seeing import across
for statement in sys.argv[1:]:
    try:
        with across(), connection.cursor() as cursor:
            cursor.execute(statement)
        print("done")
    except DatabaseError as refusal:
        print(str(refusal).splitlines()[0])
"""


def test_the_application_cannot_change_tables_or_the_record(federation):
    said = federation.run(TRY, *STATEMENTS).splitlines()
    assert [line for line in said if not line.startswith(("permission denied", "must be owner of"))] == []
    assert len(said) == len(STATEMENTS)


LEFT_OVER = (
    FILL
    + """
from django.db import connection, transaction
from openpractice.web.organisations.models import Membership
def count(): return Membership.objects.count()
with only("Y99001"):
    print(count())
print(count())  # the same connection, after
try:
    with transaction.atomic():
        with only("Y99001"):
            print(count())
            raise ValueError
except ValueError:
    print(count())  # what was said inside the transaction was taken back with it
with across():
    try:
        with transaction.atomic(), transaction.atomic():
            count(); raise ValueError
    except ValueError:
        print(count())
with only("Y99001"):
    try:
        with transaction.atomic():
            print(count())
            with transaction.atomic():
                with across(): print(count())
                raise ValueError
    except ValueError:
        print(count())
"""
)


def test_nothing_is_left_over_from_what_a_connection_was_told_before(federation):
    assert federation.run(LEFT_OVER).split() == ["1", "0", "1", "0", "3", "1", "3", "1"]
