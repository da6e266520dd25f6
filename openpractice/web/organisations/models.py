"""Organisations, who acts for them since when, and invitations. What has been is ended, never deleted."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from openpractice.web.organisations.roles import ROLES, Kind, Role


class Organisation(models.Model):
    """A practice, network, board or partner. One that is an area of the tree has the area's code."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in Kind])
    made = models.DateTimeField(default=timezone.now, editable=False)
    closed = models.DateTimeField(null=True, blank=True)

    PERSONAL = dict.fromkeys(("id", "code", "name", "kind", "made", "closed"), "none")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_title(self) -> str:
        return Kind(self.kind).label


class Memberships(models.QuerySet["Membership"]):
    """Asked for those in force unless history is meant."""

    def current(self) -> Memberships:
        """Those in force now, of people and organisations that are active."""
        return self.filter(ended=None, person__is_active=True, organisation__closed=None)


class Membership(models.Model):
    """A person acting for an organisation in one role, from one moment to another."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role_name = models.CharField("role", max_length=40, choices=[(r.name, r.title) for r in ROLES.values()])
    began = models.DateTimeField(default=timezone.now, editable=False)
    ended = models.DateTimeField(null=True, blank=True)

    PERSONAL = dict.fromkeys(("id", "person", "organisation", "role_name", "began", "ended"), "about the person")

    objects = Memberships.as_manager()

    class Meta:
        ordering = ["organisation__name", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended=None), name="one_role_in_an_organisation_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role.title} at {self.organisation}"

    @property
    def role(self) -> Role:
        """What the role means and may do."""
        return ROLES[self.role_name]


class SecondFactorRule(models.Model):
    """An organisation's own word on whether a role must sign in with a second factor."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="second_factor_rules")
    role_name = models.CharField("role", max_length=40, choices=[(r.name, r.title) for r in ROLES.values()])
    required = models.BooleanField()

    PERSONAL = dict.fromkeys(("id", "organisation", "role_name", "required"), "none")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role_name"], name="one_second_factor_rule_for_a_role")
        ]


class Invitation(models.Model):
    """A link that lets one person, whoever opens it first, act for an organisation. Only its fingerprint is kept."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role_name = models.CharField("role", max_length=40, choices=[(r.name, r.title) for r in ROLES.values()])
    email = models.EmailField()
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(  # nobody, where whoever runs the installation did it from the command line
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations_made"
    )
    made = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    mailed = models.DateTimeField(null=True, editable=False)  # and so nobody but the addressee has seen the link
    withdrawn = models.DateTimeField(null=True, blank=True)
    accepted = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )

    PERSONAL = {
        "email": "identifies",
        "fingerprint": "secret",
        **dict.fromkeys(("invited_by", "accepted_by", "accepted", "role_name", "organisation"), "about the person"),
        **dict.fromkeys(("id", "made", "expires", "mailed", "withdrawn"), "none"),
    }

    class Meta:
        ordering = ["-made"]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

    @property
    def role(self) -> Role:
        """What the role means and may do."""
        return ROLES[self.role_name]

    @property
    def is_open(self) -> bool:
        return not (self.accepted or self.withdrawn or self.expires <= timezone.now() or self.organisation.closed)

    @staticmethod
    def fingerprint_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
