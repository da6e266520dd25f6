"""Writes down who signed in and out, and who tried."""

from __future__ import annotations

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write


@receiver(user_logged_in)
def _in(sender, request, user, **_) -> None:
    with transaction.atomic():
        write(Action.SIGNED_IN, by=user)


@receiver(user_logged_out)
def _out(sender, request, user, **_) -> None:
    if user is not None:
        with transaction.atomic():
            write(Action.SIGNED_OUT, by=user)


@receiver(user_login_failed)
def _failed(sender, credentials, **_) -> None:
    """The address that was tried is not written: people type their password into the wrong box."""
    with transaction.atomic():
        write(Action.SIGN_IN_FAILED, who="somebody")


@receiver([password_changed, password_reset, password_set])
def _password(sender, user, **_) -> None:
    with transaction.atomic():
        write(Action.PASSWORD_CHANGED, by=user)


@receiver(authenticator_added)
def _added(sender, user, authenticator, **_) -> None:
    with transaction.atomic():
        write(Action.SECOND_FACTOR_ADDED, by=user, kind=authenticator.type)


@receiver(authenticator_removed)
def _removed(sender, user, authenticator, **_) -> None:
    with transaction.atomic():
        write(Action.SECOND_FACTOR_REMOVED, by=user, kind=authenticator.type)
