"""A file that somebody brought, and what became of it. The row is history and stays; the file is gone once it was read."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils import timezone

from openpractice.web.organisations.models import Organisation


class How(StrEnum):
    """By which way a file came."""

    BROWSER = "browser"
    TOKEN = "token"
    FOLDER = "folder"

    @property
    def label(self) -> str:
        return {How.BROWSER: "In the browser", How.TOKEN: "By a program", How.FOLDER: "From the watched folder"}[self]


class State(StrEnum):
    """Where a file is on its way."""

    WAITING = "waiting"
    READING = "reading"
    LOADED = "loaded"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES = {
    State.WAITING: "Waiting",
    State.READING: "Being read",
    State.LOADED: "Loaded",
    State.UNCHANGED: "Loaded before",
    State.REFUSED: "Refused",
    State.FAILED: "Not finished",
    State.CANCELLED: "Cancelled",
}
MOVING = (State.WAITING, State.READING)


class Upload(models.Model):
    """One file. Of an organisation's own records, or, without an organisation, of published data for everybody."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="uploads")
    how = models.CharField(max_length=10, choices=[(how.value, how.label) for how in How])
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    folder = models.CharField(max_length=32, unique=True, editable=False)  # in which the file lies until it was read
    state = models.CharField(max_length=10, choices=[(s.value, s.label) for s in State], default=State.WAITING.value)
    doing = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    account = models.JSONField(default=list)  # one record for each file inside, as the ingest gave it
    error = models.TextField(blank=True)
    arrived = models.DateTimeField(default=timezone.now, editable=False)
    began = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)  # of the worker that reads it
    cancel_asked = models.DateTimeField(null=True, blank=True)
    cancel_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_for = models.CharField(max_length=40, blank=True)  # the code of the organisation for which they acted
    job = models.UUIDField(null=True, editable=False)
    reader = models.CharField(max_length=80, blank=True)  # the worker that reads it
    attempts = models.PositiveSmallIntegerField(default=0)

    PERSONAL = {
        **dict.fromkeys(("by", "cancel_by", "cancel_for"), "about the person"),
        "name": "about the person",  # whatever somebody called a file
        "arrived": "about the person",
        **dict.fromkeys(("id", "organisation", "how", "size", "sha256", "folder", "state", "doing", "done"), "none"),
        **dict.fromkeys(("steps", "account", "error", "began", "ended", "heartbeat", "cancel_asked"), "none"),
        **dict.fromkeys(("job", "reader", "attempts"), "none"),
    }

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="uploads_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING


class Chore(models.Model):
    """A daily chore of the worker, and when it was last begun."""

    name = models.CharField(max_length=80, unique=True)
    begun = models.DateTimeField()

    PERSONAL = dict.fromkeys(("id", "name", "begun"), "none")

    def __str__(self) -> str:
        return self.name
