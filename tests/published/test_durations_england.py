"""England's banded consultation lengths, December 2021 to June 2022 (NHS England, appointments in general practice).

Independent figures for the same bands: an NHS team in Suffolk and north-east Essex fitted an exponential with a scale
of about 13.2 minutes, which is its mean.
"""

import csv
from pathlib import Path

import numpy as np

from openpractice.methods.durations import fit_lognormal

TABLE = Path(__file__).parents[1] / "data/methods/actual_duration_england_2021_2022.csv"


def test_seven_months_of_england():
    with TABLE.open() as file:
        counts = np.array([[int(n) for band, n in row.items() if band != "month"] for row in csv.DictReader(file)])
    fit = fit_lognormal(counts)
    assert counts.shape == (7, 6)
    assert ((fit.mean > 12.5) & (fit.mean < 14)).all()
    assert (fit.misplaced < 0.05).all()
    # The median lies in 6-10 minutes by the counts themselves, and so it must by the curve.
    below_half = counts[:, 0] < counts.sum(axis=1) / 2
    by_ten = counts[:, :2].sum(axis=1) > counts[:, :].sum(axis=1) / 2
    assert ((fit.median > 5.5) & (fit.median < 11))[below_half].all()
    assert (fit.median[by_ten] < 10.5).all()
    # 15 minutes or more lies between the share from 16 up and the share from 11 up.
    from_16, from_11 = counts[:, 3:].sum(axis=1), counts[:, 2:].sum(axis=1)
    assert ((fit.share_long > from_16 / counts.sum(axis=1)) & (fit.share_long < from_11 / counts.sum(axis=1))).all()
