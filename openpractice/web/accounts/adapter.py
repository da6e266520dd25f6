"""Our rules for allauth: people come by invitation, and an identity provider may only speak for those who came."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.core.ratelimit import consume
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from openpractice.web.accounts import actions
from openpractice.web.accounts.models import Person

SAID = "said"  # the session's key for what the next page says once
DONE = {
    "password_changed": "Your password is changed. Wherever else you were signed in, you are signed out.",
    "password_set": "You have a password now.",
    "totp_activated": "Your authenticator app is set up. It is asked for from now on.",
    "totp_deactivated": "Your authenticator app is no longer asked for.",
    "recovery_codes_generated": "These are your new recovery codes. Older ones no longer work.",
    "webauthn_added": "Your passkey is added.",
    "webauthn_removed": "The passkey is removed.",
    "account_disconnected": "The connection is removed.",
}
WRONG_CODE = "That code is not right. Codes change every 30 seconds: enter the one that shows now."
WAIT = "There were too many attempts. Wait five minutes, then try again."


class Accounts(DefaultAccountAdapter):
    """Nobody signs up by themselves, and what goes wrong is said in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This email address and password do not belong together. Check both.",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your password until now.",
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Wrong passwords count for an address and whoever tries: nobody elsewhere keeps the owner out with five."""
        return f"{get_ip(request)} {super()._get_login_attempts_cache_key(request, **credentials)}"

    def pre_authenticate(self, request, **credentials) -> None:
        """And from many places together only so many in an hour, which guess nothing but a password that everybody uses."""
        super().pre_authenticate(request, **credentials)
        everywhere = super()._get_login_attempts_cache_key(request, **credentials)
        if not consume(request, action="guessed", key=everywhere):
            raise self.validation_error("too_many_login_attempts")

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Kept for the next page of the account; others are told in the place where they happen."""
        name = (message_template or "").rpartition("/")[2].removesuffix(".txt")
        if level == messages.ERROR and message:
            request.session[SAID] = {"problem": str(message)}
        elif name in DONE:
            request.session.setdefault(SAID, {"done": DONE[name]})  # of several the first: the rest follows from it

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account")


class SecondFactors(DefaultMFAAdapter):
    """Codes and passkeys, in our words and under our name."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user, type) -> str:
        return "My passkey"

    def _get_site_name(self) -> str:
        """What the device shows when it asks whether to make or use a passkey."""
        return "OpenPractice"


class IdentityProviders(DefaultSocialAccountAdapter):
    """An identity provider vouches for an email address; whom we know by it, it signs in."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        """Somebody whom nobody invited is told so, whatever their identity provider says."""
        return False

    def pre_social_login(self, request, sociallogin) -> None:
        """Match a newcomer to the person who was invited by the same email address.

        allauth can match too, but leaves passkeys and sessions to whoever set them up before the address was proven.
        """
        if sociallogin.state.get("process") == "connect":
            # The match below connects; by hand, somebody else's sign-in could be tied to one's own account.
            raise ImmediateHttpResponse(redirect("account"))
        if sociallogin.is_existing:
            return
        verified = [one.email for one in sociallogin.email_addresses if one.verified is True]
        if not verified:
            raise ImmediateHttpResponse(self._refused(request, "unverified"))
        person = Person.objects.filter(email__iexact=verified[0]).first()
        if person is None:
            raise ImmediateHttpResponse(self._refused(request, "unknown"))
        if not person.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        actions.prove(person=person)
        sociallogin.connect(request, person)

    @staticmethod
    def _refused(request, why: str):
        return render(request, "socialaccount/refused.jinja", {"why": why}, status=403)
