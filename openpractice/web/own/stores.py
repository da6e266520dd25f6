"""Opening an organisation's own store. Nothing but this part, the border and the worker may do that; a test holds it so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.web.organisations.models import Organisation
from openpractice.web.own.place import home_of


@contextmanager
def opened(organisation: Organisation) -> Iterator[Store | None]:
    """The organisation's own store, or None while nothing is in it. It is let go of afterwards: on leaving it goes."""
    try:
        store = Store(home_of(organisation))
    except Refused:
        yield None
        return
    try:
        yield store if store.version else None
    finally:
        store.close()


def edition(store: Store) -> tuple[str, int, str]:
    """Tells what a store holds from what it held before, also after everything was deleted and begun anew."""
    begun = store.catalogue.execute("SELECT at FROM versions ORDER BY version LIMIT 1").fetchone()
    return str(store.home), store.version, begun[0] if begun else ""
