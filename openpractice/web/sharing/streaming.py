"""Records on their way out as a CSV file, a piece at a time, so that a large book needs little memory."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from itertools import islice

from asgiref.sync import sync_to_async

from openpractice.store.rows import PIECE
from openpractice.web.sharing.records import Records


class RecordFile:
    """The text of records, as an asynchronous server sends it. What it reads from is let go of at its end."""

    def __init__(self, records: AbstractContextManager[Records]):
        self._records = records
        self._found = records.__enter__()  # says at once what is not allowed
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            yield b"\xef\xbb\xbf" + _text([self._found.columns])  # the mark that tells Excel: UTF-8
            while some := await sync_to_async(self._piece, thread_sensitive=False)():
                yield some
        finally:
            self.close()

    def _piece(self) -> bytes:
        return _text(islice(self._found.rows, PIECE))

    def close(self) -> None:
        """Asked for by Django at the end, and where a visitor leaves before it."""
        if self._open:
            self._open = False
            self._records.__exit__(None, None, None)


def _text(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()
