"""Who may bring, stop and try again what: each rule raises a sentence that a person can act on."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from openpractice.web.organisations.models import Membership, Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads.models import State, Upload
from openpractice.web.uploads.place import file_of

KEPT_AFTER_TROUBLE = datetime.timedelta(days=1)  # so long a file that could not be read waits to be tried again
ATTEMPTS = 3  # a file at which the worker dies each time must not stop all others


def needed(organisation: Organisation | None) -> Permission:
    """The permission to bring files for an organisation, or for everybody."""
    return Permission.UPLOAD if organisation else Permission.UPLOAD_PUBLISHED


def check_uploads(person: Any, organisation: Organisation | None) -> None:
    """Whether a person may bring, stop or try again files there. Raises NotAllowed."""
    mine = Membership.objects.current().filter(person=person)
    if organisation:
        mine = mine.filter(organisation=organisation)
    if not any(membership.role.may(needed(organisation)) for membership in mine):
        raise NotAllowed(
            f"You cannot upload files of {organisation}. The page of what you can see and do lists who can."
            if organisation
            else "You cannot upload published files for everybody. The page of what you can see and do lists who can."
        )


def check_open(organisation: Organisation | None) -> None:
    if organisation and organisation.closed:
        raise NotAllowed(f"{organisation} is closed here, so nothing of it can be loaded any more.")


def check_cancel(upload: Upload) -> None:
    if not upload.is_moving:
        raise NotAllowed(f"{upload} is not waiting or being read any more, so there is nothing to cancel.")


def check_again(upload: Upload) -> None:
    if upload.state != State.FAILED:
        raise NotAllowed(f"{upload} was read to its end. Upload a corrected file, if you have one.")
    if not can_again(upload):
        raise NotAllowed(f"{upload} is not kept here any more. Upload it again.")


def can_again(upload: Upload) -> bool:
    """Whether a file that could not be read can be tried again without bringing it once more."""
    return upload.state == State.FAILED and kept_until(upload) > timezone.now() and file_of(upload).is_file()


def kept_until(upload: Upload) -> datetime.datetime:
    return (upload.ended or upload.arrived) + KEPT_AFTER_TROUBLE
