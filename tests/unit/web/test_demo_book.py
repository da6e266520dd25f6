"""The appointment book of a practice that does not exist: believable, the same every time, and nobody's."""

import csv
import datetime as dt
from collections import Counter

import pytest

from openpractice.sources.guards import is_nhs_number
from openpractice.web.demo.book import nhs_numbers, write_book

UNTIL = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    file = write_book(tmp_path_factory.mktemp("book") / "a.csv", "Y99001", UNTIL, reminders=dt.date(2026, 7, 1))
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines)), file


def test_numbers_are_of_the_range_kept_for_tests_and_pass_their_check():
    numbers = nhs_numbers(8000)
    assert numbers[:2] == ["9990000018", "9990000026"]
    assert len(set(numbers)) == 8000
    assert all(number.startswith("999") and is_nhs_number(number) for number in numbers)


def test_the_same_questions_give_the_same_file(book, tmp_path):
    again = write_book(tmp_path / "b.csv", "Y99001", UNTIL, reminders=dt.date(2026, 7, 1))
    assert again.read_bytes() == book[1].read_bytes()
    other = write_book(tmp_path / "c.csv", "Y99002", UNTIL, days=20)
    assert other.read_bytes() != write_book(tmp_path / "d.csv", "Y99001", UNTIL, days=20).read_bytes()


def test_it_is_about_half_a_year_of_a_practice_of_8000(book):
    rows, _ = book
    days = [dt.datetime.strptime(row["Appointment date"], "%d/%m/%Y").date() for row in rows]
    assert 15_000 < len(rows) < 25_000
    assert (min(days), max(days)) == (dt.date(2026, 4, 1), dt.date(2026, 10, 14))
    assert not any(day.weekday() > 4 for day in days)
    assert Counter(day.weekday() for day in days).most_common(1)[0][0] == 0  # Mondays are fullest
    assert 4000 < len({row["NHS number"] for row in rows}) <= 8000


def test_everybody_in_it_is_plainly_made_up(book):
    rows, _ = book
    assert all(row["Clinician"].endswith("Example") and row["Patient name"].startswith("TEST, ") for row in rows)


def test_fewer_patients_forget_once_they_are_reminded(book):
    def missed(month: str) -> float:
        found = Counter(r["Appointment status"] for r in book[0] if r["Appointment date"][3:] == month)
        return found["Did Not Attend"] / (found["Did Not Attend"] + found["Attended"])

    assert max(missed("07/2026"), missed("08/2026"), missed("09/2026")) < min(missed("04/2026"), missed("05/2026"))
