"""Nobody's loop keeps everybody else waiting, and waiting always helps."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from openpractice.web.api import door, limits
from openpractice.web.api.limits import Limit, neighbourhood


class Clock:
    def __init__(self, now: float = 600.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_a_minute_is_a_minute():
    clock = Clock()
    limit = Limit(10, clock=clock)
    said = [limit.spend("a") for _ in range(12)]
    assert [one.exceeded for one in said] == [False] * 10 + [True] * 2
    assert [one.left for one in said] == [*range(9, -1, -1), 0, 0]
    assert "Retry-After" in said[-1].headers
    assert not limit.spend("b").exceeded
    clock.now += 120
    assert not limit.spend("a").exceeded


def test_the_window_slides():
    """Half a minute into the next, half of the last one still counts."""
    clock = Clock()
    limit = Limit(10, clock=clock)
    for _ in range(10):
        limit.spend("a")
    clock.now += 90
    assert [limit.spend("a").exceeded for _ in range(6)] == [False] * 5 + [True]


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 12)), max_size=60))
def test_never_twice_the_limit_in_any_minute(steps):
    clock, limit, passed = Clock(), Limit(20), []
    limit.clock = clock
    for wait, cost in steps:
        clock.now += wait
        if not limit.spend("a", cost).exceeded:
            passed.append((clock.now, cost))
    for begun, _ in passed:
        assert sum(cost for at, cost in passed if begun <= at < begun + 60) <= 2 * 20


def test_what_is_refused_is_not_counted():
    limit = Limit(5, clock=Clock())
    assert limit.spend("a", 6).exceeded
    assert limit.spend("a").left == 4


@pytest.mark.django_db
def test_processes_count_a_token_together():
    """Two limits stand for two processes: each tells the other after every tenth request."""
    clock = Clock()
    here, there = Limit(100, shared=True, clock=clock), Limit(100, shared=True, clock=clock)
    passed = 0
    for _ in range(100):
        passed += sum(not one.spend("token").exceeded for one in (here, there))
    assert 100 <= passed <= 100 + 2 * limits.TOLD_AFTER


def test_a_cache_that_cannot_be_written_stops_nobody(monkeypatch):
    class Broken:
        def get(self, key):
            raise DatabaseError("disk I/O error")

    monkeypatch.setattr(limits, "caches", {"default": Broken()})
    limit = Limit(100, shared=True, clock=Clock())
    assert not any(limit.spend("token").exceeded for _ in range(50))


def test_processes_count_addresses_apart():
    clock = Clock()
    here, there = Limit(10, clock=clock), Limit(10, clock=clock)
    assert sum(not one.spend("address").exceeded for _ in range(20) for one in (here, there)) == 20


def test_threads_do_not_lose_count():
    limit, passed = Limit(500, clock=Clock()), []

    def spend():
        for _ in range(200):
            passed.append(not limit.spend("a").exceeded)

    threads = [threading.Thread(target=spend) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(passed) == 500


def test_a_flood_of_addresses_takes_no_more_room(monkeypatch):
    monkeypatch.setattr(limits, "ROOM", 100)
    limit = Limit(5, clock=Clock())
    for number in range(1000):
        limit.spend(str(number))
    assert len(limit._callers) <= 101


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(address, whose):
    assert neighbourhood(address) == whose


def test_open_data_have_a_limit_and_say_so(over_sample, program, monkeypatch):
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(3, clock=Clock()))
    said = [program("/areas/A81002") for _ in range(4)]
    assert [one.status_code for one in said] == [200, 200, 200, 429]
    assert [one["RateLimit-Remaining"] for one in said] == ["2", "1", "0", "0"]
    told = said[-1].json()
    assert told["status"] == 429
    assert "3 times a minute" in told["detail"]
    assert said[-1]["Retry-After"] in told["remedy"]
    assert said[-1]["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_token_has_a_limit_of_its_own(token, program, monkeypatch):
    monkeypatch.setattr(door, "OF_TOKENS", Limit(2, shared=True, clock=Clock()))
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(1, clock=Clock()))
    (_, one), (_, other) = token(), token(code="Y99002")
    assert [program("/whoami", one).status_code for _ in range(3)] == [200, 200, 429]
    assert program("/whoami", other).status_code == 200


@pytest.mark.django_db
def test_who_guesses_tokens_is_soon_refused(program, monkeypatch):
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(3 * door.GUESS, clock=Clock()))
    assert [program("/whoami", f"op_{n}").status_code for n in range(4)] == [401, 401, 401, 429]


def test_what_keeps_the_server_busy_costs_more(over_sample, program, monkeypatch):
    monkeypatch.setattr(door, "OF_ADDRESSES", Limit(100, clock=Clock()))
    answer = program("/results?measure=dna_rate&area=A81002&by=appt_mode")
    assert answer.status_code == 200
    assert answer["RateLimit-Remaining"] == "90"
