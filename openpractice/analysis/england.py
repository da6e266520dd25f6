"""England in five figures, and what is new in the data."""

from __future__ import annotations

from dataclasses import dataclass

from openpractice.analysis import loaded
from openpractice.analysis.everyone import past
from openpractice.analysis.process import chart, charted, icon
from openpractice.analysis.remembered import remembered
from openpractice.kinds import ENGLAND, Measure, Result, month_no
from openpractice.measures import catalogue
from openpractice.methods import spc
from openpractice.store import Store

FIGURES = 5
RECENT = 12  # months behind the newest figure after which another figure is preferred

# In order of preference. Each line is one idea: the first of it that is loaded is shown.
PREFERENCE = (
    ("inbound_calls_per_1000",),
    ("calls_missed", "calls_answered"),
    ("online_requests_per_1000",),
    ("appointments_per_1000_per_working_day", "appointments_per_1000"),
    ("gp_fte_per_10000", "patients_per_gp"),
    ("same_day_share", "within_14_days_share"),
    ("list_size",),
    ("calls_08_to_10_share",),
    ("dna_rate",),
    ("face_to_face_share",),
)


@dataclass(frozen=True, eq=False)
class Headline:
    """One figure of England with its last three years, a point of the chart for each of `history`.

    `year_before` is the same month a year earlier, where it is loaded.
    """

    measure: Measure
    own: Result
    history: list[Result]
    chart: spc.Chart | None
    variation: str
    year_before: Result | None


@dataclass(frozen=True)
class New:
    """What one source last brought: its newest month, and when that was loaded."""

    source: str
    title: str
    publisher: str
    last_month: str
    loaded_at: str
    files: int


def headlines(store: Store) -> list[Headline]:
    """Up to five figures of England: recent ones in the order of preference, then older ones."""
    return list(remembered(store, ("headlines",), lambda: tuple(_headlines(store))))


def _headlines(store: Store) -> list[Headline]:
    known = past(store, ENGLAND)
    chosen = [name for line in PREFERENCE if (name := next((n for n in line if known.get(n)), None))]
    last = {name: month_no(known[name][-1].period) for name in chosen}
    newest = max(last.values(), default=0)
    chosen.sort(key=lambda name: last[name] < newest - RECENT)  # a stable sort keeps the preference
    return [_headline(catalogue()[name], known[name]) for name in chosen[:FIGURES]]


def _headline(measure: Measure, history: list[Result]) -> Headline:
    history = charted(history)
    drawn = chart(measure, history)
    before = month_no(history[-1].period) - 12
    year_before = next((r for r in history if month_no(r.period) == before), None)
    return Headline(measure, history[-1], history, drawn, icon(drawn), year_before)


def whats_new(store: Store) -> list[New]:
    """The newest month of every source that is loaded, the newest first; sources without months come last."""
    return list(remembered(store, ("whats_new",), lambda: tuple(_whats_new(store))))


def _whats_new(store: Store) -> list[New]:
    by_source: dict[str, list[loaded.LoadedFile]] = {}
    for file in loaded.files(store):
        if file.status == "loaded":
            by_source.setdefault(file.source, []).append(file)
    found = [
        New(
            name, files[0].title, files[0].publisher, max(f.last for f in files), max(f.loaded_at for f in files),
            len(files),
        )
        for name, files in by_source.items()
    ]  # fmt: skip
    return sorted(found, key=lambda new: (new.last_month, new.loaded_at, new.title), reverse=True)
