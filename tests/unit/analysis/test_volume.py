"""When the volume behind a figure has changed so much that its recording may have."""

import pytest

from openpractice.analysis import answers
from openpractice.analysis.volume import volume_changed
from openpractice.kinds import Result
from openpractice.measures import find


def result(name: str, period: str, value: float | None) -> Result:
    return Result(name, "A81001", "practice", period, 1.0, 1.0, value, 1.0, 0.0, "High")


@pytest.fixture
def rang(monkeypatch):
    """A practice whose phone rang so often in December and in February, for each 1,000 patients."""

    def told(*values: float | None):
        months = [
            result("inbound_calls_per_1000", f"{y}", v) for y, v in zip(("2025-12", "2026-02"), values, strict=True)
        ]
        monkeypatch.setattr(answers, "series", lambda store, name, area: months)

    return told


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [(1000, 499, True), (1000, 500, False), (1000, 1500, False), (1000, 1501, True), (0, 10, False), (None, 10, False)],
)
def test_more_than_half_of_what_it_was(rang, then, now, changed):
    rang(then, now)
    before, after = (result("calls_answered", month, 0.5) for month in ("2025-12", "2026-02"))
    assert volume_changed(None, find("calls_answered"), before, after) is changed


def test_a_month_without_calls_says_nothing(rang):
    rang(1000, 400)
    before, after = (result("calls_answered", month, 0.5) for month in ("2025-11", "2026-02"))
    assert volume_changed(None, find("calls_answered"), before, after) is False


def test_only_telephone_figures_rest_on_calls(rang):
    rang(1000, 400)
    before, after = (result("dna_rate", month, 0.05) for month in ("2025-12", "2026-02"))
    assert volume_changed(None, find("dna_rate"), before, after) is False
