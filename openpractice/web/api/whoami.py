"""What a token may do, and why."""

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from openpractice.web.api.answering import for_nobody_else
from openpractice.web.api.offered import ANY_TOKEN, offer


class May(BaseModel):
    """One thing that the token was made for."""

    scope: str
    meaning: str
    allowed: bool
    why: str


class Who(BaseModel):
    """For whom a token acts, and what it opens at this moment."""

    organisation: str = Field(description="The code of the organisation that the token acts for.")
    organisation_name: str
    role: str = Field(description="The role in which it acts: that of whoever made it.")
    token: str = Field(description="What the token is called.")
    prefix: str = Field(description="Its first letters; the rest is known to you alone.")
    expires: str
    scopes: list[May]


@offer("GET", "/whoami", Who, topic="Tokens", needs=ANY_TOKEN)
def whoami(request: HttpRequest) -> HttpResponse:
    """What this token may do, and why."""
    caller = request.auth  # type: ignore[attr-defined]
    token, role, organisation = caller.token, caller.acting.role.title.lower(), caller.organisation
    scopes = [
        May(
            scope=scope, meaning=scope.meaning, allowed=scope in caller.rights,
            why=f"{token.made_by}, who made it, is {role} of {organisation}, which "
            f"{'includes' if scope in caller.rights else 'does not include'}: {scope.permission.meaning.lower()}.",
        )
        for scope in token.scopes
    ]  # fmt: skip
    return for_nobody_else(
        request,
        Who(
            organisation=organisation.code, organisation_name=organisation.name, role=caller.acting.role.name,
            token=token.name, prefix=token.prefix, expires=token.expires.isoformat(timespec="seconds"), scopes=scopes,
        ),
    )  # fmt: skip
