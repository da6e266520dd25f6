"""A token's life: made once, shown once, good for what its maker may do, and for nothing from the moment that it ends."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone

from openpractice.web.api.actions import MOST_DAYS, MOST_OPEN, check_asked, end_token, make_token
from openpractice.web.api.models import Token
from openpractice.web.api.scopes import Scope, offered
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.actions import change_role, hand_over, remove
from openpractice.web.organisations.models import SecondFactorRule
from openpractice.web.organisations.roles import ROLES, Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.organisations.signing_in import deactivate

pytestmark = pytest.mark.django_db


def written(action) -> int:
    return Entry.objects.filter(action=action).count()


def test_what_is_kept_of_a_token_is_not_the_token(token):
    made, secret = token()
    kept = [str(value) for value in Token.objects.values_list().get(pk=made.pk)]
    assert not any(secret in value for value in kept)
    assert made.prefix == secret[:8]
    assert Token.fingerprint_of(secret) in kept
    assert secret not in "".join(Entry.objects.values_list("detail", flat=True))


def test_a_token_says_for_whom_it_acts_and_what_it_may_do(token, program):
    _, secret = token()
    told = program("/whoami", secret).json()
    assert told["organisation"] == "Y99001"
    assert told["role"] == "practice_administrator"
    assert {one["scope"] for one in told["scopes"] if one["allowed"]} == {"read:own", "read:shared", "upload:own"}


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if role.may(Permission.MANAGE_TOKENS)])
def test_nobody_gives_a_program_more_than_they_may_do(member, every_scope, role):
    mine = member(role)
    for scope in every_scope:
        if mine.role.may(scope.permission):
            make_token(organisation=mine.organisation, name="x", scopes=[scope], by=mine.person)
        else:
            with pytest.raises(NotAllowed, match="cannot give a program"):
                make_token(organisation=mine.organisation, name="x", scopes=[scope], by=mine.person)


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if not role.may(Permission.MANAGE_TOKENS)])
def test_who_does_not_manage_tokens_makes_and_ends_none(member, token, role):
    theirs, _ = token()
    mine = member(role, "Y99001" if "practice" in ROLES[role].kinds else "Z1")
    with pytest.raises(NotAllowed):
        make_token(organisation=mine.organisation, name="x", scopes=["read:own"], by=mine.person)
    with pytest.raises(NotAllowed):
        end_token(token=theirs, by=mine.person)


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_a_token_does_not_last_for_ever(member, days):
    with pytest.raises(NotAllowed, match="lasts"):
        check_asked(member("practice_administrator"), ["read:own"], days)


def test_there_are_not_too_many(member):
    mine = member("practice_administrator")
    for _ in range(MOST_OPEN):
        make_token(organisation=mine.organisation, name="x", scopes=["read:own"], by=mine.person)
    with pytest.raises(NotAllowed, match="already"):
        make_token(organisation=mine.organisation, name="x", scopes=["read:own"], by=mine.person)


def test_an_ended_token_opens_nothing_and_says_so(token, program):
    made, secret = token()
    end_token(token=made, by=made.made_by)
    answer = program("/whoami", secret)
    assert answer.status_code == 401
    assert "was ended on" in answer.json()["detail"]
    assert answer["WWW-Authenticate"].startswith("Bearer")
    end_token(token=made, by=made.made_by)
    assert written(Action.TOKEN_ENDED) == 1


def test_an_expired_token_opens_nothing(token, program):
    made, secret = token()
    Token.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    assert "expired" in program("/whoami", secret).json()["detail"]
    assert not Token.objects.get(pk=made.pk).is_open


def test_a_token_ends_with_the_membership_of_its_maker(token, member, program):
    made, secret = token()
    boss = member("practice_administrator")
    assert program("/whoami", secret).status_code == 200
    remove(membership=made.made_by.memberships.get(), by=boss.person)
    answer = program("/whoami", secret)
    assert answer.status_code == 401
    assert "does not act for" in answer.json()["detail"]


def test_a_token_does_not_outlive_a_hand_over_or_a_deactivation(token, member, program, organisation):
    made, secret = token()
    colleague, runs_it = member("practice_administrator"), member("system_administrator", "INSTALLATION")
    other, second = token(code="Y99002")
    member("practice_administrator", "Y99002")
    hand_over(membership=made.made_by.memberships.get(), to=colleague, by=made.made_by)
    deactivate(person=other.made_by, by=runs_it.person)
    assert [program("/whoami", one).status_code for one in (secret, second)] == [401, 401]


def test_a_token_loses_what_its_maker_may_no_longer_do(token, member, program):
    made, secret = token()
    boss = member("practice_administrator")
    change_role(membership=made.made_by.memberships.get(), role="reception", by=boss.person)
    told = {one["scope"]: one["allowed"] for one in program("/whoami", secret).json()["scopes"]}
    assert told == {"read:own": True, "read:shared": False, "upload:own": False}
    answer = program("/uploads/own", secret)
    assert answer.status_code == 403
    assert "may not do this any more" in answer.json()["detail"]


def test_a_token_of_a_role_that_needs_a_second_factor_needs_it_too(member, program):
    mine = member("practice_administrator", password="three long words")
    SecondFactorRule.objects.create(organisation=mine.organisation, role_name=mine.role_name, required=False)
    _, secret = make_token(organisation=mine.organisation, name="x", scopes=["read:own"], by=mine.person)
    assert program("/whoami", secret).status_code == 200
    SecondFactorRule.objects.update(required=True)
    assert "second factor" in program("/whoami", secret).json()["detail"]


@pytest.mark.parametrize("said", ["", "op_", "op_x", "x" * 5000, "é", "op_x y", "Bearer", "\x7f"])
def test_what_is_no_token_of_ours_is_refused_in_the_same_words(token, program, said):
    token()
    answer = program("/whoami", headers={"Authorization": f"Bearer {said}"})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This token is not one of ours."


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Token x", "Bearerop_x"])
def test_only_bearer_tokens_are_read(program, header, db):
    assert program("/whoami", headers={"Authorization": header}).status_code == 401


@pytest.mark.parametrize("name", ["token", "access_token", "key", "authorization"])
def test_a_token_in_an_address_is_not_read_and_not_repeated(token, program, name):
    _, secret = token()
    answer = program(f"/whoami?{name}={secret}")
    assert answer.status_code in (401, 422)
    assert secret not in answer.content.decode()
    answer = program(f"/whoami?{name}={secret}", secret)
    assert answer.status_code == 422
    assert secret not in answer.content.decode()


def test_a_wrong_token_is_refused_for_open_data_too(over_sample, program, db):
    """A program that believes itself to be somebody must learn that it is not."""
    assert program("/areas/A81002").status_code == 200
    assert program("/areas/A81002", "op_wrong").status_code == 401


def test_a_signed_in_person_is_nobody_to_the_api(member, client_of):
    client = client_of(member("practice_administrator").person)
    assert client.get("/api/v1/whoami").status_code == 401
    assert client.post("/api/v1/uploads/own").status_code == 401
    assert client.delete("/api/v1/uploads/own/1").status_code == 401


def test_a_token_is_nobody_on_a_page(token, client):
    _, secret = token()
    answer = client.get("/organisation/tokens/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 302


def test_the_record_tells_of_a_tokens_life(token, program):
    made, secret = token(scopes=["read:own"])
    for _ in range(3):
        program("/whoami", secret)
        program("/uploads/own", secret)
    end_token(token=made, by=made.made_by)
    for _ in range(3):
        program("/whoami", secret)
    counted = {action: written(action) for action in (Action.TOKEN_MADE, Action.TOKEN_USED, Action.TOKEN_ENDED)}
    assert set(counted.values()) == {1}
    assert written(Action.TOKEN_REFUSED) == 1  # for each hour: a program may try all night
    Token.objects.update(last_refused=timezone.now() - datetime.timedelta(hours=2))
    program("/whoami", secret)
    assert written(Action.TOKEN_REFUSED) == 2
    assert set(Entry.objects.filter(action__startswith="token_").values_list("about", flat=True)) == {"Y99001"}


def test_the_first_use_of_each_day_is_written_down(token, program):
    _, secret = token()
    program("/whoami", secret)
    Token.objects.update(last_used=timezone.now() - datetime.timedelta(days=1, hours=2))
    program("/whoami", secret)
    program("/whoami", secret)
    assert written(Action.TOKEN_USED) == 2


def test_what_may_be_offered_has_words(every_scope):
    assert all(scope.meaning and scope.permission for scope in every_scope)
    assert offered(ROLES["patient_representative"]) == []


def test_the_page_shows_a_token_once_and_ends_it(member, client_of, program):
    mine = member("practice_administrator")
    client = client_of(mine.person)
    answer = client.post("/organisation/tokens/", {"name": "A report", "scopes": ["read:own"], "days": "30"})
    secret = re.search(r'value="(op_[\w-]{43})"', answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert secret.encode() not in client.get("/organisation/tokens/").content
    assert program("/whoami", secret).status_code == 200
    client.post(f"/organisation/tokens/{Token.objects.get().pk}/end/")
    assert program("/whoami", secret).status_code == 401


def test_the_page_says_what_is_wrong_with_a_token_that_is_asked_for(member, client_of):
    client = client_of(member("practice_administrator").person)
    for given in (
        {"name": "", "scopes": ["read:own"], "days": "30"},
        {"name": "x", "days": "30"},
        {"name": "x", "scopes": ["upload:published"], "days": "30"},
        {"name": "x", "scopes": ["read:own"], "days": "3000"},
    ):
        assert client.post("/organisation/tokens/", given).status_code == 422
    assert not Token.objects.exists()


def test_scopes_that_a_later_version_knows_give_nothing_here(token, program):
    _, secret = token(scopes=[Scope.READ_OWN])
    Token.objects.update(scope_names=["read:own", "fly:rocket"])
    assert [one["scope"] for one in program("/whoami", secret).json()["scopes"]] == ["read:own"]
