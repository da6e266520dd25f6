"""How long the server works on each open page of the sample, against a Django view that does nothing.

Pages and the empty view are asked for in turns, through the same ASGI handler, settings and middleware, in one process.
Warm means that the page was asked for before since data arrived. The first time of asking is told apart, without a target.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from bench.evaluate import SAMPLE
from openpractice.analysis.recompute import ingest_bundle

ROUNDS = 60
TARGET, AIM = 10, 100  # times the empty view; milliseconds at the 95th percentile


def run() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        ingest_bundle(Path(folder), SAMPLE)
        handler = site(Path(folder))
        return asyncio.run(measure(handler, dict(addresses())))


def site(home: Path):
    """The real site over a store, with the empty view beside its pages."""
    os.environ["OPENPRACTICE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "openpractice.web.config.settings"
    from django.conf import settings

    from openpractice.web.config.asgi import django  # settings are read from the environment on import

    settings.ROOT_URLCONF = "bench._empty_urls"
    return django


def addresses() -> Iterator[tuple[str, str]]:
    """A name and an address for each kind of page that the site has, with a practice, a board and England where it asks."""
    from openpractice.web.explore import urls
    from openpractice.web.explore.store import store

    found = store().catalogue
    practice = found.execute(
        "SELECT area FROM results WHERE level = 'practice' GROUP BY area ORDER BY count(*) DESC, area LIMIT 1"
    ).fetchone()[0]
    board = found.execute(
        "SELECT area FROM results WHERE level = 'icb' GROUP BY area ORDER BY count(*) DESC, area LIMIT 1"
    ).fetchone()[0]
    for pattern in urls.urlpatterns:
        takes = set(pattern.pattern.converters)
        areas = {"practice": practice, "board": board, "England": "ENG"} if "code" in takes else {"": None}
        for whose, code in areas.items():
            given = {"code": code, "name": "calls_missed", "number": 1}
            if takes <= set(given):  # the others are files, not pages
                address = "/" + pattern.pattern._route
                for name, converter in pattern.pattern.converters.items():
                    route = f"<{_word(converter)}:{name}>"
                    address = address.replace(route, str(given[name]))
                yield f"{pattern.name}{', ' + whose if whose else ''}", address
    yield "search, for a word", "/search?q=surgery"


def _word(converter) -> str:
    return {"StringConverter": "str", "SlugConverter": "slug", "IntConverter": "int"}[type(converter).__name__]


async def measure(handler, pages: dict[str, str]) -> list[dict]:
    from bench._empty_urls import EMPTY

    await ask(handler, EMPTY)
    first = {}
    for name, address in pages.items():
        status, seconds, _ = await ask(handler, address)
        if status == 200:
            first[name] = seconds
        else:
            print(f"pages: {address} answered {status} and is left out", file=sys.stderr)
    settled()
    times: dict[str, list] = {name: [] for name in ("empty", *first)}
    for turn in range(ROUNDS + 3):
        for name in times:
            _, wall, cpu = await ask(handler, EMPTY if name == "empty" else pages[name])
            if turn >= 3:  # the first turns fill the caches
                times[name].append((wall, cpu))
    return rows(times, first)


def settled() -> None:
    """Waits until nothing is read ahead in the background, which would take the processor from the pages timed."""
    from openpractice.web.explore import warm

    for thread in list(warm._reading.values()):
        thread.join()


async def ask(handler, address: str) -> tuple[int, float, float]:
    """One GET: its status, and the seconds and processor seconds from request to the last byte."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http", "server": ("localhost", 80),
    }  # fmt: skip
    sent: list[dict] = []
    ended = asyncio.Event()
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        for message in asked:
            return message
        await ended.wait()  # the visitor stays until the answer is there
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    wall, cpu = time.perf_counter(), time.process_time()
    await handler(scope, receive, send)
    took = time.perf_counter() - wall, time.process_time() - cpu
    ended.set()
    return sent[0]["status"], *took


def rows(times: dict[str, list], first: dict[str, float]) -> list[dict]:
    walls = {name: [wall for wall, _ in took] for name, took in times.items()}
    cpus = {name: median(cpu for _, cpu in took) for name, took in times.items()}
    empty = median(walls["empty"])
    found = []
    for name in first:
        ours = median(walls[name])
        found.append(
            {
                "name": f"pages: {name}, warm",
                "ours_seconds": ours,
                "peer_seconds": empty,
                "ours_cpu": cpus[name],
                "peer_cpu": cpus["empty"],
                "ratio": ours / empty,
                "target": TARGET,
                "unit": "times an empty view (at most)",
            }
        )
    late = {name: float(np.quantile(walls[name], 0.95)) for name in first}
    worst = max(late, key=late.__getitem__)
    slow = max(first, key=first.__getitem__)
    aim = "milliseconds at the 95th percentile (at most)"
    return [
        *found,
        _single(f"pages: the slowest of them, {worst}", late[worst], AIM, aim),
        _single(f"pages: the slowest when first asked for, {slow}", first[slow], None, "milliseconds"),
    ]


def _single(name: str, seconds: float, target: float | None, unit: str) -> dict:
    ratio = seconds * 1000
    return {"name": name, "ours_seconds": seconds, "peer_seconds": None, "ratio": ratio, "target": target, "unit": unit}
