"""Every measure's worked example, on every engine: a small table in, an answer out."""

import pytest

from openpractice.engines import ENGINES
from openpractice.measures import catalogue


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
def test_banded_mean_lies_between_the_ends_of_its_bands(measure):
    """The mean itself is fitted by a statistical method; the example can only be held between what the bands allow."""
    counted = [
        (measure.bands[row[measure.band_column]], row["n"])
        for row in measure.example.rows
        if row[measure.band_column] in measure.bands
    ]
    patients = sum(n for _, n in counted)
    lowest, highest = (sum(band[end] * n for band, n in counted) / patients for end in (0, 1))
    assert lowest < measure.example.value < highest
