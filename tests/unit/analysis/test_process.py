"""From how many months an icon may speak, and where a chart starts afresh."""

import pytest

from openpractice.analysis.process import chart, icon, icons, since_new_start, spacing
from openpractice.kinds import Result, period_of
from openpractice.measures import find

MISSED = find("calls_missed")


def history(values, gap_before: int | None = None) -> list[Result]:
    """Months in a row from January 2024, with two years left out before one of them."""
    months = [i + (24 if gap_before is not None and i >= gap_before else 0) for i in range(len(values))]
    return [
        Result("calls_missed", "A81001", "practice", period_of(2024 * 12 + month), v, 1.0, v, 1.0, 0.0, "High")
        for month, v in zip(months, values, strict=True)
    ]


SERIES = {
    "nothing": [],
    "one month": history([0.1]),
    "three months": history([0.1, 0.2, 0.1]),
    "five months, one of them extreme": history([0.1, 0.1, 0.1, 0.1, 0.9]),
    "six months": history([0.1, 0.2, 0.1, 0.2, 0.1, 0.2]),
    "a jump": history([0.1, 0.11] * 10 + [0.3]),
    "three months after a gap": history([0.1, 0.11] * 5 + [0.3, 0.31, 0.3], gap_before=10),
    "seven months after a gap": history([0.1, 0.11] + [0.3, 0.31] * 3 + [0.3], gap_before=2),
}
SAID = ("", "", "", "", "common_cause", "concern_high", "", "common_cause")


@pytest.mark.parametrize(("months", "said"), [*zip(SERIES.values(), SAID, strict=True)], ids=SERIES)
def test_an_icon_needs_six_points_behind_its_limits(months, said):
    assert icon(chart(MISSED, months)) == said


def test_judged_at_once_they_are_judged_the_same():
    assert icons([(MISSED, months) for months in SERIES.values()]) == list(SAID)
    assert icons([(MISSED, SERIES["three months"])]) == [""]
    assert icons([]) == []


def test_the_latest_limits_rest_on_what_follows_a_gap():
    assert len(since_new_start(SERIES["three months after a gap"])) == 3
    assert len(since_new_start(SERIES["six months"])) == 6


JOINED = "The rules count points, not months."
APART = {
    "": [],
    " ": ["2026-02"],
    "  ": ["2025-12", "2026-01", "2026-02"],
    f"These points are not successive months: January 2026 is missing. {JOINED}": ["2025-11", "2025-12", "2026-02"],
    f"These points are not successive months: November 2025 and January 2026 are missing. {JOINED}": [
        "2025-10", "2025-12", "2026-02",
    ],
    f"There is a figure every 3 months, not every month. {JOINED}": ["2025-01", "2025-04", "2025-07"],
    f"There is one figure a year. {JOINED}": ["2024-03", "2025-03"],
    f"These points are not successive months: 4 months between January 2025 and July 2025 have no figure. {JOINED}": [
        "2025-01", "2025-05", "2025-07",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("said", "months"), APART.items(), ids=[*map(str, range(len(APART)))])
def test_months_that_do_not_follow_each_other_are_said(said, months):
    assert spacing(months) == said.strip()
