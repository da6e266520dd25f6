"""Making, ending and using tokens. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openpractice.web.api.models import Token
from openpractice.web.api.scopes import Scope, offered
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed

BEGINS = "op_"  # so that a program that looks for secrets left in code finds ours
SHOWN = 8  # letters of a token that stay visible: enough to tell two apart, too few to guess the rest
USUAL_DAYS, MOST_DAYS = 90, 366
MOST_OPEN = 50  # of one organisation; more than that nobody looks after
COARSE = datetime.timedelta(hours=1)


def check_manages_tokens(person: Any, organisation: Organisation) -> Membership:
    """The membership that lets a person make and end an organisation's tokens; raises NotAllowed."""
    mine = Membership.objects.current().filter(person=person, organisation=organisation).first()
    if mine is None or not mine.role.may(Permission.MANAGE_TOKENS):
        raise NotAllowed(f"Only those who manage the tokens of {organisation} may do this.")
    return mine


def check_asked(mine: Membership, scopes: Sequence[str], days: int) -> None:
    """Raises NotAllowed for a token that would reach further than its maker, last too long, or be one too many."""
    if not scopes:
        raise NotAllowed("Say what the token is for: choose at least one.")
    beyond = set(scopes) - set(offered(mine.role))
    if beyond:
        raise NotAllowed(f"As {mine.role.title.lower()} you cannot give a program this: {', '.join(sorted(beyond))}.")
    if not 1 <= days <= MOST_DAYS:
        raise NotAllowed(f"A token lasts from 1 to {MOST_DAYS} days. Make a new one then.")
    if mine.organisation.tokens.filter(ended=None, expires__gt=timezone.now()).count() >= MOST_OPEN:
        raise NotAllowed(f"{mine.organisation} has {MOST_OPEN} tokens already. End those that nobody uses.")


@transaction.atomic
def make_token(
    *, organisation: Organisation, name: str, scopes: Sequence[str], days: int = USUAL_DAYS, by: Any
) -> tuple[Token, str]:
    """Returns the token and its secret, which is told once and not kept. Raises NotAllowed."""
    check_asked(check_manages_tokens(by, organisation), scopes, days)
    secret = BEGINS + secrets.token_urlsafe(32)
    token = Token.objects.create(
        organisation=organisation, made_by=by, name=name, scope_names=sorted(map(str, scopes)), prefix=secret[:SHOWN],
        fingerprint=Token.fingerprint_of(secret), expires=timezone.now() + datetime.timedelta(days=days),
    )  # fmt: skip
    write(
        Action.TOKEN_MADE, by=by, acting_for=organisation.code, about=organisation.code, token=token.prefix, name=name,
        scopes=" ".join(token.scope_names), expires=token.expires.date().isoformat(),
    )  # fmt: skip
    return token, secret


@transaction.atomic
def end_token(*, token: Token, by: Any) -> None:
    """From the next request on it opens nothing. Ending one that has ended changes nothing. Raises NotAllowed."""
    check_manages_tokens(by, token.organisation)
    if not Token.objects.filter(pk=token.pk, ended=None).update(ended=timezone.now(), ended_by=by):
        return
    code = token.organisation.code
    write(Action.TOKEN_ENDED, by=by, acting_for=code, about=code, token=token.prefix, name=token.name)


def note_use(*, token: Token) -> None:
    """Remember, to the hour, that a token was used. Its first use of a day goes into the record."""
    now = timezone.now()
    if token.last_used and now - token.last_used < COARSE:
        return
    with transaction.atomic():
        mine = Token.objects.filter(Q(last_used=None) | Q(last_used__lte=now - COARSE), pk=token.pk)
        today = timezone.localdate(now)
        if mine.update(last_used=now) and (token.last_used is None or timezone.localdate(token.last_used) < today):
            code = token.organisation.code
            write(Action.TOKEN_USED, by=token.made_by, acting_for=code, about=code, token=token.prefix)


def note_refusal(*, token: Token, why: str) -> None:
    """Write down, at most once an hour, that a token of ours was refused. A program may try all day and all night."""
    now = timezone.now()
    if token.last_refused and now - token.last_refused < COARSE:
        return
    with transaction.atomic():
        mine = Token.objects.filter(Q(last_refused=None) | Q(last_refused__lte=now - COARSE), pk=token.pk)
        if mine.update(last_refused=now):
            code = token.organisation.code
            write(Action.TOKEN_REFUSED, who="A program", acting_for=code, about=code, token=token.prefix, why=why)


def rights(token: Token, membership: Membership) -> list[Scope]:
    """What a token is good for at this moment: what it was made for, less what its maker may no longer do."""
    return [scope for scope in token.scopes if membership.role.may(scope.permission)]
