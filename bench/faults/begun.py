"""What the home of a trial holds at first: people, an agreement, a token, sessions; and afterwards, what is there.

Both are programs of their own, because only they open the database with Django.
"""

BEGIN = """
import datetime, json, sys
from pathlib import Path
from openpractice.web.config import database
database.bring_up_to_date(Path(sys.argv[1]))
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from openpractice.web.accounts.models import Person
from openpractice.web.agreements.actions import propose, sign
from openpractice.web.api.actions import make_token
from openpractice.web.api.scopes import offered
from openpractice.web.config.seeing import across
from openpractice.web.organisations.actions import add_organisation, appoint

def person(name, role, place):
    made = Person.objects.create_user(f"{role}.{place.code}@practice.example".lower(), name=name)
    return appoint(person=made, organisation=place, role=role)

def session(member):
    made = SessionStore()
    made[SESSION_KEY], made[BACKEND_SESSION_KEY] = str(member.person.pk), settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = member.person.get_session_auth_hash()
    made.create()
    return made.session_key

def token(member):
    return make_token(
        organisation=member.organisation, name="A program", scopes=offered(member.role), by=member.person
    )[1]

def begin():
    practice = add_organisation(code="Y99001", name="Queens Park Surgery", kind="practice")
    network = add_organisation(code="U99001", name="North Network", kind="pcn")
    robin = person("Robin Wren", "practice_administrator", practice)
    phoebe = person("Phoebe Maple", "network_manager", network)
    today = datetime.date.today()
    made = propose(
        title="The book", purpose="service_evaluation", legal_basis="UK GDPR article 6(1)(e).",
        topics=["Appointment book"], granularity="role", roles=["network_manager"], starts=today, review=today,
        ends=today + datetime.timedelta(days=90), givers=[practice], receivers=[network], by=phoebe.person,
        acting_for=network)
    for party in made.parties.all():
        sign(party=party, by=(robin if party.gives else phoebe).person)
    return {
        "practice": {"session": session(robin), "token": token(robin), "pk": practice.pk},
        "network": {"session": session(phoebe), "token": token(phoebe), "pk": network.pk},
    }

with across():
    print(json.dumps(begin()))
"""

# Reads what was acknowledged, and prints as sentences what of it is not there.
MISSING = """
import json, sys
import django; django.setup()
from openpractice.web.agreements.models import Agreement, Statement
from openpractice.web.audit.models import Entry
from openpractice.web.config.seeing import across
from openpractice.web.organisations.models import Invitation
from openpractice.web.uploads.models import Upload

def missing(acknowledged, over):
    invited = set(Invitation.objects.values_list("email", flat=True))
    titles = dict(Agreement.objects.values_list("title", "pk"))
    said = {(s.party.agreement.title, s.party.organisation.code, s.signed)
            for s in Statement.objects.select_related("party__agreement", "party__organisation")}
    uploads = {one.pk: one for one in Upload.objects.all()}
    arrived = {json.loads(one.detail).get("what") for one in Entry.objects.filter(action="upload_arrived")}
    for kind, *what in acknowledged:
        if kind == "invited" and what[0] not in invited:
            yield f"the invitation of {what[0]}"
        if kind == "proposed" and what[0] not in titles:
            yield f"the agreement {what[0]}"
        if kind in ("signed", "withdrawn") and (what[0], what[1], kind == "signed") not in said:
            yield f"that {what[1]} has {kind} {what[0]}"
        if kind == "uploaded":
            one = uploads.get(what[0])
            if one is None or one.sha256 != what[1] or str(what[0]) not in arrived:
                yield f"upload {what[0]}"
            elif over and one.state not in ("loaded", "unchanged", "refused"):
                yield f"upload {what[0]} has ended as {one.state} ({one.error})"
            elif any(a["rows_read"] != a["rows_kept"] + a["rows_refused"] for a in one.account):
                yield f"rows of upload {what[0]}: read is not kept and refused"

def sealed():
    for one in Upload.objects.filter(state="loaded"):
        yield [one.organisation.code if one.organisation else "", one.sha256]

with across():
    asked = json.load(sys.stdin)
    print(json.dumps([list(missing(asked["acknowledged"], asked["over"])), list(sealed())]))
"""
