"""A page of shared figures that is open: told when the figures change, and closed when it may no longer be seen.

A page outlives the request that drew it, and may outlive the agreement, the membership or the session. So while it is
open all of them are asked again, every two seconds, and the record says when one of them ended it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest

from openpractice.web import live
from openpractice.web.agreements.decide import Decision
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Action
from openpractice.web.config import seeing
from openpractice.web.organisations.acting import Acting, acting
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.needs import missing_second_factor
from openpractice.web.sharing.allowed import answer, note
from openpractice.web.sharing.border import state_of

ASK_AGAIN = 2.0  # seconds after which it is asked anew whether the page may still be seen
STEP = 0.25  # seconds in which a server that is to stop is heeded
SIGN_OF_LIFE = 15.0  # seconds; proxies close what is silent


@dataclass(frozen=True)
class OpenPage:
    """Who has which figures open, on which grounds."""

    now: Acting
    session: str
    owner: Organisation
    purpose: Purpose
    topic: str
    granularity: Granularity

    def state(self) -> tuple[str, tuple[str, ...]]:
        """What the figures are like now, or why they may not be seen any more. The latter is written down."""
        try:
            found, why = self._still()
            if found.allowed:
                return state_of(self.owner), ()
            note(self.now, self.owner, self.purpose, Action.SHARED_CLOSED, self.topic, found, why)
            return "", found.reasons
        finally:
            close_old_connections()

    def _still(self) -> tuple[Decision, str]:
        seeing.begin()
        request = HttpRequest()
        request.session = SessionStore(self.session)
        request.user = get_user(request)
        if not request.user.is_authenticated:
            seeing.note(self.now.person)  # for the entry: it was theirs
            return _no("You have signed out."), "signed out"
        seeing.note(request.user)
        now = acting(request)
        if now is None or now.membership.pk != self.now.membership.pk:
            return _no(f"You do not act for {self.now.organisation} any more."), "the membership ended or changed"
        if missing_second_factor(now):
            return _no(f"Your role at {now.organisation} needs a second factor by now."), "a second factor is needed"
        found = answer(now, Organisation.objects.get(pk=self.owner.pk), self.purpose, self.topic, self.granularity)
        return found, " ".join(found.reasons)[:300]


def _no(reason: str) -> Decision:
    return Decision(False, (reason,))


async def events(page: OpenPage) -> AsyncIterator[bytes]:
    """Server-sent events: `figures` with a mark that changes when they do, and `ended` with the reasons, the last one."""
    ask = sync_to_async(page.state, thread_sensitive=False)  # threads are shared: an open page holds none
    shown, spoke = None, time.monotonic()
    yield b"retry: 3000\n\n"
    while not live.stopping():
        mark, reasons = await ask()
        if reasons:
            yield _event("ended", reasons)
            return
        if mark != shown:
            yield _event("figures", mark)
            shown, spoke = mark, time.monotonic()
        elif time.monotonic() - spoke > SIGN_OF_LIFE:
            yield b": still here\n\n"
            spoke = time.monotonic()
        until = time.monotonic() + ASK_AGAIN
        while time.monotonic() < until and not live.stopping():
            await asyncio.sleep(STEP)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
