"""`openpractice spc` on anybody's series."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest

from openpractice.methods import spc

CALLS = [100, 104, 98, 101, 99, 103, 97, 102, 100, 105, 98, 101, 100, 140, 99]


@pytest.fixture
def series(tmp_path):
    def write(rows, header=("week", "calls"), name="series.csv"):
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def weeks(series):
    return series([(f"2026-{1 + n // 4:02d}-{1 + 7 * (n % 4):02d}", value) for n, value in enumerate(CALLS)])


@pytest.fixture
def ask(openpractice):
    def run(file, *options):
        return openpractice("spc", "--csv", file, "--date", "week", "--value", "calls", *options)

    return run


def test_a_series_is_judged_as_the_method_judges_it(ask, weeks):
    [answer] = json.loads(ask(weeks, "--improvement", "decrease", "--target", "110", "--json").out)
    chart = spc.xmr(CALLS, direction="decrease", target=110)
    assert [p["value"] for p in answer["points"]] == CALLS
    for key in ("mean", "lower", "upper"):
        assert [p[key] for p in answer["points"]] == pytest.approx(list(getattr(chart, key)))
    assert [p["special_cause"] for p in answer["points"]] == chart.special_cause.tolist()
    assert answer["points"][13]["special_cause"] == "above_upper_limit"
    assert (answer["variation"], answer["assurance"]) == (chart.variation, chart.assurance)
    assert answer["trial_limits"] is False


def test_few_points_are_said_to_make_trial_limits(ask, series):
    ran = ask(series([(f"2026-01-{n + 1:02d}", n % 3) for n in range(8)]))
    assert ran.code == 0
    assert "Trial limits" in ran.out
    assert "13" in ran.out


def test_months_left_out_are_said(ask, series):
    file = series([("2025-10", 3), ("2025-12", 4), ("2026-02", 5)])
    said = "These points are not successive months: November 2025 and January 2026 are missing."
    assert said in ask(file).out
    [answer] = json.loads(ask(file, "--json").out)
    assert any(said in note for note in answer["notes"])
    assert "successive" not in ask(series([("2025-10-01", 3), ("2025-12-01", 4)])).out


def test_options_reach_the_method(ask, weeks):
    def answer(*options):
        [found] = json.loads(ask(weeks, *options, "--json").out)
        return found["points"]

    assert answer("--rebase", "2026-03-01")[8]["group"] == 1
    assert answer("--fix-after", "5")[0]["mean"] == pytest.approx(np.mean(CALLS[:5]))
    screened = spc.xmr(CALLS, screen_outliers=True)
    assert answer("--screen-outliers")[0]["upper"] == pytest.approx(screened.upper[0])


def test_several_series_in_one_file(ask, series, tmp_path):
    rows = [(f"2026-01-{n + 1:02d}", n, team) for n in range(14) for team in ("Red", "Blue")]
    file = series(rows, ("week", "calls", "team"))
    answer = json.loads(ask(file, "--by", "team", "--json").out)
    assert [found["series"] for found in answer] == ["Red", "Blue"]
    twice = ask(file)
    assert twice.code == 2
    assert "line 3: 2026-01-01 occurs twice (first on line 2)" in twice.err
    assert "--by" in twice.err
    ask(file, "--by", "team", "--out", tmp_path / "chart.svg")
    assert {p.name for p in tmp_path.glob("*.svg")} == {"chart-red.svg", "chart-blue.svg"}


def test_csv_has_one_row_a_point(ask, weeks):
    rows = list(csv.DictReader(io.StringIO(ask(weeks, "--as-csv").out)))
    assert [float(row["value"]) for row in rows] == CALLS
    assert {row["series"] for row in rows} == {"calls"}


@pytest.mark.parametrize(
    "dates",
    [("2026-01", "2026-02"), ("01/02/2026", "03/02/2026"), ("Jan 2026", "Feb 2026"), ("1 January 2026", "2 January 2026"),
     ("2026-01-05T00:00:00", "2026-01-12T00:00:00"), ("05-Jan-26", "12-Jan-26"), ("JAN2024", "FEB2024"), ("Jan-24", "Feb-24"),
     ("2024/02/01", "2024/02/02"), ("01FEB2026", "02FEB2026"), ("202411", "202412"), ("20241130", "20241201"),
     ("January-24", "February-24")],
)  # fmt: skip
def test_dates_are_read_as_people_write_them_and_put_in_order(ask, series, dates):
    first, second = dates
    [answer] = json.loads(ask(series([(second, 2), (first, 1)]), "--json").out)
    assert [p["value"] for p in answer["points"]] == [1, 2]


def test_blank_and_suppressed_values_are_gaps(ask, series):
    rows = [
        ("2026-01-01", "1,204"),
        ("2026-01-02", ""),
        ("2026-01-03", "*"),
        ("2026-01-04", "£12"),
        ("2026-01-05", "5%"),
    ]
    [answer] = json.loads(ask(series(rows), "--json").out)
    assert [p["value"] for p in answer["points"]] == [1204, None, None, 12, 5]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("2026-01-01", 1), ("03/25/2026", 2)], "line 3: '03/25/2026' in the column week is not a date"),
        ([("2026-01-01", 1), ("2026-01-02", "many")], "line 3: 'many' in the column calls is not a number"),
        ([], "a header and no rows"),
    ],
)
def test_what_cannot_be_read_names_the_line(ask, series, rows, said):
    ran = ask(series(rows))
    assert ran.code == 2
    assert said in ran.err


def test_an_unknown_column_names_those_there_are(openpractice, weeks):
    ran = openpractice("spc", "--csv", weeks, "--date", "day", "--value", "calls")
    assert ran.code == 2
    assert "no column 'day'. Its columns are: week, calls." in ran.err


def test_a_column_is_found_whatever_its_case_and_spaces(openpractice, series):
    file = series([("2026-01", 1), ("2026-02", 2)], ("Date ", "Calls"))
    ran = openpractice("spc", "--csv", file, "--date", "date", "--value", "CALLS ", "--json")
    assert [p["value"] for p in json.loads(ran.out)[0]["points"]] == [1, 2]
    both = series([("2026-01", 1, 8), ("2026-02", 2, 9)], ("week", "Calls", "calls"))
    ran = openpractice("spc", "--csv", both, "--date", "week", "--value", "calls", "--json")
    assert [p["value"] for p in json.loads(ran.out)[0]["points"]] == [8, 9]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_marks_between_columns(ask, tmp_path, mark):
    file = tmp_path / "series.csv"
    file.write_text(f"week{mark}calls\n2026-01{mark}1,204\n2026-02{mark}2\n", encoding="utf-8")
    [answer] = json.loads(ask(file, "--json").out)
    assert [p["value"] for p in answer["points"]] == [1204, 2]


def test_a_decimal_comma_is_not_taken_for_thousands(ask, tmp_path):
    file = tmp_path / "series.csv"
    file.write_text("week;calls\n2026-01;12,5\n", encoding="utf-8")
    assert "line 2: '12,5' in the column calls is not a number" in ask(file).err


def test_a_series_without_a_number_is_nothing_to_show(ask, series):
    ran = ask(series([("2026-01", ""), ("2026-02", "*")]))
    assert ran.code == 1
    assert ran.out == ""
    assert "nothing to show" in ran.err


def test_a_rebase_outside_the_series_says_where_it_runs(ask, weeks):
    assert "runs from 2026-01-01 to 2026-04-15" in ask(weeks, "--rebase", "2030-01-01").err
    assert "is not a date" in ask(weeks, "--rebase", "spring").err


def test_charts_are_pictures_with_a_name_and_words(ask, weeks, tmp_path):
    assert ask(weeks, "--out", tmp_path / "new" / "chart.svg").code == 0
    svg = ElementTree.parse(tmp_path / "new" / "chart.svg").getroot()
    names = {element.tag.rsplit("}")[-1]: element.text for element in svg if element.text}
    assert names["title"] == "series: calls"
    assert "15 points" in names["desc"]
    assert ask(weeks, "--out", tmp_path / "chart.png").code == 0
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")


def test_a_measure_of_an_area_is_the_same_method(openpractice, small, tmp_path):
    for n in range(14):
        month = f"{2025 + n // 12}-{n % 12 + 1:02d}"
        small.patients(tmp_path / f"{month}.csv", month, {"Y99001": 9000 + n % 4})
    openpractice("ingest", tmp_path)
    [answer] = json.loads(openpractice("spc", "list_size", "--area", "y99001", "--json").out)
    assert [p["date"] for p in answer["points"]][:2] == ["2025-01", "2025-02"]
    assert answer["n_points"] == 14
    assert openpractice("spc", "dna_rate", "--area", "Y99001").code == 1
