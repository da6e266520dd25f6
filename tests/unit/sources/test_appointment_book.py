"""A practice's own appointment book: which columns are which, what words mean, and what never gets past the door."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from openpractice.kinds import Refused, month_no
from openpractice.sources import catalogue
from openpractice.tables.appointment_book import APPOINTMENT_BOOK

SAMPLE = "appointment_book_synthetic.csv"
NUMBER, OTHER = "9990000018", "9990000026"
HEADER = ("Appointment date", "Appointment status", "Start time", "NHS number", "Clinician")


def day_no(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


@pytest.fixture
def book(tmp_path):
    """`book(*rows, header=…)`: a file of these rows."""

    def write(*rows, header=HEADER) -> Path:
        path = tmp_path / "book.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def status_of(read_source, book):
    """What becomes of one appointment's status."""

    def status(word: str) -> str:
        return read_source(book(("2026-03-02", word, "09:00", NUMBER, "Dr A"))).tables["appointment_book"][0][
            "appt_status"
        ]

    return status


def test_every_appointment_of_the_sample_is_kept_in_our_words(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["appointment_book"]
    assert (reading.rows_read, reading.rows_kept, reading.refusals) == (9, 9, [])
    first = reading.tables["appointment_book"][0]
    assert {k: first[k] for k in ("area_code", "level", "month_no", "day_no", "weekday", "time_band")} == {
        "area_code": "Y99001", "level": "practice", "month_no": month_no("2026-03"), "day_no": day_no("2026-03-02"),
        "weekday": "Monday", "time_band": "08:00-09:59",
    }  # fmt: skip
    assert [row["appt_status"] for row in reading.tables["appointment_book"]] == [
        "Attended", "DNA", "Attended", "Cancelled", "DNA", "Unknown", "Attended", "Unknown", "Booked",
    ]  # fmt: skip


def test_people_go_by_pseudonyms_and_one_patient_by_one(read_source):
    rows = read_source(SAMPLE).tables["appointment_book"]
    assert [row["patient"] for row in rows] == [
        "patient-0018", "patient-0026", "patient-0034", "patient-0018", "patient-0042", None, None, "patient-0026",
        "patient-0018",
    ]  # fmt: skip
    assert rows[0]["clinician"] == "clinician-e"


def test_names_and_free_text_are_left_out_and_the_account_says_so(read_source):
    reading = read_source(SAMPLE)
    assert reading.notes == [
        "Never stored, because they name people or hold free text: Patient Name, Reason.",
        "1 NHS numbers fail their check; those appointments were kept without a patient.",
    ]
    assert not any("TEST" in str(row) or "made up" in str(row) for row in reading.tables["appointment_book"])


def test_roles_modes_categories_lengths_and_lags_in_our_words(read_source):
    rows = read_source(SAMPLE).tables["appointment_book"]
    assert [row["role_group"] for row in rows[:7]] == [
        "GP",
        "GP",
        "Nurse",
        "GP",
        "Pharmacist",
        "Unknown",
        "Other clinician",
    ]
    assert [row["appt_mode"] for row in rows[4:8]] == ["Telephone", "Unknown", "Home Visit", "Video Conference/Online"]
    assert [row["national_category"] for row in rows[4:8]] == [
        "Unmapped", "Structured Medication Review", "Planned Clinical Procedure", "Unmapped",
    ]  # fmt: skip
    assert [row["planned_minutes"] for row in rows[:7]] == [10, 15, 20, 15, 20, None, 10]
    assert [(row["lead_days"], row["booking_lag"]) for row in rows[:6]] == [
        (0, "Same Day"), (1, "1 Day"), (5, "2 to 7 Days"), (21, "15 to 21 Days"), (50, "More than 28 Days"),
        (None, "Unknown / Data Quality"),
    ]  # fmt: skip
    assert [row["time_band"] for row in rows[3:8]] == [
        "14:00-15:59",
        "18:00-18:29",
        "18:30-23:59",
        "10:00-11:59",
        "Unknown",
    ]


def test_the_practice_is_known_by_the_name_it_goes_by_here(read_source):
    (practice,) = read_source(SAMPLE).tables["organisations"]
    assert (practice["area_code"], practice["level"], practice["name"]) == ("Y99001", "practice", "Fiction Surgery")


@pytest.mark.parametrize(
    ("word", "ours"),
    [("attended", "Attended"), ("ARRIVED", "Attended"), ("Patient Sent In", "Attended"), ("Completed", "Attended"),
     ("Did not attend", "DNA"), ("No show", "DNA"), ("Canceled", "Cancelled"), ("Appointment cancelled", "Cancelled"),
     ("Booked", "Booked"), ("Not arrived", "Booked"), ("", "Unknown"), ("Walked out", "Unknown"), ("Unknown", "Unknown")],
)  # fmt: skip
def test_what_became_of_an_appointment(word, ours, status_of):
    assert status_of(word) == ours


def test_an_appointment_left_booked_before_the_last_outcome_was_never_closed(read_source, book):
    rows = (("02/03/2026", "Booked", "09:00", NUMBER, "Dr A"), ("03/03/2026", "Attended", "09:00", NUMBER, "Dr A"),
            ("03/03/2026", "Booked", "17:00", NUMBER, "Dr A"), ("04/03/2026", "Booked", "09:00", NUMBER, "Dr A"))  # fmt: skip
    found = read_source(book(*rows)).tables["appointment_book"]
    assert [row["appt_status"] for row in found] == ["Unknown", "Attended", "Booked", "Booked"]


@pytest.mark.parametrize(
    "written",
    ["02/03/2026", "2/3/2026", "02/03/26", "2-Mar-2026", "02-Mar-26", "2 March 2026", "2026-03-02", "2026-03-02T09:10:00",
     "02/03/2026 09:10", "Mon 02/03/2026", "2026-03-02 09:10:00.000", "02.03.2026", "02-03-2026"],
)  # fmt: skip
def test_a_day_is_british_or_iso(written, read_source, book):
    (row,) = read_source(book((written, "Attended", "", NUMBER, "Dr A"))).tables["appointment_book"]
    assert row["day_no"] == day_no("2026-03-02")
    assert row["start_minute"] == (550 if ":" in written else None)


@pytest.mark.parametrize("written", ["09:10", "9:10", "09:10:00", "9:10 AM", "9:10am"])
def test_a_time_of_day(written, read_source, book):
    (row,) = read_source(book(("2026-03-02", "Attended", written, NUMBER, "Dr A"))).tables["appointment_book"]
    assert (row["start_minute"], row["time_band"]) == (550, "08:00-09:59")


def test_headers_in_any_order_case_and_name(read_source, book):
    header = ("SESSION HOLDER", "nhs no.", " Slot Status ", "Appt Time", "DATE OF APPOINTMENT")
    (row,) = read_source(book(("Dr A", NUMBER, "Attended", "09:10", "02/03/2026"), header=header)).tables[
        "appointment_book"
    ]
    assert (row["patient"], row["clinician"], row["start_minute"]) == ("patient-0018", "clinician-A", 550)


def test_what_the_file_does_not_know_is_empty_and_not_unknown(read_source, book):
    header = ("Appointment date", "Appointment status", "Start time")
    (row,) = read_source(book(("2026-03-02", "Attended", "09:10"), header=header)).tables["appointment_book"]
    assert {row[name] for name in ("role_group", "appt_mode", "national_category", "booking_lag", "patient")} == {None}


def test_a_workbook_is_read_like_a_text(read_source, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append([dt.date(2026, 3, 2), "Attended", dt.time(9, 10), int(NUMBER), "Dr A"])
    workbook.active.append([dt.date(2026, 3, 2), "Nonsense", dt.time(9, 10), int(NUMBER), "Dr A"])
    workbook.save(tmp_path / "book.xlsx")
    reading = read_source(tmp_path / "book.xlsx")
    (row,) = reading.tables["appointment_book"]
    assert (row["day_no"], row["start_minute"], row["patient"]) == (day_no("2026-03-02"), 550, "patient-0018")
    assert reading.reasons == {"the appointment status is not one that OpenPractice knows": 1}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "Attended"), "the appointment date is blank"),
        (("31/02/2026", "Attended"), "the appointment date cannot be read"),
        (("03/13/2026", "Attended"), "the appointment date cannot be read"),
        (("02/03/2026", "Jane Invented"), "the appointment status is not one that OpenPractice knows"),
        (("02/03/2026", "Slot Available"), "nobody was booked into the slot"),
        (("02/03/2026", "Embargoed"), "nobody was booked into the slot"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_without_repeating_it(cells, reason, read_source, book):
    whole = ("2026-03-02", "Attended", "09:00", NUMBER, "Dr A")
    reading = read_source(book(whole, (*cells, "09:10", OTHER, "Dr A")))
    assert reading.refusals == [(reason, 1, "line 3")]
    assert reading.rows_kept == 1


def test_a_line_of_another_length_is_refused_without_repeating_it(read_source, tmp_path):
    lines = [",".join(HEADER), f"2026-03-02,Attended,09:00,{NUMBER},Dr A", f"2026-03-02,Attended,{OTHER}",
             f"2026-03-02,Attended,09:00,{NUMBER},Dr A,more", f"2026-03-02,Attended,09:00,{NUMBER},Dr A,,,", ""]  # fmt: skip
    (tmp_path / "book.csv").write_text("\n".join(lines))
    reading = read_source(tmp_path / "book.csv")
    assert reading.rows_kept == 2
    assert reading.refusals == [("the line has more or fewer fields than the header", 2, "line 3")]


def test_letters_that_are_not_utf8_deep_in_a_file_refuse_their_line(read_source, tmp_path):
    filler = f"2026-03-02,Attended,09:00,{NUMBER},Dr A\n" * 8000
    text = f"{','.join(HEADER)}\n{filler}".encode() + b"2026-03-02,Attended,09:00,,Dr Andr\xe9\n"
    (tmp_path / "book.csv").write_bytes(text)
    reading = read_source(tmp_path / "book.csv")
    assert (reading.rows_kept, reading.reasons) == (8000, {"the line has letters that are not UTF-8": 1})


@pytest.mark.parametrize("quoted", ['2026-03-02,Attended,"09:00,x,Dr A\n', '2026-03-02,Attended,"09"00,x,Dr A\n'])
def test_a_quotation_mark_out_of_place_refuses_the_file(quoted, read_source, tmp_path):
    (tmp_path / "book.csv").write_text(f"{','.join(HEADER)}\n2026-03-02,Attended,09:00,,Dr A\n{quoted}")
    with pytest.raises(Refused, match=r"cannot be read as a table from line 3 on.*Export it again"):
        read_source(tmp_path / "book.csv")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ((*HEADER[:4], "Clinician"), ("2026-03-02", "Attended", "09:00", NUMBER, f"Dr {OTHER}")),
        ((*HEADER[:4], "Room"), ("2026-03-02", "Attended", "09:00", NUMBER, "999 000 0026")),
        ((*HEADER[:4], "NHS no"), ("2026-03-02", "Attended", "09:00", NUMBER, OTHER)),
        ((*HEADER[:4], OTHER), ("2026-03-02", "Attended", "09:00", NUMBER, "")),
    ],
)
def test_an_nhs_number_in_any_other_column_refuses_the_file(header, row, read_source, book):
    with pytest.raises(
        Refused, match=r"outside the column of NHS numbers .*Nothing of this file was stored"
    ) as refusal:
        read_source(book(row, header=header))
    assert OTHER not in str(refusal.value)


def test_a_telephone_number_that_reads_as_an_nhs_number_is_only_left_out(read_source, book):
    row = ("2026-03-02", "Attended", "09:00", NUMBER, "Dr A", OTHER)
    assert read_source(book(row, header=(*HEADER, "Mobile phone"))).rows_kept == 1


def test_the_records_of_another_practice_are_refused(read_source, book):
    row = ("2026-03-02", "Attended", "09:00", NUMBER, "Dr A", "Y99002")
    with pytest.raises(Refused, match=r"names another practice than Y99001 \(line 2\)"):
        read_source(book(row, header=(*HEADER, "ODS code")))


def test_numbers_that_stopped_being_text_in_a_spreadsheet_are_still_read(read_source, book):
    found = read_source(
        book(*(("2026-03-02", "Attended", "09:00", n, "Dr A") for n in (f"{NUMBER}.0", "9.99E+09", "n/a")))
    )
    assert [row["patient"] for row in found.tables["appointment_book"]] == ["patient-0018", None, None]


@pytest.mark.parametrize(
    "header",
    [
        ("Appointment date", "Appointment status"),
        ("Appointment date", "Start time", "NHS number"),
        ("Appointment date", "Appointment status", "Start time", "Count of appointments"),
    ],
)
def test_what_is_not_one_row_an_appointment_is_not_taken_for_it(header, read_source, book):
    with pytest.raises(Refused, match="is not a file OpenPractice knows"):
        read_source(book(["2026-03-02"] * len(header), header=header))


def test_every_field_has_names_of_its_own():
    headers = [header for field in catalogue()["appointment_book"].fields for header in field.headers]
    assert len(set(headers)) == len(headers)
    assert APPOINTMENT_BOOK.pseudonyms == ("patient", "clinician")
