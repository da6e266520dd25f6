"""The one store this process reads, opened when a page first needs it."""

import threading

from django.conf import settings

from openpractice.kinds import Refused
from openpractice.store import Store

_opened: list[Store] = []
_lock = threading.Lock()


def store() -> Store | None:
    """The store of this installation, or None while nothing has been loaded. Cheap enough to ask for on every page."""
    with _lock:
        if not _opened:
            try:
                _opened.append(Store(settings.HOME))
            except Refused:
                return None
    return _opened[0] if _opened[0].version else None
