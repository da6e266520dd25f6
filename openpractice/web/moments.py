"""Moments as a reader says them: the day and the time here, and how long ago."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.timezone import localtime

from openpractice.render import words


def moment(at: datetime.datetime) -> str:
    """`22 November 2026, 14:05`."""
    here = localtime(at)
    return f"{words.period(here.date())}, {here:%H:%M}"


def since(at: datetime.datetime) -> str:
    """`less than a day ago`, `1 day ago`, `12 days ago`: whole days of 24 hours."""
    days = (timezone.now() - at).days
    return f"{words.plural(days, 'day')} ago" if days > 0 else "less than a day ago"
