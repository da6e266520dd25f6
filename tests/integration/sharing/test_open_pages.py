"""A page of shared figures that stays open: what ends it."""

from __future__ import annotations

import contextvars

import pytest

from openpractice.web.agreements.terms import Granularity
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.actions import remove, require_second_factor
from openpractice.web.sharing import open_pages
from openpractice.web.sharing.open_pages import OpenPage
from tests.integration.sharing.conftest import EVALUATION, TOPIC, acting, agree, withdraw


@pytest.fixture
def left_open(practice, network, member, client_of, monkeypatch):
    """An analyst who signed in with a password has the practice's figures open; gives the analyst and what is asked."""
    monkeypatch.setattr(open_pages, "close_old_connections", lambda: None)  # the test's own transaction lies on it
    agreement = agree(practice, network)
    analyst = member("network_analyst", "U99001", password="three long words")
    session = client_of(analyst.person).session.session_key
    page = OpenPage(acting(analyst), session, practice.organisation, EVALUATION, TOPIC, Granularity.AGGREGATE)
    return analyst, agreement, lambda: contextvars.copy_context().run(page.state)  # as a request of its own


def test_it_goes_on_while_it_may_be_seen(left_open):
    mark, reasons = left_open[2]()
    assert mark
    assert reasons == ()


@pytest.mark.parametrize("what", ["agreement", "membership", "second factor"])
def test_it_ends_and_says_why(left_open, practice, network, what):
    analyst, agreement, ask = left_open
    if what == "agreement":
        withdraw(agreement, practice)
    elif what == "membership":
        remove(membership=analyst, by=network.person)
    else:
        require_second_factor(
            organisation=network.organisation, role="network_analyst", required=True, by=network.person
        )
    mark, reasons = ask()
    assert mark == ""
    assert {"agreement": "withdrawn", "membership": "any more", "second factor": "second factor"}[what] in reasons[0]
    assert Entry.objects.filter(action=Action.SHARED_CLOSED, about="Y99001").count() == 1
