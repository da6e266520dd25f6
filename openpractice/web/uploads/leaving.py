"""When an organisation deletes its own data here, whatever waits to be read for it waits no more."""

from __future__ import annotations

from django.dispatch import receiver
from django.utils import timezone

from openpractice.web.organisations.models import Organisation
from openpractice.web.own.leaving import leaving
from openpractice.web.uploads import jobs
from openpractice.web.uploads.models import State, Upload


@receiver(leaving)
def stop(sender, organisation: Organisation, **_) -> None:
    """In the transaction of the deletion, which also takes the files away."""
    theirs = Upload.objects.filter(organisation=organisation)
    for upload in theirs.filter(state=State.WAITING):
        jobs.drop(upload)
    theirs.filter(state=State.WAITING).update(state=State.CANCELLED, ended=timezone.now(), doing="")
    theirs.filter(state=State.READING).update(cancel_asked=timezone.now())
