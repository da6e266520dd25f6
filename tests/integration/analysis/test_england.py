"""England in five figures, and what is new."""

import shutil

import pytest

from openpractice.analysis import england
from openpractice.analysis.compare import compare
from openpractice.analysis.england import headlines, whats_new
from openpractice.analysis.recompute import ingest
from openpractice.store import Store

LAST = "2026-02"


def test_headlines_come_in_the_order_of_preference(store, england_of_26):
    found = headlines(store)
    assert [h.measure.name for h in found] == [
        "inbound_calls_per_1000", "calls_missed", "list_size", "calls_08_to_10_share",
    ]  # fmt: skip
    missed = found[1]
    sending = [p for p in england_of_26 if p.telephony_until == LAST]
    total = sum(p.missed[-1] for p in sending) / sum(p.inbound for p in sending)
    assert missed.own.value == pytest.approx(total)
    assert missed.history[-1] == missed.own
    assert missed.year_before.period == "2025-02"
    assert missed.chart.n_points == len(missed.history)


def test_older_figures_come_after_newer_ones(store, monkeypatch):
    monkeypatch.setattr(england, "RECENT", 0)
    names = [h.measure.name for h in england._headlines(store)]
    assert names == ["inbound_calls_per_1000", "calls_missed", "calls_08_to_10_share", "list_size"]


def test_what_is_new(store):
    found = whats_new(store)
    assert [(n.source, n.last_month, n.files) for n in found] == [
        ("telephony", LAST, 14),
        ("registered_patients", "2026-01", 3),
        ("practice_demographics", "2025-06", 1),
    ]


def test_answers_follow_the_version_of_the_store(home, tmp_path, england_of_26, small_england, patients_file):
    """The same open store, before and after a newer list arrives."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    store = Store(copy)
    before = compare(store, "list_size", "Y99007")
    assert before is not None
    assert before.own.value == 10070
    assert compare(store, "list_size", "Y99007").spreads["england"].n == 26
    grown = [type(p)(**{**vars(p), "patients": p.patients + 500}) for p in england_of_26]
    ingest(copy, [patients_file(tmp_path / "patients-2026-03.csv", "2026-03", grown)])
    after = compare(store, "list_size", "Y99007")
    assert (after.period, after.own.value) == ("2026-03", 10570)
    assert whats_new(store)[0].last_month == "2026-03"
