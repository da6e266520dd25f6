"""What may be seen of another organisation's data: nothing, unless an agreement in force says so."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.utils import timezone

from openpractice.web.agreements import actions
from openpractice.web.agreements.decide import Asked, decide
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.standing import waits_for
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Entry
from openpractice.web.organisations.actions import close_organisation
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.rules import NotAllowed

TODAY = timezone.localdate()
TERMS = {
    "title": "Telephony of the network",
    "purpose": Purpose.SERVICE_EVALUATION,
    "legal_basis": "UK GDPR article 6(1)(e): figures of whole practices, without patients.",
    "topics": ["Telephony"],
    "granularity": Granularity.AGGREGATE,
    "roles": ["network_analyst", "network_manager"],
    "starts": TODAY - datetime.timedelta(days=30),
    "review": TODAY + datetime.timedelta(days=100),
    "ends": TODAY + datetime.timedelta(days=300),
}


@pytest.fixture
def practice(member):
    return member("practice_administrator", "Y99001")


@pytest.fixture
def network(member):
    return member("network_manager", "U99001")


@pytest.fixture
def agreement(practice, network) -> Agreement:
    return actions.propose(
        **TERMS, givers=[practice.organisation], receivers=[network.organisation],
        by=network.person, acting_for=network.organisation,
    )  # fmt: skip


def sign(agreement: Agreement, *members) -> None:
    for one in members:
        actions.sign(party=agreement.parties.get(organisation=one.organisation), by=one.person)


@pytest.fixture
def asked(practice, network) -> Asked:
    return Asked(
        practice.organisation, network.organisation, "network_analyst", "Telephony", Purpose.SERVICE_EVALUATION
    )


def test_nothing_is_shared_without_an_agreement(asked):
    decision = decide(asked, TODAY)
    assert not decision.allowed
    assert "Nothing is shared without one" in decision.reasons[0]


def test_one_s_own_data_need_none(asked):
    assert decide(dataclasses.replace(asked, reader=asked.owner), TODAY).allowed


def test_both_sides_must_sign(agreement, practice, network, asked):
    assert not decide(asked, TODAY).allowed
    sign(agreement, network)
    decision = decide(asked, TODAY)
    assert not decision.allowed
    assert f"{practice.organisation} has not signed it." in decision.reasons[0]
    sign(agreement, practice)
    decision = decide(asked, TODAY)
    assert decision.allowed
    assert decision.agreement == agreement
    assert any("Legal basis" in reason for reason in decision.reasons)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"topic": "Workforce"}, "does not cover Workforce"),
        ({"purpose": Purpose.COMMISSIONING}, "for service evaluation, not for commissioning"),
        ({"purpose": Purpose.RISK_STRATIFICATION}, "not for risk stratification"),
        ({"purpose": Purpose.DIRECT_CARE}, "not for direct care"),
        ({"granularity": Granularity.ROLE}, "no finer data"),
        ({"granularity": Granularity.RECORD}, "no finer data"),
        ({"role": "clinician"}, "not for the role of clinician"),
    ],
)
def test_what_is_not_in_the_terms_is_refused_and_said(agreement, practice, network, asked, change, why):
    sign(agreement, practice, network)
    decision = decide(dataclasses.replace(asked, **change), TODAY)
    assert not decision.allowed
    assert why in decision.reasons[0]


@pytest.mark.parametrize(("days", "why"), [(-31, "It begins on"), (301, "It ended on")])
def test_an_agreement_is_in_force_from_its_first_day_to_its_last(agreement, practice, network, asked, days, why):
    sign(agreement, practice, network)
    edge = days - 1 if days > 0 else days + 1
    assert decide(asked, TODAY + datetime.timedelta(days=edge)).allowed
    decision = decide(asked, TODAY + datetime.timedelta(days=days))
    assert not decision.allowed
    assert why in decision.reasons[0]


@pytest.mark.parametrize("who", ["practice", "network"])
def test_either_side_withdraws_at_once_and_can_come_back(agreement, practice, network, asked, who):
    sign(agreement, practice, network)
    leaver = {"practice": practice, "network": network}[who]
    actions.withdraw(
        party=agreement.parties.get(organisation=leaver.organisation), by=leaver.person, reason="We changed our mind."
    )
    decision = decide(asked, TODAY)
    assert not decision.allowed
    assert f"{leaver.organisation} has withdrawn from it." in decision.reasons[0]
    told = Entry.objects.filter(action="agreement_withdrawn").values_list("about", flat=True)
    assert set(told) == {practice.organisation.code, network.organisation.code}
    sign(agreement, leaver)
    assert decide(asked, TODAY).allowed


def test_it_works_one_way_only(agreement, practice, network, asked):
    sign(agreement, practice, network)
    back = dataclasses.replace(asked, owner=network.organisation, reader=practice.organisation)
    assert not decide(back, TODAY).allowed


def test_another_practice_of_the_network_is_not_drawn_in(agreement, practice, network, member, asked):
    sign(agreement, practice, network)
    other = member("practice_administrator", "Y99002").organisation
    assert not decide(dataclasses.replace(asked, owner=other), TODAY).allowed
    assert not decide(dataclasses.replace(asked, reader=other), TODAY).allowed


def test_terms_that_were_changed_behind_the_signatures_bind_nobody(agreement, practice, network, asked):
    sign(agreement, practice, network)
    Agreement.objects.update(topics=["*"])
    assert not decide(asked, TODAY).allowed


def test_a_closed_organisation_shares_nothing(agreement, practice, network, member, asked):
    sign(agreement, practice, network)
    close_organisation(organisation=network.organisation, by=member("system_administrator", "HOME").person)
    closed = dataclasses.replace(asked, reader=Organisation.objects.get(pk=network.organisation.pk))
    assert "is closed" in decide(closed, TODAY).reasons[0]


def test_only_those_who_answer_for_the_data_sign(agreement, practice, member):
    clinician = member("clinician", "Y99001")
    party = agreement.parties.get(organisation=practice.organisation)
    for by in (clinician.person, member("practice_administrator", "Y99002").person):
        with pytest.raises(NotAllowed, match="Only those who answer"):
            actions.sign(party=party, by=by)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"legal_basis": " "}, "legal basis"),
        ({"review": TERMS["ends"] + datetime.timedelta(days=1)}, "in this order"),
        ({"ends": TERMS["starts"] + datetime.timedelta(days=2000)}, "three years"),
    ],
)
def test_terms_that_nobody_should_sign_are_refused(practice, network, change, why):
    with pytest.raises(NotAllowed, match=why):
        actions.propose(
            **{**TERMS, **change}, givers=[practice.organisation], receivers=[network.organisation],
            by=network.person, acting_for=network.organisation,
        )  # fmt: skip


def test_nobody_agrees_for_others_only(practice, network, member):
    third = member("practice_administrator", "Y99003")
    with pytest.raises(NotAllowed, match="must be one of the parties"):
        actions.propose(
            **TERMS, givers=[practice.organisation], receivers=[network.organisation],
            by=third.person, acting_for=third.organisation,
        )  # fmt: skip


def test_pages_from_proposal_to_withdrawal(practice, network, client_of, member):
    """As its people do it: the network proposes, the practice signs, asks why, and withdraws."""
    at_network, at_practice = client_of(network.person), client_of(practice.person)
    today = timezone.localdate()
    given = {
        **TERMS, "starts": today, "review": today, "ends": today, "givers": [practice.organisation.pk],
        "receivers": [network.organisation.pk],
    }  # fmt: skip
    address = at_network.post("/agreements/new/", given)["Location"]
    assert at_practice.get("/agreements/").content.decode().count(TERMS["title"]) == 1
    assert client_of(member("practice_administrator", "Y99002").person).get(address).status_code == 404
    at_network.post(address, {"do": "sign"})
    question = {
        "other": network.organisation.pk, "way": "they", "role": "network_analyst", "topic": "Telephony",
        "purpose": "service_evaluation", "granularity": "aggregate",
    }  # fmt: skip
    assert "No, they cannot be seen." in at_practice.get("/agreements/why/", question).content.decode()
    at_practice.post(address, {"do": "sign"})
    assert "Yes, they can be seen." in at_practice.get("/agreements/why/", question).content.decode()
    assert at_practice.post(address, {"do": "withdraw", "reason": ""}).status_code == 422
    at_practice.post(address, {"do": "withdraw", "reason": "Enough."})
    answer = at_practice.get("/agreements/why/", question).content.decode()
    assert "has withdrawn from it" in answer


@pytest.mark.parametrize(
    ("days", "signed", "said"),
    [
        (100, False, "It waits for your signature."),
        (100, True, ""),
        (10, True, "Its review is due on"),
        (-10, True, "Its review was due on"),
    ],
)
def test_what_an_agreement_waits_for_is_said_first(practice, network, client_of, days, signed, said):
    terms = {**TERMS, "review": TODAY + datetime.timedelta(days=days)}
    parties = {"givers": [practice.organisation], "receivers": [network.organisation]}
    made = actions.propose(**terms, **parties, by=network.person, acting_for=network.organisation)
    if signed:
        sign(made, practice, network)
    assert waits_for(made, practice.organisation).startswith(said)
    newer = actions.propose(
        **{**TERMS, "title": "A newer one"}, **parties, by=network.person, acting_for=network.organisation
    )
    sign(newer, practice)
    page = client_of(practice.person).get("/agreements/").content.decode()
    assert (page.index(TERMS["title"]) < page.index("A newer one")) == bool(said)


def test_an_agreement_that_has_ended_or_was_withdrawn_waits_for_nobody(practice, network):
    ended = {"review": TODAY - datetime.timedelta(days=20), "ends": TODAY - datetime.timedelta(days=1)}
    parties = {"givers": [practice.organisation], "receivers": [network.organisation]}
    over = actions.propose(**{**TERMS, **ended}, **parties, by=network.person, acting_for=network.organisation)
    assert waits_for(over, practice.organisation) == ""
    left = actions.propose(**{**TERMS, "review": TODAY}, **parties, by=network.person, acting_for=network.organisation)
    sign(left, practice)
    actions.withdraw(party=left.parties.get(organisation=practice.organisation), by=practice.person, reason="Enough.")
    assert waits_for(left, practice.organisation) == ""
