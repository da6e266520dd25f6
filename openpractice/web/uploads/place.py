"""Where an uploaded file lies until it was read, and into whose store it goes.

A practice's files lie in the practice's own folder and those of published data in the home: each in a folder of its
own, so that its name can stay what its owner knows it by. Nobody but the account of this program may open them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from openpractice.kinds import Owner
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.keys import owner_of as own_key
from openpractice.web.own.place import everybodys, home_of
from openpractice.web.uploads.models import Upload

_LOCK = ".receiving"


def store_of(organisation: Organisation | None) -> Path:
    """The home of the store that a file goes to. Raises Refused where an organisation's code names no folder."""
    return home_of(organisation) if organisation else Path(settings.HOME)


def owner_of(organisation: Organisation | None) -> Owner | None:
    """Whose the file is; nobody's, when it was published."""
    return own_key(organisation) if organisation else None


def arrived_in(organisation: Organisation | None) -> Path:
    """The folder in which an organisation's files wait."""
    return store_of(organisation) / "arrived"


def file_of(upload: Upload) -> Path:
    """Where the file of an upload lies while it waits."""
    return arrived_in(upload.organisation) / upload.folder / upload.name


def forget_file(upload: Upload) -> None:
    """Delete the file, whatever became of it: it may hold NHS numbers."""
    shutil.rmtree(file_of(upload).parent, ignore_errors=True)


@contextmanager
def receiving(arrived: Path) -> Iterator[None]:
    """While a file comes in and its row is not written yet: nobody sweeps this folder."""
    arrived.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(arrived, fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(arrived: Path, kind: int) -> Iterator[None]:
    lock = os.open(arrived / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, kind)
        yield
    finally:
        os.close(lock)


def sweep(expected: Callable[[], set[str]]) -> int:
    """Delete what lies in any folder of arrivals and no upload waits for; returns how many.

    `expected` names the folders that are waited for. It is asked once nothing can be coming in any more. A folder into
    which something is coming at this moment is left for the next time.
    """
    swept = 0
    for arrived in (Path(settings.HOME) / "arrived", *everybodys().glob("*/arrived")):
        with suppress(FileNotFoundError, BlockingIOError), _locked(arrived, fcntl.LOCK_EX | fcntl.LOCK_NB):
            waited_for = expected()
            for folder in arrived.iterdir():
                if folder.name not in waited_for and folder.name != _LOCK:
                    shutil.rmtree(folder, ignore_errors=True)
                    swept += 1
    return swept
