"""Practices' telephone calls, February 2026: NHS England, Cloud Based Telephony Data in General Practice, Table 3.

The counts and the printed shares were copied by hand from the published workbook. The program is asked as a person
would ask it, in a process of its own.
"""

import json
import subprocess
import sys

import numpy as np
import pytest

from openpractice.analysis import answers

# practice: inbound, answered, missed, and the shares answered and missed as printed
PRINTED = {
    "E81003": (8271, 4597, 937, 0.556, 0.113),
    "E83025": (4978, 2730, 527, 0.548, 0.106),
    "E84062": (3360, 2165, 225, 0.644, 0.067),
    "M85011": (3940, 2448, 437, 0.621, 0.111),
    "C82034": (7374, 3149, 657, 0.427, 0.089),
    "B82011": (4370, 3138, 254, 0.718, 0.058),
    "B83016": (13429, 2951, 779, 0.220, 0.058),
    "P89016": (4249, 2481, 404, 0.584, 0.095),
    "K81077": (5321, 3481, 796, 0.654, 0.150),
    "G81050": (10684, 4752, 925, 0.445, 0.087),
}


@pytest.fixture(scope="module")
def told(sample_home):
    """`told(measure)`: what the program prints for the ten practices, by practice."""

    def told(measure: str) -> dict[str, dict]:
        command = [sys.executable, "-m", "openpractice", "--home", str(sample_home), "measure", measure, "--json"]
        areas = [word for code in PRINTED for word in ("--area", code)]
        asked = subprocess.run([*command, *areas, "--period", "2026-02"], capture_output=True, text=True, check=True)
        return {record["area"]: record for record in json.loads(asked.stdout)}

    return told


@pytest.mark.parametrize(("measure", "count", "share"), [("calls_answered", 1, 3), ("calls_missed", 2, 4)])
def test_ten_practices_as_the_program_prints_them(measure, count, share, told):
    found = told(measure)
    assert set(found) == set(PRINTED)
    for code, printed in PRINTED.items():
        assert (found[code]["numerator"], found[code]["denominator"]) == (printed[count], printed[0]), code
        assert found[code]["value"] == printed[count] / printed[0]
        assert round(found[code]["value"], 3) == pytest.approx(printed[share], abs=1e-9), code


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("calls_answered", (0.40, 0.52, 0.62, 0.70, 0.77)), ("calls_missed", (0.034, 0.054, 0.084, 0.128, 0.186))],
)
def test_how_practices_are_spread(measure, expected, sample_store):
    """The 10th, 25th, 50th, 75th and 90th percentile of practices, worked out apart from this program."""
    values = [r.value for r in answers.ranking(sample_store, measure, "practice", "2026-02")]
    assert 4769 <= len(values) <= 4771
    np.testing.assert_allclose(np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9)), expected, atol=0.005)
