"""Every measure's worked example, on every engine: a small table in, an answer out."""

import pytest

from openpractice.engines import ENGINES
from openpractice.measures import catalogue
from openpractice.methods.durations import fit_lognormal


@pytest.mark.parametrize("engine_name", ENGINES)
@pytest.mark.parametrize("measure", catalogue().values(), ids=lambda measure: measure.name)
def test_example(measure, engine_name, work_out):
    numerator, denominator, unknown = work_out(measure, engine_name)
    example = measure.example
    assert numerator == pytest.approx(example.numerator, rel=1e-9)
    assert denominator == pytest.approx(example.denominator, rel=1e-9)
    assert unknown == (None if example.unknown is None else pytest.approx(example.unknown, rel=1e-9))
    if measure.bands is None:
        assert example.value == pytest.approx(measure.scale * numerator / denominator, rel=1e-9)


@pytest.mark.parametrize("measure", [m for m in catalogue().values() if m.bands], ids=lambda measure: measure.name)
def test_a_banded_mean_is_what_the_fit_gives(measure):
    counts = [
        sum(row["n"] for row in measure.example.rows if row[measure.band_column] == band) for band in measure.bands
    ]
    whole_minutes = [(low + 0.5, high - 0.5) for low, high in measure.bands.values()]
    assert fit_lognormal(counts, whole_minutes).mean == pytest.approx(measure.example.value, abs=0.05)
