"""A home with uploads, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests import postgres
from tests.integration.uploads.desk import Desk

_numbers = itertools.count(1)


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    """A home whose people and queue are in SQLite."""
    made = Desk(tmp_path, {})
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path) -> Iterator[Desk]:
    """The same on each kind of database."""
    variables = {}
    if request.param == "postgresql":
        made = request.getfixturevalue("postgresql")
        variables = postgres.two_roles(made, f"uploads_{next(_numbers)}")
    made = Desk(tmp_path, variables)
    yield made
    made.close()
