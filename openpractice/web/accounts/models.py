"""A person who can sign in."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class People(BaseUserManager["Person"]):
    """Finds and makes people by their address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> Person:
        """Make a person. Without a password they can sign in only once they have chosen one."""
        person = self.model(email=email.strip().lower(), name=name.strip())
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str) -> Person:
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody with a name and an address for email. What they may do is said by their memberships, never here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    proven = models.DateTimeField(null=True, editable=False)  # since when the address is known to be theirs

    objects = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_for_an_email")]

    PERSONAL = {
        "email": "identifies",
        "name": "identifies",
        "password": "secret",
        "is_active": "about the person",
        "date_joined": "about the person",
        "proven": "about the person",
        "last_login": "about the person",
        "id": "pseudonym",
    }

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split()[0]
