"""Tokens, with which programs act for an organisation. Only a fingerprint of each is kept."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone

from openpractice.web.api.scopes import Scope, known
from openpractice.web.organisations.models import Organisation


class Token(models.Model):
    """Lets a program act for an organisation, with at most the rights of whoever made it, until it ends."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="tokens")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens_made")
    name = models.CharField(max_length=80)
    scope_names = models.JSONField(default=list)
    prefix = models.CharField(max_length=12, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    made = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)  # to the hour: a write for each request would cost more
    last_refused = models.DateTimeField(null=True, blank=True)  # to the hour
    ended = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tokens_ended"
    )

    PERSONAL = {
        "fingerprint": "secret",
        **dict.fromkeys(("name", "made_by", "ended_by", "last_used", "last_refused"), "about the person"),
        **dict.fromkeys(("id", "organisation", "scope_names", "prefix", "made", "expires", "ended"), "none"),
    }

    class Meta:
        ordering = ["-made"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scopes(self) -> list[Scope]:
        return known(self.scope_names)

    @property
    def is_open(self) -> bool:
        return self.ended is None and self.expires > timezone.now()

    @staticmethod
    def fingerprint_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
