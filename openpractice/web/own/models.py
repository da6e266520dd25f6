"""How long an organisation keeps its own data. Rows are added, never changed: the last one counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from openpractice.web.organisations.models import Organisation


class Keeping(models.Model):
    """An organisation saying for how many months its own data are kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="keepings")
    months = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="keepings")

    PERSONAL = {
        **dict.fromkeys(("id", "organisation", "months"), "none"),
        **dict.fromkeys(("at", "by"), "about the person"),
    }

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.months} months"
