"""One moment of an installation in a folder, and what is said of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from openpractice import __version__
from openpractice.web.config.backup import databases, moment


@contextmanager
def taken(home: Path, *, keys: bool) -> Iterator[tuple[dict[str, Any], Path]]:
    """What a backup says of itself, and the folder of its files. Raises Refused."""
    with moment.staged(home) as folder:
        snapshot = databases.Snapshot(folder)
        try:
            moment.take(home, folder, snapshot.begin, but=snapshot.file, keys=keys)
            snapshot.finish()
        finally:
            connection.close()
        number, told = snapshot.last
        about = {
            "program": __version__,
            "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "database": databases.kind(),
            "keys": keys,
            "record": {"entries": number, "hash": told},
            "stores": moment.counted(folder / "home"),
        }
        yield about, folder
