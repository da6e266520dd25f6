"""What those who run the installation do for organisations that are not theirs, and what these read of it."""

from __future__ import annotations

import pytest

from openpractice.web.accounts.models import Person
from openpractice.web.audit.record import concerning
from openpractice.web.audit.telling import tell
from openpractice.web.organisations import actions, inviting, signing_in
from openpractice.web.organisations.actions import appoint
from openpractice.web.organisations.models import Invitation
from openpractice.web.organisations.roles import Kind
from openpractice.web.organisations.rules import NotAllowed


def said_about(code: str) -> list[str]:
    """What an organisation's own people read of the last things done, the latest first."""
    return [one.sentence for one in tell(concerning(code)[:4])]


def test_a_practice_reads_what_those_who_run_the_installation_did_about_its_people(member, client_of):
    runs, clinician = member("system_administrator", "HOME", name="Sam"), member("clinician", name="Dr Wren")
    elsewhere = appoint(
        person=clinician.person, organisation=member("clinician", "Y99002").organisation, role="clinician"
    )
    for act in (signing_in.take_second_factors, signing_in.deactivate, signing_in.activate):
        act(person=clinician.person, by=runs.person)
    for place in (clinician.organisation, elsewhere.organisation):
        assert said_about(place.code)[:3] == [
            f"Sam let Dr Wren sign in again, acting for {runs.organisation}, about {place}",
            f"Sam deactivated Dr Wren, acting for {runs.organisation}, about {place}",
            f"Sam took away the second factors of Dr Wren, acting for {runs.organisation}, about {place}",
        ]
    nobody = Person.objects.create_user("nobody@example.org", name="Nobody's Own")
    signing_in.deactivate(person=nobody, by=runs.person)
    assert said_about("HOME")[0] == f"Sam deactivated Nobody's Own, acting for {runs.organisation}"


def test_whoever_runs_the_installation_acts_for_no_practice(member):
    runs = member("system_administrator", "HOME", name="Sam")
    place = actions.add_organisation(code="Y99007", name="Heron House", kind="practice", by=runs.person)
    role = "practice_administrator"
    inviting.invite_first(organisation=place, email="a@example.org", role=role, by=runs.person)
    appoint(person=Person.objects.create_user("b@example.org", name="Dr Finch"), organisation=place, role=role, by=runs.person)  # fmt: skip
    actions.close_organisation(organisation=place, by=runs.person)
    assert said_about("Y99007") == [
        f"Sam closed Heron House, acting for {runs.organisation}",
        f"Sam made Dr Finch practice administrator, acting for {runs.organisation}, about Heron House",
        f"Sam invited somebody as practice administrator, acting for {runs.organisation}, about Heron House",
        f"Sam added Heron House to this installation, acting for {runs.organisation}",
    ]


def test_a_mistaken_first_invitation_is_withdrawn_by_whoever_made_it(member, organisation, client_of):
    runs, place = member("system_administrator", "HOME"), organisation(Kind.PRACTICE, "Y99003")
    role, page = "practice_administrator", client_of(runs.person)
    address = f"/organisations/{place.pk}/"
    page.post(address, {"do": "invite", "email": "wrong@example.org", "role": role})
    invitation = Invitation.objects.get()
    assert "wrong@example.org" in page.get(address).content.decode()
    for number in ("", "x", str(invitation.pk + 1)):
        assert page.post(address, {"do": "withdraw", "invitation": number}).status_code == 404
    assert page.post(address, {"do": "withdraw", "invitation": str(invitation.pk)}).status_code == 302
    assert said_about(place.code)[0].startswith("Person 1 Wren withdrew an invitation, acting for ")
    assert "wrong@example.org" not in page.get(address).content.decode()
    assert not Invitation.objects.get().is_open


def test_where_somebody_manages_the_people_the_invitations_are_theirs(member, manager, client_of):
    runs, place = member("system_administrator", "HOME"), manager.organisation
    made, _ = inviting.invite(organisation=place, email="a@example.org", role="clinician", by=manager.person)
    with pytest.raises(NotAllowed, match="Only those who manage the people"):
        inviting.withdraw(invitation=made, by=runs.person)
    page = client_of(runs.person)
    assert "a@example.org" not in page.get(f"/organisations/{place.pk}/").content.decode()
    assert page.post(f"/organisations/{place.pk}/", {"do": "withdraw", "invitation": made.pk}).status_code == 404
