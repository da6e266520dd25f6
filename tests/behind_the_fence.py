"""A plugin that runs tests of the site on PostgreSQL, behind the fence, as a role that owns nothing.

What a test itself asks of the database crosses the fence, as the command line does; what a page asks does not. The
database is named in the environment and has its tables already. `tests/integration/running` runs the site's tests so.
"""

from __future__ import annotations

import pytest

from openpractice.web.config.seeing import across


class Fixtures:
    """Registered after pytest-django's, so that they stand in their place."""

    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls, django_db_blocker):
        """Not pytest-django's own, which would make a database as the role that asks."""
        yield
        from django.db import connection

        with django_db_blocker.unblock():
            connection.close()

    @pytest.fixture(autouse=True)
    def _crossing(self):
        with across():
            yield


def pytest_configure(config):
    config.pluginmanager.register(Fixtures(), "behind the fence")
