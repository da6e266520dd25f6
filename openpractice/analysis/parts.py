"""What a figure is made of: the sums of a month and its parts, the rows behind them, the people in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import narwhals as nw
import numpy as np

from openpractice.kinds import Measure
from openpractice.store import Store

Sums = dict[tuple[int, str], tuple[float, float]]  # month and part ("" undivided) → numerator and denominator
ROWS = "rows behind "  # before a measure's name: how many rows stand behind its sums


def sums(store: Store, measures: Sequence[Measure], by: str = "") -> dict[str, Sums]:
    """The sums of measures that add up rows, in practices, by month and, where `by` is named, by its values.

    For a measure that sums something else than rows, such as minutes, also under ROWS + its name how many rows those are.
    """
    ordered = sorted([*measures, *map(_rows_behind, (m for m in measures if m.behind))], key=_group)
    found: dict[str, Sums] = {m.name: {} for m in ordered}
    for _, some in groupby(ordered, key=_group):
        together = list(some)
        answer = store.facts().sums(together, ("practice",), (by,) if by else ())
        if answer is not None:
            found |= {m.name: _of(answer[0], m, by) for m in together}
    return found


def _group(measure: Measure) -> tuple:
    """What one scan can sum."""
    return measure.table.name, tuple(sorted(measure.needs)), measure.series


def _rows_behind(measure: Measure) -> Measure:
    assert measure.behind is not None
    over, under = measure.behind
    return replace(measure, name=ROWS + measure.name, numerator=over, denominator=under, unknown=None, speaks=None)


def _of(answer, measure: Measure, by: str) -> Sums:
    parts = [str(value) for value in answer.by[by]] if by else [""] * len(answer.month)
    over, under = (np.nan_to_num(one[measure.name]).tolist() for one in (answer.numerator, answer.denominator))
    months = zip(answer.month.tolist(), parts, strict=True)
    return dict(zip(months, zip(over, under, strict=True), strict=True))


def people(store: Store, measure: Measure) -> dict[int, float]:
    """Month → how many different people a table's records are about; where no record names one, how many records.

    They are told apart by the table's first pseudonym.
    """
    person = nw.col(measure.table.pseudonyms[0])
    counting = replace(
        measure, name="people", needs=(), numerator=person.n_unique(), denominator=person.count(), unknown=nw.len(),
        prepare=None, bands=None, band_column="", speaks=None, behind=None, scale=1.0,
    )  # fmt: skip
    answer = store.facts().sums([counting], ("practice",))
    if answer is None:
        return {}
    found = answer[0]
    different, named, rows = found.numerator["people"], found.denominator["people"], found.unknown["people"]
    if named is None or rows is None:  # never: both are counted above
        raise ValueError("Records were not counted.")
    nobody = (rows > named).astype(float)  # somebody who is not named may have been counted as one more
    return dict(zip(found.month.tolist(), np.where(named > 0, different - nobody, rows).tolist(), strict=True))
