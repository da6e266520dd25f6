"""Everything as it is at one moment, laid into a folder, while servers and workers go on.

Nobody may change a store while its writer's lock is held, and what a store once wrote never changes. So the locks of all
stores are taken together, for as long as it takes to begin a snapshot of the database, to copy each catalogue and to
give each file of facts a second name: a fraction of a second. Uploads go on arriving meanwhile, and so do sign-ins.

Nothing that is named is missing: files that wait to be read get their second name both before and after the moment at
which the database speaks of them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from openpractice.kinds import Refused
from openpractice.store import catalogue
from openpractice.web.config.occupied import RESTORING

PATIENCE = 600  # seconds until a load has ended
STAGING, ASIDE = ".backup-", "replaced-"
# Made again or fetched again when it is needed, a key that was never used, and the folder of stores of their own; and
# what a running program keeps for itself.
LEFT_OUT = {"tmp", "cache", "static", "downloads", "key.made", "own"}
PASSING = (".lock", ".alive", "-wal", "-shm", "-journal", ".part")
KEYS = ("key", "identifiers.sqlite")  # with these begin the names of what tells whom a pseudonym stands for
WAITING = ("arrived", "inbox")  # files as they came, with names and NHS numbers
NEVER_CHANGED = {"facts", "presence", "derived", "arrived", "inbox"}  # written once, and then only named or not


def stores(home: Path) -> list[Path]:
    """The folder of every store of an installation: everybody's facts first, then each organisation's own."""
    own = sorted(one for one in (home / "own").glob("*") if one.is_dir() and not one.name.startswith("."))
    return [home, *own]


@contextmanager
def staged(home: Path) -> Iterator[Path]:
    """A folder inside the home, on the same disk, which is gone afterwards. What killed backups left goes first."""
    with (home / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Refused(f"Another backup of {home} is being made. Wait until it is done.") from busy
        for left in home.glob(f"{STAGING}*"):
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=home))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def take(home: Path, folder: Path, database: Callable[[], None], *, but: Path | None, keys: bool = True) -> None:
    """Lay everything into `folder`, `but` the file of a database; `database` begins its snapshot. Raises Refused.

    Without `keys` nothing in it says who anybody is: neither keys and seals, nor files that wait as they came.
    """
    with ExitStack() as held:
        _hold(home, held)
        if keys:
            _waiting(home, folder)
        database()
        for store in stores(home):
            _store(home, store, folder, but, keys)


def _hold(home: Path, held: ExitStack) -> None:
    """The writer's lock of each store, once nobody else has it."""
    until = time.monotonic() + PATIENCE
    for store in stores(home):
        lock = held.enter_context((store / "writer.lock").open("w"))
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as busy:
                if time.monotonic() > until:
                    raise Refused(
                        f"{store} has been written to for ten minutes. Make the backup when the load has ended."
                    ) from busy
                time.sleep(0.02)


def _waiting(home: Path, folder: Path) -> None:
    """Second names for the files that wait to be read. One that is gone in this moment has been read, or taken in."""
    for store in stores(home):
        for path in _files(store, lambda inside: inside[0] in WAITING and _kept(inside)):
            _second_name(path, folder / "home" / path.relative_to(home))


def _store(home: Path, store: Path, folder: Path, but: Path | None, keys: bool) -> None:
    with ExitStack() as held:
        if (store / "key").exists():  # while an old key is put away, neither key counts
            lock = held.enter_context((store / "key.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        for path in _files(store, lambda inside: _kept(inside, keys)):
            if path != but:
                inside = path.relative_to(store).parts[0]
                lay = _second_name if inside in NEVER_CHANGED else _copied
                lay(path, folder / "home" / path.relative_to(home))


def _kept(inside: tuple[str, ...], keys: bool = True) -> bool:
    """Whether a backup holds a file or a folder, by its place in its store.

    What was refused lies in the inbox for its sender to fetch, and must not outlive its days there in a backup.
    """
    if inside[0] in LEFT_OUT or inside == ("inbox", "refused"):
        return False
    return keys or not (inside[0] in WAITING or inside[0].startswith(KEYS))


def _files(folder: Path, kept: Callable[[tuple[str, ...]], bool]) -> Iterator[Path]:
    """The plain files below a folder that are kept by their place in it. Links are not followed, and not kept."""
    for top, names, files in os.walk(folder):
        at = Path(top).relative_to(folder).parts
        gone = (STAGING, RESTORING, ASIDE, ".leaving-")
        names[:] = [name for name in names if not name.startswith(gone) and kept((*at, name))]
        for name in files:
            path = Path(top, name)
            passing = name.endswith(PASSING) or name == ".receiving" or not kept((*at, name))
            if not passing and not path.is_symlink() and path.is_file():
                yield path


def _second_name(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileExistsError:
        pass  # of the first time
    except FileNotFoundError:
        if path.suffix == ".parquet":
            raise
    except OSError:  # a file system without second names, or somebody else's file
        with suppress(FileNotFoundError):
            shutil.copyfile(path, target)


def _copied(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_sqlite(path):
        copy_sqlite(path, target)
    else:
        shutil.copyfile(path, target)


def is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def copy_sqlite(path: Path, target: Path) -> None:
    """A database as it is at this moment, whoever writes to it meanwhile."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def counted(home: Path) -> dict[str, dict[str, int]]:
    """Of each store that has anything: its version, and how many parts and results it holds."""
    found = {}
    for store in stores(home):
        if catalogue.path_of(store).exists():
            with closing(catalogue.open_reader(store)) as con:
                numbers = {n: con.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in ("parts", "results")}
                found[str(store.relative_to(home))] = {"version": catalogue.version(con), **numbers}
    return found
