"""An organisation takes its own data out of this installation: its facts, its key, and files that were still waiting."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.own.rules import check_may

# Sent with `organisation` in the transaction of the deletion, so that whatever waits for its data waits no more.
leaving = Signal()
_ASIDE = ".leaving-"  # begins the name of a folder that is being deleted; no code begins with a point
# What remains, and why: told on the page before and after.
REMAINS = (
    ("The record", "It says who did what with the data and when, with names of people who work here, pseudonyms that were "
     "looked up, and the reasons given. No figures and no NHS numbers. It cannot be changed by anybody."),
    ("Accounts of uploads", "When a file came, its name and size, how many rows it had and how many were refused. No rows."),
    ("What others took away", "Figures and records that others exported while an agreement allowed it are with them."),
    ("Backups", "Whoever runs this installation may hold copies of the whole. They contain the data until each copy is "
     "deleted by its own rule; ask them when that is."),
)  # fmt: skip


def leave(*, organisation: Organisation, typed: str, by: Any) -> None:
    """Delete all own data of an organisation, its key and its waiting files. Nothing brings them back.

    Raises NotAllowed, also while a file is being read or received.
    """
    check_may(by, organisation, Permission.MANAGE_OWN)
    if typed.strip().casefold() != organisation.name.casefold():
        raise NotAllowed(f"Type the name of your organisation as it stands here: {organisation}.")
    home = home_of(organisation)
    with ExitStack() as held, transaction.atomic():
        for lock in (home / "writer.lock", home / "arrived" / ".receiving"):
            if lock.parent.exists():
                held.enter_context(_alone(lock))
        write(Action.OWN_DATA_DELETED, by=by, acting_for=organisation.code, about=organisation.code)
        leaving.send(sender=leave, organisation=organisation)
        for folder in (home, Path(settings.HOME) / "inbox" / organisation.code):
            _delete(folder)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Nobody reads a file into the store, or receives one, meanwhile."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as busy:
        raise NotAllowed(
            "A file is coming in or being read at this moment. Stop it, or wait until it is done."
        ) from busy
    finally:
        os.close(handle)


def _delete(folder: Path) -> None:
    """First out of everybody's sight, in one step; then bit by bit."""
    if not folder.exists():
        return
    aside = folder.with_name(f"{_ASIDE}{folder.name}")
    if aside.exists():
        shutil.rmtree(aside)
    folder.rename(aside)
    shutil.rmtree(aside)


def finish_leaving() -> None:
    """Delete what a server that was stopped half-way had put aside."""
    for aside in everybodys().glob(f"{_ASIDE}*"):
        with transaction.atomic():
            write(Action.OWN_DATA_DELETED, who="the installation", about=aside.name.removeprefix(_ASIDE))
        shutil.rmtree(aside)
