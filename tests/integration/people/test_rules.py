"""Who may invite, change, remove, leave and hand over; and that each is in the record."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from openpractice.web.accounts.models import Person
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations import actions, inviting, signing_in
from openpractice.web.organisations.models import Invitation, Membership
from openpractice.web.organisations.roles import ROLES, Kind, Permission, offered
from openpractice.web.organisations.rules import NotAllowed


def last() -> tuple[str, str]:
    entry = Entry.objects.first()
    return entry.action, entry.about


def test_an_invitation_lets_one_person_in_once(manager):
    place = manager.organisation
    invitation, token = inviting.invite(
        organisation=place, email=" Robin@Example.org ", role="clinician", by=manager.person
    )
    assert last() == ("invited", place.code)
    assert token not in "".join(str(v) for v in Invitation.objects.filter(pk=invitation.pk).values_list()[0])
    stranger = Person.objects.create_user("stranger@example.org", name="Jay")
    with pytest.raises(NotAllowed, match="another email address"):
        inviting.accept(token=token, by=stranger)
    robin = Person.objects.create_user("robin@example.org", name="Robin")
    joined = inviting.accept(token=token, by=robin)
    assert (joined.organisation, joined.role_name) == (place, "clinician")
    assert last() == ("joined", place.code)
    with pytest.raises(NotAllowed, match="not valid any more"):
        inviting.accept(token=token, by=robin)


@pytest.mark.parametrize("spoil", ["withdraw", "expire", "close", "never was"])
def test_a_closed_invitation_says_the_same_whatever_closed_it(manager, member, spoil):
    invitation, token = inviting.invite(
        organisation=manager.organisation, email="robin@example.org", role="clinician", by=manager.person
    )
    if spoil == "withdraw":
        inviting.withdraw(invitation=invitation, by=manager.person)
    elif spoil == "expire":
        Invitation.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    elif spoil == "close":
        actions.close_organisation(organisation=manager.organisation, by=member("system_administrator", "HOME").person)
    else:
        token += "x"
    with pytest.raises(NotAllowed, match="This link is not valid any more"):
        inviting.open_invitation(token)


@pytest.mark.parametrize("role", [r for r in ROLES if not ROLES[r].may(Permission.MANAGE_PEOPLE)])
def test_only_those_who_manage_people_do(member, role):
    outsider = member(role)
    somebody = member(role)
    place = outsider.organisation
    before = Entry.objects.count()
    for attempt in (
        lambda: inviting.invite(organisation=place, email="a@example.org", role=role, by=outsider.person),
        lambda: actions.remove(membership=somebody, by=outsider.person),
        lambda: actions.change_role(membership=somebody, role=role, by=outsider.person),
        lambda: actions.require_second_factor(organisation=place, role=role, required=True, by=outsider.person),
    ):
        with pytest.raises(NotAllowed, match="Only those who manage the people"):
            attempt()
    assert Entry.objects.count() == before


def test_a_manager_of_one_organisation_is_nobody_in_another(manager, member):
    theirs = member("practice_administrator", "Y99002")
    clinician = member("clinician", "Y99002")
    for attempt in (
        lambda: inviting.invite(
            organisation=theirs.organisation, email="a@example.org", role="clinician", by=manager.person
        ),
        lambda: actions.remove(membership=clinician, by=manager.person),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_somebody_who_manages_people_always_remains(manager, member):
    for attempt in (
        lambda: actions.leave(membership=manager, by=manager.person),
        lambda: actions.remove(membership=manager, by=manager.person),
        lambda: actions.change_role(membership=manager, role="clinician", by=manager.person),
    ):
        with pytest.raises(NotAllowed, match="Hand over"):
            attempt()
    member("practice_administrator")
    actions.leave(membership=manager, by=manager.person)
    assert last() == ("left", manager.organisation.code)
    assert not Membership.objects.current().filter(person=manager.person).exists()


def test_handing_over_gives_the_role_and_leaves(manager, member):
    colleague = member("clinician")
    actions.hand_over(membership=manager, to=colleague, by=manager.person)
    held = {m.person: m.role_name for m in manager.organisation.memberships.current()}
    assert held == {colleague.person: "practice_administrator"}
    assert last()[0] == "handed_over"
    assert Membership.objects.get(pk=colleague.pk).ended


def test_who_does_not_manage_people_cannot_take_a_colleague_s_role_by_handing_over(manager, member, client_of):
    receptionist, other = member("reception"), member("clinician")
    for to in (manager, other):
        with pytest.raises(NotAllowed, match="Only those who manage the people"):
            actions.hand_over(membership=receptionist, to=to, by=receptionist.person)
    address = f"/organisation/people/{receptionist.pk}/hand-over/"
    assert client_of(receptionist.person).post(address, {"to": manager.pk}).status_code == 403
    held = {m.person: m.role_name for m in manager.organisation.memberships.current()}
    assert held == {m.person: m.role_name for m in (manager, receptionist, other)}


def test_a_membership_that_ended_meanwhile_is_not_brought_back(manager, member):
    """A page may have been open while a colleague removed somebody: what it held then is stale."""
    first, second, third = (member("practice_administrator") for _ in range(3))
    stale = Membership.objects.get(pk=first.pk)
    actions.remove(membership=first, by=manager.person)
    for attempt in (
        lambda: actions.change_role(membership=stale, role="clinician", by=manager.person),
        lambda: actions.remove(membership=stale, by=manager.person),
        lambda: actions.leave(membership=stale, by=stale.person),
        lambda: actions.hand_over(membership=stale, to=second, by=stale.person),
        lambda: actions.hand_over(membership=second, to=stale, by=second.person),
    ):
        with pytest.raises(NotAllowed, match="any more"):
            attempt()
    left = {m.person for m in manager.organisation.memberships.current()}
    assert left == {manager.person, second.person, third.person}


def test_nobody_hands_over_another_s_role_or_to_a_stranger(manager, member):
    colleague, stranger = member("clinician"), member("clinician", "Y99002")
    for mine, to, by in ((manager, colleague, colleague.person), (manager, stranger, manager.person)):
        with pytest.raises(NotAllowed):
            actions.hand_over(membership=mine, to=to, by=by)
    with pytest.raises(NotAllowed, match="somebody else"):
        actions.hand_over(membership=manager, to=manager, by=manager.person)


def test_a_role_belongs_to_a_kind_of_organisation(manager):
    with pytest.raises(NotAllowed, match="not the kind"):
        inviting.invite(
            organisation=manager.organisation, email="a@example.org", role="commissioner", by=manager.person
        )


def test_a_changed_role_keeps_what_was(manager, member):
    clinician = member("clinician")
    new = actions.change_role(membership=clinician, role="improvement_lead", by=manager.person)
    clinician.refresh_from_db()
    assert clinician.ended
    assert (new.role_name, new.ended) == ("improvement_lead", None)


def test_a_deactivated_person_acts_for_nobody(member):
    runs, clinician = member("system_administrator", "HOME"), member("clinician")
    with pytest.raises(NotAllowed):
        signing_in.deactivate(person=runs.person, by=clinician.person)
    signing_in.deactivate(person=clinician.person, by=runs.person)
    assert not Membership.objects.current().filter(person=clinician.person).exists()
    signing_in.activate(person=clinician.person, by=runs.person)
    assert Membership.objects.current().filter(person=clinician.person).exists()
    with pytest.raises(NotAllowed, match="yourself"):
        signing_in.deactivate(person=runs.person, by=runs.person)


def test_an_administrator_who_is_gone_is_followed_by_another(member):
    runs, manager = member("system_administrator", "HOME"), member("practice_administrator")
    signing_in.deactivate(person=manager.person, by=runs.person)  # although nobody else manages the practice
    _, token = inviting.invite_first(
        organisation=manager.organisation, email="next@example.org", role="practice_administrator", by=runs.person
    )
    inviting.accept(token=token, by=Person.objects.create_user("next@example.org", name="Next Finch"))
    assert manager.organisation.memberships.current().get().person.name == "Next Finch"


def test_a_lost_second_factor_is_taken_away_by_those_who_run_the_installation(member, client_of):
    runs, clinician = member("system_administrator", "HOME"), member("clinician")
    Authenticator.objects.create(user=clinician.person, type="totp", data={"secret": "none"})
    with pytest.raises(NotAllowed):
        signing_in.take_second_factors(person=clinician.person, by=clinician.person)
    page = client_of(runs.person)
    assert "Nobody here" in page.get("/organisations/people/?email=nobody@example.org").content.decode()
    answer = page.post("/organisations/people/", {"email": clinician.person.email.upper(), "do": "second_factors"})
    assert "Their second factors are gone" in answer.content.decode()
    assert not Authenticator.objects.filter(user=clinician.person).exists()
    entry = Entry.objects.first()
    assert (entry.action, entry.person) == (Action.SECOND_FACTORS_TAKEN, runs.person.pk)


def test_only_the_first_is_invited_from_outside(member, organisation):
    runs, place = member("system_administrator", "HOME"), organisation(Kind.PRACTICE, "Y99003")
    with pytest.raises(NotAllowed, match="able to invite the others"):
        inviting.invite_first(organisation=place, email="a@example.org", role="clinician", by=runs.person)
    _, token = inviting.invite_first(
        organisation=place, email="a@example.org", role="practice_administrator", by=runs.person
    )
    inviting.accept(token=token, by=Person.objects.create_user("a@example.org", name="Finch"))
    with pytest.raises(NotAllowed, match="theirs to invite"):
        inviting.invite_first(organisation=place, email="b@example.org", role="practice_administrator", by=runs.person)


def test_every_kind_of_organisation_has_somebody_who_manages_it_or_reads():
    for kind in Kind:
        assert offered(kind), kind
        if kind != Kind.PATIENT_GROUP:
            assert any(role.may(Permission.MANAGE_PEOPLE) for role in offered(kind)), kind
