"""A practice's key ring: how its patients become pseudonyms, and how it alone finds out whom one stands for.

It lies in the practice's own folder, beside its facts: `key`, and `identifiers.sqlite` with each pseudonym and, sealed,
the NHS number or the clinician's name behind it. Both files are for the program's own account only (mode 0600).

A new key is taken with the facts in one change. Until that change is committed the old key counts, from then on the
new one, and the facts' catalogue says which; so a rotation that is cut off at any moment has happened or it has not.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from openpractice.kinds import Owner, Refused
from openpractice.store import catalogue, rewriting
from openpractice.store.identifiers import Identifiers
from openpractice.store.secret import LENGTH, Secret, settle
from openpractice.store.store import writing

PATIENT, CLINICIAN = "patient", "clinician"


class KeyRing:
    """The keys of the practice whose own folder this is. `KeyRing.open_or_make(folder)` gives one."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._file, self._next = folder / "key", folder / "key.next"
        self._identifiers = Identifiers(folder / "identifiers.sqlite")

    @classmethod
    def open_or_make(cls, folder: Path) -> KeyRing:
        """The ring in a practice's own folder; made, with a new key, when there is none yet.

        Raises Refused when the key is gone although something was sealed with it: a new one would not fit.
        """
        ring = cls(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "key.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ring._file.exists():
                ring._make()
            ring._put_away()
        return ring

    def owner(self, code: str, name: str = "") -> Owner:
        """The practice as an ingest wants it: `ingest(folder, files, owner=ring.owner("Y99001", "Fiction Surgery"))`."""
        return Owner(code, self.pseudonyms, self.clinicians, name)

    def pseudonyms(self, numbers: Sequence[str]) -> list[str]:
        """The pseudonym of each NHS number, the same one for the same number; the numbers are sealed at once.

        Ask while the store is held for writing, as an ingest does: between two rotations the answers differ.
        """
        return self._identifiers.known(self._secret(), PATIENT, numbers)

    def clinicians(self, names: Sequence[str]) -> list[str]:
        """The pseudonym of each clinician's name; sealed in the same way."""
        return self._identifiers.known(self._secret(), CLINICIAN, names)

    def number_of(self, pseudonym: str) -> str | None:
        """The NHS number that a pseudonym stands for, or None when it is no patient of this practice.

        Whoever calls this has checked that it is for direct care, and writes down that it was done.
        """
        return self._identifiers.opened(self._secret(), pseudonym) if pseudonym.startswith(PATIENT[0]) else None

    @property
    def fingerprint(self) -> str:
        """Tells one key from the next without telling anything of either."""
        return self._secret().fingerprint

    def rotate(self, begin: Callable[[], object] = lambda: None) -> None:
        """Take a new key and give every record its new pseudonym, in one change: wholly or not at all.

        `begin` is called once nobody else can write, and before anything changes; if it raises, nothing does.

        Afterwards the old key is overwritten and removed, and identifiers that no record uses any more are forgotten.
        Raises Refused while an ingest is at work.
        """
        with writing(self.folder, "new key for pseudonyms") as change:
            self._finish()
            self._next.unlink(missing_ok=True)  # of a rotation that was cut off before it counted
            begin()
            old, new = Secret.read(self._file), Secret.new()
            self._identifiers.forget_other_keys(old)
            new.write(self._next)
            rewriting.rename(change, self._identifiers.renewed(old, new, rewriting.in_use(change)))
            change.catalogue.execute("INSERT OR REPLACE INTO meta VALUES ('key', ?)", [new.fingerprint])
        self._finish()
        with suppress(Refused), writing(self.folder, "old pseudonyms removed"):
            pass  # opening it sweeps away the files that are named no more; an ingest at work has just done so

    def forget_unused(self) -> None:
        """Forget the identifiers that no record bears, or ever bore. Raises Refused while an ingest is at work."""
        if not self._identifiers.file.exists():
            return
        with writing(self.folder, "identifiers without records removed") as change:
            self._identifiers.keep_only(rewriting.in_use(change))

    def for_receiver(self, whose: str) -> Callable[[str], str]:
        """How records call a person when they leave the practice: pseudonym → another one, the same for one receiver.

        What two receivers hold cannot be joined by it, and neither can turn it back. A new key changes these as well.
        """
        return self._secret().for_receiver(whose)

    def _make(self) -> None:
        if self._identifiers.file.exists() or self._counted() is not None:
            raise Refused(
                f"The key of this practice is missing from {self.folder}, and what was sealed with it is there. Restore "
                "the practice's folder from a backup; a new key would not fit."
            )
        made = self.folder / "key.made"  # whole and on the disk before it has its name; a killed one was never used
        made.unlink(missing_ok=True)
        Secret.new().write(made)
        os.replace(made, self._file)
        settle(self.folder)

    def _secret(self) -> Secret:
        """The key that counts now, whatever moment a rotation was cut off at."""
        with suppress(FileNotFoundError):  # renamed at this moment
            renewed = Secret.read(self._next)
            if renewed.fingerprint == self._counted():
                return renewed
        return Secret.read(self._file)

    def _counted(self) -> str | None:
        """The fingerprint of the key that the facts were rewritten with, or None when they never were."""
        if not catalogue.path_of(self.folder).exists():
            return None
        with closing(catalogue.open_reader(self.folder)) as con, suppress(sqlite3.OperationalError):  # being made
            found = con.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
            return found[0] if found else None
        return None

    def _finish(self) -> None:
        """Once a new key counts: overwrite the old one, put the new one in its place, forget the old seals."""
        with (self.folder / "key.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._put_away()

    def _put_away(self) -> None:
        if not self._next.exists() or Secret.read(self._next).fingerprint != self._counted():
            return
        with self._file.open("r+b") as old:
            old.write(bytes(LENGTH))
            old.flush()
            os.fsync(old.fileno())
        os.replace(self._next, self._file)
        settle(self.folder)
        self._identifiers.forget_other_keys(Secret.read(self._file))
