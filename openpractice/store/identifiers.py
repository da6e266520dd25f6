"""The sealed identifiers of a practice: which NHS number, or clinician's name, each pseudonym stands for."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from openpractice.kinds import Refused
from openpractice.store.secret import Secret

_SCHEMA = """
CREATE TABLE IF NOT EXISTS identifiers (
  pseudonym TEXT PRIMARY KEY, sealed BLOB NOT NULL, key TEXT NOT NULL) WITHOUT ROWID
"""


class Identifiers:
    """A table of pseudonym, sealed identifier and the fingerprint of the key, in one SQLite file.

    Nothing in it can be read, or even counted up from NHS numbers, without the key. What is deleted is overwritten.
    """

    def __init__(self, file: Path):
        self.file = file

    def known(self, secret: Secret, kind: str, identifiers: Sequence[str]) -> list[str]:
        """The pseudonym of each identifier. Those not met before are sealed, and on the disk, when this returns."""
        pseudonyms = {identifier: secret.pseudonym(kind, identifier) for identifier in set(identifiers)}
        with self._writing() as con:
            there = {p for (p,) in con.execute("SELECT pseudonym FROM identifiers WHERE key = ?", [secret.fingerprint])}
            _insert(con, secret, ((p, i) for i, p in sorted(pseudonyms.items()) if p not in there))
        return [pseudonyms[identifier] for identifier in identifiers]

    def opened(self, secret: Secret, pseudonym: str) -> str | None:
        """The identifier behind a pseudonym; None for one that was never made with this key."""
        if not self.file.exists():
            return None
        with self._writing() as con:
            found = con.execute(
                "SELECT sealed FROM identifiers WHERE pseudonym = ? AND key = ?", [pseudonym, secret.fingerprint]
            ).fetchone()
        return secret.opened(pseudonym, found[0]) if found else None

    def renewed(self, old: Secret, new: Secret, pseudonyms: set[str]) -> dict[str, str]:
        """Seal the identifiers of these pseudonyms with a new key as well; returns old pseudonym → new one.

        Raises Refused when one of them has no identifier: its records could not be renamed.
        """
        renewed, sealed = {}, []
        with self._writing() as con:
            rows = con.execute("SELECT pseudonym, sealed FROM identifiers WHERE key = ?", [old.fingerprint])
            found = {pseudonym: seal for pseudonym, seal in rows if pseudonym in pseudonyms}
            if len(found) < len(pseudonyms):
                raise Refused(
                    f"{len(pseudonyms) - len(found):,} of this practice's pseudonyms have no sealed identifier, so no new key "
                    "can be taken. Restore the practice's folder from a backup."
                )
            for pseudonym, seal in found.items():
                identifier = old.opened(pseudonym, seal)
                kind = {"p": "patient", "c": "clinician"}[pseudonym[0]]
                renewed[pseudonym] = new.pseudonym(kind, identifier)
                sealed.append((renewed[pseudonym], identifier))
            _insert(con, new, sealed)
        return renewed

    def forget_other_keys(self, secret: Secret) -> None:
        """Delete what was sealed with any other key than this."""
        if self.file.exists():
            with self._writing() as con:
                con.execute("DELETE FROM identifiers WHERE key <> ?", [secret.fingerprint])

    def keep_only(self, pseudonyms: set[str]) -> None:
        """Delete whatever stands for somebody else than these."""
        if self.file.exists():
            with self._writing() as con:
                there = {p for (p,) in con.execute("SELECT pseudonym FROM identifiers")}
                con.executemany("DELETE FROM identifiers WHERE pseudonym = ?", [(p,) for p in there - pseudonyms])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))  # its journal gets the same permissions
        con = sqlite3.connect(self.file, isolation_level=None, timeout=60)
        try:
            con.execute("PRAGMA synchronous = FULL")
            con.execute("PRAGMA secure_delete = ON")
            con.execute(_SCHEMA)
            con.execute("BEGIN IMMEDIATE")
            yield con
            con.execute("COMMIT")
        finally:  # closed without a commit, nothing has happened
            con.close()


def _insert(con: sqlite3.Connection, secret: Secret, identified: Iterator | Sequence) -> None:
    con.executemany(
        "INSERT OR REPLACE INTO identifiers VALUES (?, ?, ?)",
        ((p, secret.sealed(p, identifier), secret.fingerprint) for p, identifier in identified),
    )
