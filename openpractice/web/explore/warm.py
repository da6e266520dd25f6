"""What every page compares with, read ahead: the first page after a start, or after data arrive, waits less for it."""

from __future__ import annotations

import logging
import threading

from openpractice.present import overview
from openpractice.store import Store
from openpractice.web.explore.store import store as opened

PATIENCE = 10  # seconds that a page waits for what is being read, before it reads for itself

_reading: dict[tuple[str, int], threading.Thread] = {}
_lock = threading.Lock()


def begin() -> None:
    """Read ahead as soon as the server listens."""
    if store := opened():
        up(store, store.version)


def up(store: Store, version: int) -> threading.Thread:
    """The thread that reads in the background, one for each version of a store."""
    with _lock:
        key = (str(store.home), version)
        if key not in _reading:
            _reading[key] = threading.Thread(target=_read, args=(store,), name="reading ahead", daemon=True)
            _reading[key].start()
        return _reading[key]


def wait(store: Store) -> None:
    """For a page that compares: to read the same things twice at once would take twice as long."""
    up(store, store.version).join(PATIENCE)


def _read(store: Store) -> None:
    try:
        overview.read_ahead(store)
    except Exception:  # a page that needs what failed here will say so itself
        logging.getLogger("django").warning("Reading ahead was given up", exc_info=True)
