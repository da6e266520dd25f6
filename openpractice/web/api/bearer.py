"""Who asks: the token in a request, the organisation that it acts for, and what it may do at this very moment."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from openpractice.web.api.actions import note_refusal, note_use, rights
from openpractice.web.api.models import Token
from openpractice.web.api.problems import Trouble
from openpractice.web.api.scopes import Scope
from openpractice.web.config.seeing import across, acts_for
from openpractice.web.organisations.acting import Acting, current
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import missing_second_factor

LONGEST = 200
UNKNOWN = "This token is not one of ours."


@dataclass(frozen=True)
class Caller:
    """A program that acts for an organisation, in the role of whoever made its token."""

    token: Token
    acting: Acting
    rights: tuple[Scope, ...]

    @property
    def organisation(self) -> Organisation:
        return self.acting.organisation

    def check(self, scope: Scope) -> None:
        """Raises Trouble unless the token was made for this, and its maker may still do it."""
        if scope in self.rights:
            return
        role, organisation = self.acting.role.title.lower(), self.organisation
        if scope in self.token.scopes:
            why = (
                f"{self.token.made_by}, who made this token, is {role} of {organisation} and may not do this any more."
            )
        else:
            why = f"This token was not made for this: {scope.meaning.lower()} ({scope})."
        note_refusal(token=self.token, why=str(scope))
        raise Trouble(403, why, "Make a token for it, on the page of your organisation's tokens.")


def caller(request: HttpRequest) -> Caller | None:
    """Who the token in the header speaks for; None where there is no header. Raises Trouble for one that does not work."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer":
        raise Trouble(401, "The header “Authorization” does not hold a bearer token.")
    token = _found(secret.strip())
    if token is None:
        raise Trouble(401, UNKNOWN)
    now, why = _acting(token)
    if now is None:
        note_refusal(token=token, why=why)
        raise Trouble(401, why)
    note_use(token=token)
    return Caller(token, now, tuple(rights(token, now.membership)))


def _found(secret: str) -> Token | None:
    """Looked up by its fingerprint, of which nobody can guess a part: how long it takes tells nothing of the secret."""
    fingerprint = Token.fingerprint_of(secret[:LONGEST])
    with across():  # only a token says whose rows this request may see
        token = Token.objects.select_related("organisation", "made_by").filter(fingerprint=fingerprint).first()
    if token is None or not hmac.compare_digest(token.fingerprint, fingerprint):
        return None
    acts_for(token.organisation.code)
    return token


def _acting(token: Token) -> tuple[Acting | None, str]:
    """In whose name a token acts now, or why it does not any more. Asked of the database at each request."""
    if token.ended:
        return None, f"This token was ended on {timezone.localdate(token.ended):%-d %B %Y}."
    if not token.is_open:
        return None, f"This token expired on {timezone.localdate(token.expires):%-d %B %Y}."
    membership = current(token.made_by).filter(organisation=token.organisation).first()
    if membership is None:
        return None, f"Whoever made this token does not act for {token.organisation} any more."
    now = Acting(token.made_by, membership, 1)
    if missing_second_factor(now):
        return None, f"Whoever made this token must set up a second factor to act for {token.organisation}."
    return now, ""


class Bearer(HttpBearer):
    """For operations that need a token made for a scope; the door has looked the token up already."""

    def __init__(self, scope: Scope | None):
        self.scope = scope  # None: any token will do
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        found = request.caller  # type: ignore[attr-defined]
        if found is None:
            raise Trouble(401, "This needs a token.")
        if self.scope:
            found.check(self.scope)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return self(request)
