"""Can this server do its work? Each question that a load balancer or whoever watches would ask, with its answer."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection

from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.store.catalogue import path_of
from openpractice.web.config import pulse

FRESH = 1.0  # seconds for which an answer holds: whoever asks a thousand times a second asks nobody but this process


class Answer(NamedTuple):
    ok: bool
    said: str


def database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Answer(True, "It answers.")


def migrations() -> Answer:
    from django.db.migrations.recorder import MigrationRecorder

    missing = _known() - MigrationRecorder(connection).applied_migrations().keys()
    if missing:
        return Answer(False, "Its tables are of an earlier version. Start this server again.")
    return Answer(True, "Its tables are those of this version.")


@cache
def _known() -> frozenset[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def store() -> Answer:
    if not path_of(settings.HOME).exists():
        return Answer(True, "Nothing has been loaded yet.")
    opened = Store(settings.HOME)
    try:
        return Answer(opened.version >= 0, "It opens.")
    finally:
        opened.close()


def disk() -> Answer:
    if shutil.disk_usage(settings.HOME).free < settings.LEAST_ROOM:
        return Answer(False, "There is too little room on the disk.")
    return Answer(True, "There is room.")


def worker() -> Answer:
    age = pulse.age()
    if age is None:
        return Answer(True, "None is there.")
    return Answer(age < pulse.OLD, "It works." if age < pulse.OLD else "It has given no sign of life for a minute.")


QUESTIONS: tuple[Callable[[], Answer], ...] = (database, migrations, store, disk, worker)
_last: tuple[float, dict[str, Answer]] = (-FRESH, {})


def answers() -> dict[str, Answer]:
    """Each question's name and answer. What goes wrong is named in general words: anybody may ask."""
    global _last
    if time.monotonic() - _last[0] >= FRESH:
        _last = (time.monotonic(), {question.__name__: _answer(question) for question in QUESTIONS})
    return _last[1]


def _answer(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except (DatabaseError, sqlite3.Error, OSError, Refused) as trouble:
        return Answer(False, f"It cannot be used ({type(trouble).__name__}).")
