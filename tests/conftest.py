"""What every folder of tests shares: the sample as one loaded store, and a watch that nothing rings outside.

`sample_home` is the bundled sample in a store of its own, loaded once a run however many workers there are: it is for
reading. A test that writes takes `sample_copy`. `sample_store` is a reader open on `sample_home`.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases, postgres

SAMPLE = Path(__file__).parents[1] / "openpractice" / "sample"
SAMPLE_FIXTURES = {"sample_home", "sample_store", "sample_copy"}
SECONDS = 900  # the worker that loads the sample needs a minute; on a busy machine several, and the others wait for it


def pytest_sessionstart():
    """Django is set up by now. The programs that tests start must find their own settings, not the tests'."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items):
    """Marks what runs on both databases. Whichever test is the first to ask for the sample pays for its loading."""
    for item in items:
        if databases.uses_a_database(item):
            item.add_marker("database")
        if SAMPLE_FIXTURES & set(getattr(item, "fixturenames", ())) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's own: the tables of the tests' home are made, and fenced, as at any start of a server."""
    from django.conf import settings
    from django.db import connection

    from openpractice.web.config.database import bring_up_to_date

    with django_db_blocker.unblock():
        bring_up_to_date(settings.HOME)
        yield
        connection.close()


@pytest.fixture(autouse=True)
def _crossing() -> Iterator[None]:
    """What a test itself asks of the database crosses the fence, as the command line does. What a page asks does not."""
    from openpractice.web.config.seeing import across

    with across():
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[dict[str, str]]:
    """The environment of a PostgreSQL server, for tests that need one whatever the run is on."""
    with postgres.cluster() as environment:
        yield environment


def _shared_by_workers(tmp_path_factory) -> Path:
    """A folder of this run. Each worker of xdist has a base of its own inside the run's."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory) -> Path:
    """The home of a store that holds the sample. Read it only: every test of the run shares it."""
    from openpractice.analysis.recompute import ingest_bundle

    folder = _shared_by_workers(tmp_path_factory)
    home, done = folder / "sample-home", folder / "sample-loaded"
    with (folder / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)  # of a worker that died half-way
            ingest_bundle(home, SAMPLE)
            done.touch()
    return home


@pytest.fixture(scope="session")
def sample_store(sample_home):
    """A reader of the sample."""
    from openpractice.store import Store

    return Store(sample_home)


@pytest.fixture
def sample_copy(sample_home, tmp_path) -> Path:
    """A copy of the sample's store that one test may change."""
    return Path(shutil.copytree(sample_home, tmp_path / "sample"))


class Outside(AssertionError):
    """A test tried to reach another machine."""


def _is_here(host) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False


class Watch:
    """Connections and name look-ups that would leave this machine: each is stopped, and remembered."""

    def __init__(self):
        self.calls: list[str] = []

    def stop(self, host) -> None:
        self.calls.append(str(host))
        raise Outside(f"Tests open no outside connection, and this one asked for {host}.")

    def address(self, family: int, address) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            self.stop(address[0])


@pytest.fixture(scope="session", autouse=True)
def _stay_inside() -> Iterator[Watch]:
    """Python's own sockets, for the whole run. Servers and browsers that tests start are watched where they start."""
    watch, patch = Watch(), pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _watched(watch, getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **options):
        if not _is_here(host):
            watch.stop(host)
        return look_up(host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield watch
    patch.undo()


def _watched(watch: Watch, method):
    def connect(self, address):
        watch.address(self.family, address)
        return method(self, address)

    return connect


@pytest.fixture(autouse=True)
def _stayed_inside(_stay_inside) -> Iterator[None]:
    """A test fails for an outside call even where the code under test swallowed the error."""
    _stay_inside.calls.clear()
    yield
    assert _stay_inside.calls == []


@pytest.fixture
def outside(_stay_inside) -> Iterator[list[str]]:
    """For the tests of the watch itself: what it stopped, forgiven afterwards."""
    yield _stay_inside.calls
    _stay_inside.calls.clear()
