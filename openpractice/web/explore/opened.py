"""The store that every page reads: opened when first asked for, kept open, followed as data arrive."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from openpractice.kinds import Refused
from openpractice.store import Store

_lock = threading.Lock()
_stores: dict[Path, Store] = {}


def store() -> Store | None:
    """The store in the settings' home, or None while nothing has been loaded there."""
    home = Path(settings.HOME)
    with _lock:
        if home not in _stores:
            try:
                _stores[home] = Store(home)
            except Refused:
                return None
    return _stores[home] if _stores[home].version else None
