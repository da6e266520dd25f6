"""The letter that brings an invitation's link to whom it is for, where this installation sends email."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from openpractice.web.config.post import posted
from openpractice.web.config.seeing import across
from openpractice.web.organisations.models import Invitation


@across()  # whoever runs the installation invites the first of an organisation that is not theirs
def deliver(request: HttpRequest, invitation: Invitation, token: str) -> str:
    """Send the link to the address that is invited. Where that is not possible, gives it to be passed on instead.

    A link that nobody else has seen proves whose the address is: it is never both sent and shown.
    """
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    if not settings.SENDS_EMAIL:
        return link
    _note(invitation, sent=True)
    subject, unsent = f"Join {invitation.organisation}", "An invitation could not be sent, so its link is shown."
    if posted(subject, _letter(invitation, link), [invitation.email], or_else=unsent):
        return ""
    _note(invitation, sent=False)
    return link


def _note(invitation: Invitation, *, sent: bool) -> None:
    invitation.mailed = timezone.now() if sent else None
    invitation.save(update_fields=["mailed"])


def _letter(invitation: Invitation, link: str) -> str:
    return (
        f"{invitation.invited_by or 'Whoever runs this installation'} invites you to act for {invitation.organisation} "
        f"in OpenPractice as {invitation.role.title.lower()}.\n\n"
        f"Open this link and choose a password:\n\n{link}\n\n"
        "It works once, for seven days. Pass it on to nobody: whoever opens it becomes you there.\n"
    )
