"""What the watched folder could not receive: laid by for its sender in HOME/inbox/refused/CODE/ with a note, and not for ever."""

from __future__ import annotations

import datetime
import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

from openpractice.web.uploads.names import tidy

FOLDER = "refused"
KEPT = datetime.timedelta(days=30)  # it may hold NHS numbers
_WHEN = "%Y-%m-%d-%H%M%S"
_LETTERS = len("2026-01-31-235959")


def lay_by(inbox: Path, code: str, path: Path, why: str) -> None:
    """Move it aside, under a name that nothing has yet, with a note of the reason."""
    aside = inbox / FOLDER / tidy(code)
    for folder in (aside.parent, aside):
        folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{timezone.now():{_WHEN}}-{tidy(path.name)}"
    while (aside / name).exists():
        name = f"{name[:_LETTERS]}-again{name[_LETTERS:]}"
    path.rename(aside / name)
    (aside / f"{name}.why.txt").write_text(why + "\n", encoding="utf-8")


def forget_old(inbox: Path) -> int:
    """Delete what was laid by long enough ago; returns how much."""
    return sum(_forgotten(path) for path in inbox.glob(f"{FOLDER}/*/*"))


def _forgotten(path: Path) -> bool:
    with suppress(FileNotFoundError):
        if timezone.now() - _since(path) > KEPT:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else os.unlink(path)
            return True
    return False


def _since(path: Path) -> datetime.datetime:
    """When it was laid by, as its name says; or else when it was last changed or moved."""
    try:
        return datetime.datetime.strptime(path.name[:_LETTERS], _WHEN).replace(tzinfo=datetime.UTC)
    except ValueError:
        return datetime.datetime.fromtimestamp(path.lstat().st_ctime, datetime.UTC)
