"""The demonstration's people: every role, made once, never among real people."""

import pytest
from django.test import Client

from openpractice.web.accounts import actions
from openpractice.web.accounts.demonstration import is_demo
from openpractice.web.accounts.models import Person
from openpractice.web.audit import record
from openpractice.web.audit.models import Action, Entry
from openpractice.web.config.demo_mark import is_marked, mark
from openpractice.web.demo.begin import begin
from openpractice.web.demo.people import PEOPLE, people
from openpractice.web.organisations.models import Membership
from openpractice.web.organisations.roles import ROLES


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def test_everybody_is_made_once_with_every_role_and_without_a_password(db):
    assert people() == len(PEOPLE)
    assert people() == 0
    assert {one.role_name for one in Membership.objects.all()} == set(ROLES)
    assert [one for one in Person.objects.all() if one.has_usable_password()] == []
    assert record.verify().broken is None


def test_a_person_added_to_the_play_later_joins_the_others(db):
    people()
    who = Person.objects.get(name="Wren Hazel")
    who.memberships.all().delete()
    who.delete()
    assert people() == 1


def test_nobody_made_up_is_put_among_real_people(db):
    Person.objects.create_user("manager@practice.example", name="A real manager")
    with pytest.raises(ValueError, match="people of its own"):
        people()
    assert Person.objects.count() == 1


def test_it_needs_the_mark_and_fictional_people_only(db, home):
    begin()
    assert not Person.objects.exists()
    mark(home)
    assert is_marked(home)
    begin()
    assert is_demo()
    Person.objects.create_user("manager@practice.example", name="A real manager")
    assert not is_demo()


def test_only_the_demonstrations_own_people_can_be_chosen(db, home):
    mark(home)
    people()
    invited = Person.objects.create_user("invited@example.org", name="Invited Gull")
    before = Membership.objects.first()
    theirs = Membership.objects.create(person=invited, organisation=before.organisation, role_name="reception")
    client = Client()
    assert client.post("/demo/", {"membership": theirs.pk}).status_code == 404
    assert client.post("/demo/", {"membership": "x"}).status_code == 404
    assert client.post("/demo/", {"membership": before.pk}).status_code == 302


def test_a_click_from_another_site_does_nothing(db, home):
    mark(home)
    people()
    client = Client(enforce_csrf_checks=True)
    assert client.post("/demo/", {"membership": Membership.objects.first().pk}).status_code == 403


def test_a_changed_name_and_its_entry_stand_or_fall_together(db, monkeypatch):
    person = Person.objects.create_user("wren@example.org", name="Wren")
    actions.rename(person=person, name=" Wren   Hazel ")
    assert Person.objects.get().name == "Wren Hazel"
    assert Entry.objects.first().action == Action.NAME_CHANGED

    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(actions, "write", fails)
    with pytest.raises(RuntimeError):
        actions.rename(person=person, name="Somebody else")
    assert Person.objects.get().name == "Wren Hazel"
