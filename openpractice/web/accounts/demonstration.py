"""Whether this installation is a demonstration, where people are made up and one click signs in.

It is one when `openpractice demo` made its home, as `demo_mark` tells, and as long as its database knows nobody but
fictional people. No setting turns it on.
"""

from django.conf import settings

from openpractice.web.accounts.models import Person
from openpractice.web.config.demo_mark import is_marked

FICTIONAL = "@example.org"  # nobody can have an address there (RFC 2606), so whoever has one is made up


def is_demo() -> bool:
    """Whether people may sign in with one click here. One person with an address of their own ends it."""
    return is_marked(settings.HOME) and only_fictional()


def only_fictional() -> bool:
    return not Person.objects.exclude(email__iendswith=FICTIONAL).exists()
