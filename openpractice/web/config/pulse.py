"""A worker's sign of life: a file whose time it renews, so that whoever watches can tell one that hangs from one that works.

A worker that ends takes the file with it. One that is killed leaves it, and it grows old.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

EVERY, OLD = 1.0, 60.0  # seconds: how often it is renewed, and when the worker is taken for dead
_beaten = 0.0


def _file() -> Path:
    return Path(settings.HOME) / "worker.alive"


def beat() -> None:
    """A sign of life, at most one a second. A disk that cannot be written to is told of elsewhere."""
    global _beaten
    if time.monotonic() - _beaten >= EVERY:
        _beaten = time.monotonic()
        with suppress(OSError):
            _file().touch()


def ended() -> None:
    """The worker ends, as it was told to."""
    _file().unlink(missing_ok=True)


def age() -> float | None:
    """Seconds since the last sign of life of any worker over this home; None where none is."""
    try:
        return max(0.0, time.time() - _file().stat().st_mtime)
    except FileNotFoundError:
        return None
