"""A PostgreSQL as a federation runs it: the owner of the tables is one role, the application another."""

from __future__ import annotations

import itertools

import pytest

from tests.integration.audit.place import Place
from tests.postgres import two_roles

UP = "from openpractice.web.config import database; database.bring_up_to_date({!r})"
_number = itertools.count(1)


@pytest.fixture
def federation(postgresql, tmp_path) -> Place:
    """An empty database with every table, fenced, and a home that uses it as a role that owns nothing."""
    place = Place(tmp_path, two_roles(postgresql, f"op{next(_number)}"))
    place.run(UP.format(str(tmp_path)))
    return place
