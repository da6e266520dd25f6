"""The demonstration's plainly fictional people, one for each role, and the organisations that they act for."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from openpractice.web.accounts.demonstration import FICTIONAL, only_fictional
from openpractice.web.accounts.models import Person
from openpractice.web.organisations.actions import add_organisation, appoint
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Kind

PRACTICE, SECOND_PRACTICE, NETWORK, BOARD = "A81002", "A81006", "U07032", "QHM"
# Those with an area's code are in the sample, under their real names; the others are made up, as all people are.
ORGANISATIONS = (
    (PRACTICE, "Queens Park Medical Centre", Kind.PRACTICE),
    (SECOND_PRACTICE, "Tennant Street Medical Practice", Kind.PRACTICE),
    (NETWORK, "North Stockton PCN", Kind.NETWORK),
    (BOARD, "NHS North East and North Cumbria ICB", Kind.ICB),
    ("DEMO-HOSPITAL", "Nightingale Wood Hospital (demonstration)", Kind.ACUTE),
    ("DEMO-PHARMACY", "Birch Lane Pharmacy (demonstration)", Kind.PHARMACY),
    ("DEMO-111", "NHS 111 (demonstration)", Kind.NHS_111),
    ("DEMO-PATIENTS", "Friends of Queens Park (demonstration)", Kind.PATIENT_GROUP),
    ("INSTALLATION", "This installation", Kind.INSTALLATION),
)
PEOPLE = (
    ("Robin Willow", (("practice_administrator", PRACTICE),)),
    ("Dr Jay Rowan", (("clinician", PRACTICE),)),
    ("Wren Hazel", (("reception", PRACTICE),)),
    ("Martin Alder", (("improvement_lead", PRACTICE), ("clinician", NETWORK))),
    ("Linnet Ash", (("practice_administrator", SECOND_PRACTICE),)),
    ("Merlin Oak", (("network_analyst", NETWORK),)),
    ("Phoebe Maple", (("network_manager", NETWORK),)),
    ("Avis Heron", (("partner", "DEMO-HOSPITAL"),)),
    ("Teal Sycamore", (("partner", "DEMO-PHARMACY"),)),
    ("Kit Bramble", (("partner", "DEMO-111"),)),
    ("Ivy Finch", (("commissioner", BOARD),)),
    ("Hazel Dunnock", (("patient_representative", "DEMO-PATIENTS"),)),
    ("Rowan Swift", (("system_administrator", "INSTALLATION"),)),
)


@transaction.atomic
def people() -> int:
    """Make the demonstration's people and organisations where they are missing. Returns how many people were made.

    Raises ValueError where the database knows somebody who is not fictional.
    """
    if not only_fictional():
        raise ValueError("This database holds people of its own, so nobody made up is put among them.")
    known = set(Organisation.objects.values_list("code", flat=True))
    for code, name, kind in ORGANISATIONS:
        if code not in known:
            add_organisation(code=code, name=name, kind=kind)
    there = set(Person.objects.values_list("email", flat=True))
    missing = [(name, roles) for name, roles in PEOPLE if _address(name) not in there]
    for name, roles in missing:
        person = Person.objects.create_user(_address(name), name=name)  # without a password: nobody can guess it
        for role, code in roles:
            appoint(person=person, organisation=Organisation.objects.get(code=code), role=role)
    return len(missing)


def _address(name: str) -> str:
    return name.removeprefix("Dr ").lower().replace(" ", ".") + FICTIONAL


def memberships() -> QuerySet[Membership]:
    """Whom one can sign in as: the fictional people who act for an organisation, each with every role of theirs."""
    made_here = Membership.objects.current().filter(person__email__in=[_address(name) for name, _ in PEOPLE])
    return made_here.select_related("person", "organisation").order_by("person_id", "pk")
