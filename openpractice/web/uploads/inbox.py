"""The watched folder: what is laid into HOME/inbox/CODE/ is received as that organisation's own, and what is laid into
HOME/inbox/published/ as published data for everybody. What cannot be received goes to HOME/inbox/refused/, with a note.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from openpractice.kinds import Refused
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import actions
from openpractice.web.uploads.arriving import NotReceived
from openpractice.web.uploads.models import How
from openpractice.web.uploads.names import tidy

STILL = 3.0  # seconds without a change, after which a file is taken for whole
PUBLISHED, ASIDE = "published", "refused"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", "~")  # names under which programs copy


class Inbox:
    """The folder, and what was seen there the last time."""

    def __init__(self) -> None:
        self.folder = Path(settings.HOME) / "inbox"
        self.seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def look(self) -> int:
        """Receive every file that has not changed for some seconds; returns how many came in."""
        there = dict(self._there())
        self.seen = {path: seen for path, seen in self.seen.items() if path in there}
        return sum(self._take(path, found) for path, found in there.items() if self._is_still(path, found))

    def _there(self) -> Iterator[tuple[Path, os.stat_result]]:
        for folder in _inside(self.folder):
            if folder.name != ASIDE and folder.is_dir(follow_symlinks=False):
                for entry in _inside(Path(folder.path)):
                    if not entry.name.startswith((".", "~")) and not entry.name.lower().endswith(UNFINISHED):
                        with suppress(FileNotFoundError):  # gone in this moment
                            yield Path(entry.path), entry.stat(follow_symlinks=False)

    def _is_still(self, path: Path, found: os.stat_result) -> bool:
        mark, now = (found.st_size, found.st_mtime_ns), time.monotonic()
        before = self.seen.get(path)
        if before is None or before[0] != mark:
            self.seen[path] = (mark, now)
            return False
        return now - before[1] >= STILL

    def _take(self, path: Path, found: os.stat_result) -> bool:
        try:
            self._receive(path, found)
        except NotReceived as trouble:
            if trouble.status >= 500:  # the server's trouble, not the file's: it may stay where it is
                self.seen.pop(path)
                return False
            self._aside(path, str(trouble))
            return False
        except (NotAllowed, Refused) as why:
            self._aside(path, str(why))
            return False
        path.unlink(missing_ok=True)
        return True

    def _receive(self, path: Path, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{path.name} is a folder or a link. Put the file itself into {path.parent.name}.")
        code = path.parent.name
        organisation = None if code == PUBLISHED else Organisation.objects.filter(code=code).first()
        if organisation is None and code != PUBLISHED:
            raise Refused(
                f"No organisation here has the code {tidy(code)}. Name the folder after one that has been added."
            )
        # Not followed and never waited for, should it have become something else since it was looked at.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            actions.receive(organisation=organisation, by=None, how=How.FOLDER, name=path.name, stream=file)

    def _aside(self, path: Path, why: str) -> None:
        """Lay it by, under a name that nothing has yet, with a note of the reason."""
        aside = self.folder / ASIDE
        aside.mkdir(mode=0o700, exist_ok=True)
        name = f"{time.strftime('%Y-%m-%d-%H%M%S')}-{tidy(path.parent.name)}-{tidy(path.name)}"
        while (aside / name).exists():
            name = f"again-{name}"
        path.rename(aside / name)
        (aside / f"{name}.why.txt").write_text(why + "\n", encoding="utf-8")


def _inside(folder: Path) -> list[os.DirEntry]:
    """What is in a folder, in order; nothing, where there is none or it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
