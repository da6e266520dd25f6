"""An agreement, its parties and what each has said to it; and what was opened without one, in an emergency.

Terms are fixed once somebody has signed.
"""

from __future__ import annotations

import datetime
import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils import timezone

from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.organisations.models import Organisation


class Agreement(models.Model):
    """The terms under which some organisations' data may be used by others."""

    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=30, choices=[(p.value, p.label) for p in Purpose])
    legal_basis = models.TextField(help_text="The article and the reason, in words that a patient can read.")
    topics = models.JSONField(help_text="Topics of measures that are shared; * for all.")
    granularity = models.CharField(max_length=20, choices=[(g.value, g.label) for g in Granularity])
    roles = models.JSONField(help_text="Names of the roles that may see it, at the receiving organisations.")
    starts = models.DateField()
    review = models.DateField()
    ends = models.DateField()
    made = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="agreements_made")

    PERSONAL = {
        **dict.fromkeys(("id", "title", "purpose", "legal_basis", "topics", "granularity", "roles"), "none"),
        **dict.fromkeys(("starts", "review", "ends", "made"), "none"),
        "made_by": "about the person",
    }

    class Meta:
        ordering = ["-made"]

    def __str__(self) -> str:
        return self.title

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the terms and the parties: what a signature is about."""
        parties = sorted(
            (p.organisation.code, p.gives, p.receives) for p in self.parties.select_related("organisation")
        )
        terms = [
            self.title, self.purpose, self.legal_basis, sorted(self.topics), self.granularity, sorted(self.roles),
            *(day.isoformat() for day in (self.starts, self.review, self.ends)), parties,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(terms, ensure_ascii=False).encode()).hexdigest()


class Party(models.Model):
    """An organisation in an agreement: its data are used, or it uses them, or both."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parties")
    gives = models.BooleanField(default=False)
    receives = models.BooleanField(default=False)

    PERSONAL = dict.fromkeys(("id", "agreement", "organisation", "gives", "receives"), "none")

    class Meta:
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="a_party_once"),
            models.CheckConstraint(
                condition=models.Q(gives=True) | models.Q(receives=True), name="a_party_gives_or_receives"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.agreement}"

    @property
    def stands(self) -> bool:
        """Whether this party is bound: the last thing that it said was yes, to these very terms."""
        last = max(self.statements.all(), key=lambda said: said.pk, default=None)
        return bool(last and last.signed and last.fingerprint == self.agreement.fingerprint)


class Statement(models.Model):
    """A party signing an agreement, or withdrawing from it. Rows are added, never changed: the last one counts."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="statements")
    signed = models.BooleanField()  # or withdrawn
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="statements")

    PERSONAL = {
        **dict.fromkeys(("id", "party", "signed", "fingerprint"), "none"),
        **dict.fromkeys(("by", "at", "reason"), "about the person"),
    }

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.party}: {'signed' if self.signed else 'withdrew'}"


class Emergency(models.Model):
    """One person opening another organisation's figures without an agreement, for direct care and a few hours."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="emergencies_here")
    reader = models.ForeignKey(Organisation, models.PROTECT, related_name="emergencies_elsewhere")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="emergencies")
    reason = models.TextField()
    opened = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)  # before its time
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="emergencies_ended"
    )

    PERSONAL = {
        **dict.fromkeys(("id", "owner", "reader", "until"), "none"),
        **dict.fromkeys(("person", "reason", "opened", "ended", "ended_by"), "about the person"),
    }

    class Meta:
        ordering = ["-opened"]
        verbose_name_plural = "emergencies"

    def __str__(self) -> str:
        return f"{self.person} of {self.reader} at {self.owner}"

    @property
    def is_open(self) -> bool:
        return self.ended is None and timezone.now() < self.until

    @property
    def over(self) -> datetime.datetime:
        """When it ended, or will end by itself."""
        return min(self.ended or self.until, self.until)


class Review(models.Model):
    """What the owner of the figures found afterwards: one word and the reasons. It is written once."""

    emergency = models.OneToOneField(Emergency, models.PROTECT, related_name="review")
    justified = models.BooleanField()
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="emergency_reviews")

    PERSONAL = {"id": "none", **dict.fromkeys(("emergency", "justified", "words", "at", "by"), "about the person")}

    def __str__(self) -> str:
        return "justified" if self.justified else "not justified"
