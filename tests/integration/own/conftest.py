"""People and organisations as the tests of people have them."""

from tests.integration.people.conftest import client_of, member, organisation

__all__ = ["client_of", "member", "organisation"]
