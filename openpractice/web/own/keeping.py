"""How long own data are kept, and the daily deletion of what was kept long enough."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from openpractice.analysis.forgetting import keep_from
from openpractice.kinds import Refused, month_no, period_of
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.keys import ring_of
from openpractice.web.own.leaving import finish_leaving
from openpractice.web.own.models import Keeping
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.own.rules import DEFAULT

log = logging.getLogger(__name__)


def months_of(organisation: Organisation) -> int:
    """For how many months an organisation keeps its own data: what it said last, or else three years."""
    last = Keeping.objects.filter(organisation=organisation).first()
    return last.months if last else DEFAULT


def first_kept(months: int, today: datetime.date | None = None) -> str:
    """The first month that is kept: whole months, this one not counted."""
    today = today or timezone.localdate()
    return period_of(month_no(f"{today:%Y-%m}") - months)


def housekeeping() -> None:
    """Once a day: delete what was kept long enough, practice by practice. One that is busy has its turn tomorrow."""
    finish_leaving()
    there = [folder.name for folder in everybodys().glob("*") if folder.is_dir()]
    for organisation in Organisation.objects.filter(code__in=there):
        try:
            delete_old(organisation)
        except Refused:
            log.warning("Own data of one organisation were being written; what was kept long enough waits a day.")


def delete_old(organisation: Organisation) -> int:
    """Delete what one organisation kept long enough; returns how many rows. Raises Refused while a file is read."""
    first = first_kept(months_of(organisation))
    deleted = keep_from(home_of(organisation), first)
    if deleted:
        with transaction.atomic():
            write(
                Action.KEPT_LONG_ENOUGH, who="the installation", about=organisation.code, rows=deleted, why=first,
            )  # fmt: skip
        ring_of(organisation).forget_unused()
    return deleted
