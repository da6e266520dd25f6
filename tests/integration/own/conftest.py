"""People and organisations as the tests of people have them, and a home to hold data."""

from tests.integration.own.books import home
from tests.integration.people.conftest import client_of, member, organisation

__all__ = ["client_of", "home", "member", "organisation"]
