"""Our rules for allauth: people come by invitation, and an identity provider may only speak for those who came."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class Accounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def add_message(self, *args, **kwargs) -> None:
        """Pages say themselves what has happened."""


class IdentityProviders(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin) -> bool:
        """Somebody whom nobody invited is told so, whatever their identity provider says."""
        return False
