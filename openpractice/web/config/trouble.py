"""Faults of the machine that a person can do something about: the disk is full or read-only, the database is away."""

from __future__ import annotations

import sqlite3

from django.db import InterfaceError, OperationalError

from openpractice.sources.disk import OUT_OF_ROOM, fault_of

_KEPT = "Nothing of what you did was kept."
FULL = (
    f"The disk of this server is full. {_KEPT} Tell whoever runs this installation, and try again when there is room."
)
UNWRITABLE = f"This server cannot write to its disk. {_KEPT} Tell whoever runs this installation."
AWAY = f"The database does not answer just now. {_KEPT} Try again in a moment."


def told(fault: BaseException | None) -> tuple[int, str] | None:
    """The status and the words with which such a fault is answered; None for any other, which is ours."""
    if fault and (of_the_disk := fault_of(fault)):
        return (507, FULL) if of_the_disk.errno in OUT_OF_ROOM else (503, UNWRITABLE)
    if not isinstance(fault, OperationalError | InterfaceError | sqlite3.OperationalError):
        return None
    words = str(fault).lower()
    if "full" in words or "no space" in words:
        return 507, FULL
    if "readonly" in words or "read-only" in words or "disk i/o" in words or "unable to open" in words:
        return 503, UNWRITABLE
    return 503, AWAY
