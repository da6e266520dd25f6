"""How much one program may ask in a minute, so that nobody's loop keeps everybody else waiting.

Counted in a window that slides: the whole of this minute, and of the last the part that lies less than sixty seconds back.
Each process counts for itself. For tokens the processes tell each other through Django's cache, each after every tenth
request, so a token may ask at most ten more a process than it should; open data, which cost no look into any database,
are counted in each process alone. This keeps a server usable. It is no meter.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db import DatabaseError

MINUTE = 60
TOLD_AFTER = 10
ROOM = 20_000  # callers remembered at once; beyond that those of earlier minutes are forgotten


@dataclass(frozen=True)
class Allowance:
    """What is left of a caller's minute."""

    limit: int
    left: int
    seconds: int  # until there is room for one more
    exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        found = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.seconds),
        }
        return found | ({"Retry-After": str(self.seconds)} if self.exceeded else {})


@dataclass
class _Counted:
    minute: int
    here: int = 0  # by this process in this minute
    others: int = 0  # by other processes in this minute, as far as they have told
    before: int = 0  # by all in the minute before
    untold: int = 0


@dataclass
class Limit:
    """So many a minute for each caller. With `shared`, processes that use one cache count together."""

    a_minute: int
    shared: bool = False
    clock: Callable[[], float] = time.time
    _callers: dict[str, _Counted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, caller: str, cost: int = 1) -> Allowance:
        """Count a request. What is beyond the limit is not counted, so that waiting always helps."""
        now = self.clock()
        minute, past = int(now // MINUTE), now % MINUTE
        with self._lock:
            counted = self._of(caller, minute)
            spent = counted.before * (1 - past / MINUTE) + counted.here + counted.others
            exceeded = spent + cost > self.a_minute
            if not exceeded:
                counted.here, counted.untold, spent = counted.here + cost, counted.untold + cost, spent + cost
            tell = self.shared and counted.untold >= TOLD_AFTER
            untold, counted.untold = (counted.untold, 0) if tell else (0, counted.untold)
        if tell:
            self._tell(caller, counted, untold)
        left = max(0, math.floor(self.a_minute - spent))
        return Allowance(self.a_minute, left, max(1, math.ceil(MINUTE - past)), exceeded)

    def _of(self, caller: str, minute: int) -> _Counted:
        counted = self._callers.get(caller)
        if counted is None or counted.minute != minute:
            whole = counted.here + counted.others if counted and counted.minute == minute - 1 else 0
            if len(self._callers) >= ROOM:
                self._callers = {k: c for k, c in self._callers.items() if c.minute >= minute - 1}
                if len(self._callers) >= ROOM:  # so many at once is an attack; everybody begins anew
                    self._callers = {}
            counted = self._callers[caller] = _Counted(minute, before=whole)
        return counted

    def _tell(self, caller: str, counted: _Counted, untold: int) -> None:
        """Add what this process has counted to what all have. Two that do so at one moment may lose one's ten."""
        key, cache = f"api-limit:{caller}:{counted.minute}", caches["default"]
        try:
            together = (cache.get(key) or 0) + untold
            cache.set(key, together, 2 * MINUTE)
        except (
            DatabaseError
        ):  # where the cache lies in a database that cannot be written, each process counts for itself
            return
        with self._lock:
            counted.others = max(0, together - counted.here)


def neighbourhood(address: str) -> str:
    """Whom an address belongs to: itself, or for IPv6 the network of a household, which has more than it could count."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/64", strict=False)) if known.version == 6 else str(known)
