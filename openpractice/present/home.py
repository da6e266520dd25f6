"""The first page: England in five figures, and what is new in the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpractice.analysis import england
from openpractice.analysis.england import Headline, New
from openpractice.kinds import ENGLAND
from openpractice.present import numbers
from openpractice.render import words
from openpractice.store import Store

NEWS = 8


@dataclass(frozen=True)
class Figure:
    """One of the five figures. The fields are those of the `key_figure` macro."""

    label: str
    value: str
    detail: str
    unit: str = ""
    trend: str = ""
    kind: str = ""
    spark: str = ""
    href: str = ""


@dataclass(frozen=True)
class News:
    """The newest month of one source."""

    title: str
    publisher: str
    month: str
    loaded: str


@dataclass(frozen=True)
class Home:
    """What the first page shows; empty while nothing is loaded."""

    figures: Sequence[Figure] = ()
    news: Sequence[News] = ()


def home(store: Store) -> Home:
    """The first page of a store."""
    return Home([_figure(headline) for headline in england.headlines(store)], _news(england.whats_new(store)))


def _figure(headline: Headline) -> Figure:
    measure, own = headline.measure, headline.own
    value, unit = numbers.split(own.value, measure.unit)
    before = headline.year_before or headline.history[0]
    return Figure(
        measure.title, value, words.period(own.period), "" if unit in measure.title else unit,
        numbers.trend([before, own], measure.unit) if before is not own else "",
        headline.variation,
        numbers.spark(measure, headline.history, headline.variation, width=220), numbers.address(ENGLAND, measure.name),
    )  # fmt: skip


def _news(found: Sequence[New]) -> list[News]:
    dated = [new for new in found if new.last_month]
    return [
        News(new.title, new.publisher, words.period(new.last_month), words.period(new.loaded_at[:10]))
        for new in dated[:NEWS]
    ]
