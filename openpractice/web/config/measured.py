"""Figures for whoever watches the server, in the words of Prometheus. None names a person, an organisation or a path.

With several processes each writes what it counts into a folder that all of them share, so that whichever is asked
answers for all. What is looked up when somebody asks (uploads, the record, the store) is the same for all anyway.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from openpractice.kinds import Refused
from openpractice.store import Store
from openpractice.web.config import pulse
from openpractice.web.config.seeing import across

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for it
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
KIND = "text/plain; version=0.0.4; charset=utf-8"

_here = CollectorRegistry()
_requests = Counter(
    "openpractice_requests", "Requests, by view, method and status.", ("view", "method", "status"), registry=_here
)
_seconds = Histogram(
    "openpractice_request_seconds", "Seconds to an answer.", ("view",), buckets=SECONDS, registry=_here
)


def request(view: str, method: str, status: int, seconds: float) -> None:
    """Count one."""
    _requests.labels(view, method, str(status)).inc()
    _seconds.labels(view).observe(seconds)


def page() -> bytes:
    """Everything, as a scraper reads it."""
    if os.environ.get(FOLDER):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
        return generate_latest(counted) + generate_latest(_looked_up())
    return generate_latest(_here) + generate_latest(_looked_up())


def _looked_up() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Now())
    ProcessCollector(registry=registry)
    return registry


class _Now:
    """What is true at this moment. A figure that cannot be looked up is left out; /ready says why."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures: tuple[tuple[str, str, Callable[[], Any]], ...] = (
            ("openpractice_store_version", "Version of everybody's facts.", _store_version),
            ("openpractice_worker_age_seconds", "Seconds since a worker's last sign of life.", pulse.age),
            ("openpractice_record_entries", "Entries of the record.", _entries),
        )
        for name, meaning, look in figures:
            if (value := _found(look)) is not None:
                yield GaugeMetricFamily(name, meaning, value=value)
        uploads = GaugeMetricFamily("openpractice_uploads", "Uploaded files, by what became of them.", labels=["state"])
        for state, count in _found(_uploads) or ():
            uploads.add_metric([state], count)
        yield uploads


def _found(look: Callable[[], Any]) -> Any:
    try:
        with across():
            return look()
    except Exception:  # whoever watches must still be told the rest
        return None


def _store_version() -> int:
    try:
        store = Store(settings.HOME)
    except Refused:
        return 0
    try:
        return store.version
    finally:
        store.close()


def _entries() -> int:
    return apps.get_model("audit.Entry").objects.values_list("number", flat=True).first() or 0


def _uploads() -> list[tuple[str, int]]:
    return list(apps.get_model("uploads.Upload").objects.order_by().values_list("state").annotate(Count("pk")))
