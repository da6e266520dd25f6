"""What a token may be good for, in plain words, and the permission that its maker needs for each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from openpractice.web.organisations.roles import Permission, Role


class Scope(StrEnum):
    """One thing that a program may do with a token. It never reaches further than the person who made the token."""

    READ_OWN = "read:own"
    READ_SHARED = "read:shared"
    UPLOAD_OWN = "upload:own"
    UPLOAD_PUBLISHED = "upload:published"

    @property
    def meaning(self) -> str:
        return _SCOPES[self][0]

    @property
    def permission(self) -> Permission:
        return _SCOPES[self][1]


_SCOPES = {
    Scope.READ_OWN: ("Read the organisation's own figures", Permission.SEE_OWN),
    Scope.READ_SHARED: ("Read what other organisations agreed to share", Permission.SEE_SHARED),
    Scope.UPLOAD_OWN: ("Upload the organisation's own files, follow how they are read, and stop it", Permission.UPLOAD),
    Scope.UPLOAD_PUBLISHED: ("Upload files that the NHS publishes, for everybody here", Permission.UPLOAD_PUBLISHED),
}


def offered(role: Role) -> list[Scope]:
    """What somebody in this role can give to a program: at most what they may do themselves."""
    return [scope for scope in Scope if role.may(scope.permission)]


def known(names: Iterable[str]) -> list[Scope]:
    """The scopes of those names; one that this version does not know gives nothing."""
    return [scope for scope in Scope if scope in set(names)]
