"""How one thread stops what another one does, also deep inside a query; what was done until then never counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


class Stopped(BaseException):
    """Raised in the work that was asked to stop. No file's trouble, so nothing that reads files may take it for one."""


class Stopping:
    """Asked from outside, heeded inside: between steps by `heed`, within a query because its connection is interrupted."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()

    def ask(self) -> None:
        """Ask again until the work has ended: an interrupt reaches only the query that runs at that moment."""
        self._asked.set()
        with self._lock:
            if self._con:
                self._con.interrupt()

    def heed(self) -> None:
        """Raise Stopped when that was asked for."""
        if self._asked.is_set():
            raise Stopped

    @contextmanager
    def within(self, con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
        """Queries of this connection can be stopped; it is closed at the end."""
        with self._lock:
            self._con = con
        try:
            self.heed()
            yield con
        finally:
            with self._lock:
                self._con = None
                con.close()
