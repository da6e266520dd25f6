"""The way back: a backup is read and verified as a whole beside what is there; only then does it take its place.

What was there is put aside and not deleted: whoever restores the wrong backup can still go back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from openpractice.kinds import Refused
from openpractice.store.secret import settle
from openpractice.web.config.backup import archive, databases, moment
from openpractice.web.config.database import as_owner
from openpractice.web.config.occupied import RESTORING, stopped

STAYING = (".lock", RESTORING, moment.ASIDE)  # while everything else is put aside


def check_home(home: Path, replace: bool) -> None:
    """Raises Refused where a home has anything in it that would have to be put aside, unless that is asked for."""
    if not replace and any(_movable(home)):
        raise Refused(
            f"There is something in {home} already. Restore into an empty folder with 'openpractice --home NEW restore …', "
            "or add --replace: what is there is then put aside."
        )


def restore(home: Path, source: Path, passphrase: str | None, when: str, *, replace: bool) -> tuple[dict, list[str]]:
    """Put back everything that a backup holds; what it says of itself, and where what was there has been put.

    Raises Refused, and then nothing has been changed.
    """
    with stopped(home):
        check_home(home, replace)
        with as_owner():
            if not replace and databases.has_tables():
                raise Refused("There are tables in the database already. Add --replace: they are then put aside.")
            if databases.kind() == databases.POSTGRESQL:
                databases.check_may_replace()
        with _unpacking(home) as folder:
            said = archive.read(
                source, passphrase, lambda about: _begin(about, home), lambda *file: _keep(folder, *file)
            )
            _check_stores(source, folder / "home", said)
            for inside, _, _ in os.walk(folder):
                settle(Path(inside))
            return said, _replace(home, folder, when)


@contextmanager
def _unpacking(home: Path) -> Iterator[Path]:
    """A folder to unpack in. While it is there the home may be half restored, and nobody begins to work in it.

    What a restore that was killed had unpacked goes at once. Its folder stays, empty, until one has come to its end.
    """
    folder = Path(tempfile.mkdtemp(prefix=RESTORING, dir=home))
    killed = [left for left in home.glob(f"{RESTORING}*") if left != folder]
    try:
        for left in killed:
            shutil.rmtree(left)
            left.mkdir()
        settle(home)
        yield folder
        for left in killed:
            left.rmdir()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _begin(about: dict[str, Any], home: Path) -> None:
    if about.get("database") != databases.kind():
        other = "PostgreSQL" if about.get("database") == databases.POSTGRESQL else "SQLite"
        raise Refused(f"The backup holds a database of {other}. Set OPENPRACTICE_DATABASE_URL to one of that kind.")
    room = shutil.disk_usage(home).free
    if room < about["bytes"]:
        raise Refused(f"The backup needs {about['bytes']:,} bytes in {home}, and {room:,} are free. Make room first.")
    if about["database"] == databases.POSTGRESQL:
        databases.find("pg_restore")


def _keep(folder: Path, name: str, file: BinaryIO) -> str:
    """Unpack one file, for this account only. Its name was looked at: it stays inside."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as to:
        fingerprint = archive.copy(file, to)
        to.flush()
        os.fsync(to.fileno())
    return fingerprint


def _check_stores(source: Path, home: Path, said: dict[str, Any]) -> None:
    """Open each store that came out, before it takes anybody's place."""
    home.mkdir(exist_ok=True)
    if moment.counted(home) != said.get("stores"):
        raise Refused(f"{source.name} does not hold the stores that it says. Use another backup.")
    if not (home.parent / said["database"]).is_file():
        raise Refused(f"{source.name} holds no database. Use another backup.")


def _replace(home: Path, folder: Path, when: str) -> list[str]:
    """Every step is a change of a name on the same disk."""
    with as_owner():
        if databases.kind() == databases.SQLITE:
            return _swap(home, folder, when, databases.sqlite_file())
        with databases.replaced(folder / databases.POSTGRESQL, when) as aside:
            put = _swap(home, folder, when, None)
        return [*put, f"the schema {aside} of the database"] if aside else put


def _swap(home: Path, folder: Path, when: str, database: Path | None) -> list[str]:
    """Put aside what is there, and what was unpacked in its place. If a step fails, the steps before it are undone."""
    aside, there = home / f"{moment.ASIDE}{when}", list(_movable(home))
    if database and database.parent != home:
        there += [path for path in (database, *(_beside(database, log) for log in ("-wal", "-shm"))) if path.exists()]
    moves = [(path, aside / path.name) for path in there]
    moves += [(path, home / path.name) for path in (folder / "home").iterdir()]
    if database:
        moves.append((folder / databases.SQLITE, database))
    aside.mkdir(mode=0o700)
    with ExitStack() as undo:
        for before, after in moves:
            shutil.move(before, after)
            undo.callback(shutil.move, after, before)
        for changed in {home, aside, *(after.parent for _, after in moves), *([database] if database else ())}:
            settle(changed)
        undo.pop_all()  # nothing failed
    if not there:
        aside.rmdir()
    return [str(aside)] if there else []


def _beside(database: Path, log: str) -> Path:
    return database.with_name(database.name + log)


def _movable(home: Path) -> Iterator[Path]:
    """What a home holds, but for locks, and what this program has put aside or is unpacking."""
    for path in home.iterdir() if home.is_dir() else ():
        if not path.name.endswith(STAYING[0]) and not path.name.startswith(STAYING[1:]):
            yield path
