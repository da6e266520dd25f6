"""An organisation takes its own data out of this installation: its facts, its key, and files that were still waiting."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal

from openpractice.store.secret import settle
from openpractice.web.audit.models import Action
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import Permission
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.own.deeds import Deed
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.own.rules import check_may

# Sent with `organisation` in a transaction before anything is deleted: what waits for its data waits no more.
leaving = Signal()
_ASIDE = ".leaving-"  # begins the name of a folder that is being deleted; no code begins with a point
# What remains, and why: told on the page before and after.
REMAINS = (
    ("The record", "It says who did what with the data and when, with names of people who work here, pseudonyms that were "
     "looked up, and the reasons given. No figures and no NHS numbers. It cannot be changed by anybody."),
    ("Accounts of uploads", "When a file came, its name and size, how many rows it had and how many were refused. No rows."),
    ("What others took away", "Figures and records that others exported while an agreement allowed it are with them."),
    ("Backups", "Whoever runs this installation may hold copies of the whole, also one that was put aside when a backup was "
     "restored. They contain the data until each copy is deleted by its own rule; ask them when that is."),
)  # fmt: skip


def leave(*, organisation: Organisation, typed: str, by: Any) -> None:
    """Delete all own data of an organisation, its key, and its files that wait or were refused. Nothing brings them back.

    Raises NotAllowed, also while a file is being read or received.
    """
    check_may(by, organisation, Permission.MANAGE_OWN)
    if typed.strip().casefold() != organisation.name.casefold():
        raise NotAllowed(f"Type the name of your organisation as it stands here: {organisation}.")
    home = home_of(organisation)
    deed = Deed(Action.OWN_DATA_DELETED, organisation.code, by)
    with ExitStack() as held:
        for lock in (home / "writer.lock", home / "arrived" / ".receiving"):
            if lock.parent.exists():
                held.enter_context(_alone(lock))
        deed.begin()
        with transaction.atomic():
            leaving.send(sender=leave, organisation=organisation)
        _delete([parent / organisation.code for parent in _parents()])
        deed.end()


def _parents() -> tuple[Path, ...]:
    """Where organisations have folders of their own; last the one whose being there says that not all is deleted."""
    inbox = Path(settings.HOME) / "inbox"
    return inbox, inbox / "refused", everybodys()


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


def _delete(folders: list[Path]) -> None:
    """First all out of everybody's sight, each in one step; then bit by bit."""
    aside = [folder.with_name(f"{_ASIDE}{folder.name}") for folder in folders]
    for folder, unseen in zip(folders, aside, strict=True):
        _remove(unseen)
        if folder.is_dir() and not folder.is_symlink():
            folder.rename(unseen)
            settle(folder.parent)
    for unseen in aside:
        _remove(unseen)


def _remove(folder: Path) -> None:
    """Wholly, even while somebody else does the same."""
    while folder.exists():
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)


def finish_leaving() -> None:
    """Delete what a server that was stopped half-way had put aside."""
    for parent in _parents():
        for aside in parent.glob(f"{_ASIDE}*"):
            _remove(aside)
            if parent == everybodys():
                Deed(Action.OWN_DATA_DELETED, aside.name.removeprefix(_ASIDE)).end()
