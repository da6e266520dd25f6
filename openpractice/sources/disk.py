"""What the disk did, as an error of the operating system; DuckDB tells it in words of its own."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

OUT_OF_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FAULTS = (*OUT_OF_ROOM, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


def fault_of(trouble: BaseException) -> OSError | None:
    """The disk's own fault behind a trouble; None for anything else, such as a damaged file."""
    words = str(trouble)
    if isinstance(trouble, OSError):
        return trouble if trouble.errno in _FAULTS else None
    if isinstance(trouble, duckdb.OutOfMemoryException) and "max_temp_directory_size" in words:
        # DuckDB sets that size by itself, to what is free
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if isinstance(trouble, duckdb.IOException):  # by its last words, for before them stands a file's name
        first = words.partition("\n")[0]
        found = next((code for code in _FAULTS if first.endswith(f": {os.strerror(code)}")), None)
        return OSError(found, os.strerror(found)) if found else None
    return None


@contextmanager
def faults_told() -> Iterator[None]:
    """Let out the disk's faults as errors of the operating system, whoever met them."""
    try:
        yield
    except duckdb.Error as trouble:
        if fault := fault_of(trouble):
            raise fault from trouble
        raise
