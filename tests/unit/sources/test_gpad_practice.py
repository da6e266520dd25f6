"""The practice-level crosstab, on a synthetic file in the published layout."""

import csv
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

from openpractice.kinds import month_no

SAMPLES = Path(__file__).parents[2] / "data" / "sources"
SAMPLE = "gpad_practice_synthetic.csv"


def test_every_row_is_kept_with_its_five_categories(read_source):
    reading = read_source(SAMPLE)
    assert reading.sources == ["gpad_practice"]
    assert (reading.rows_read, reading.rows_kept) == (860, 860)
    first = reading.tables["appointments"][0]
    assert first["area_code"] == "Y99001"
    assert first["level"] == "practice"
    assert first["month_no"] == month_no("2025-08")
    assert first["day_no"] is None
    assert reading.parts[0].complete
    assert "day_no" not in reading.parts[0].carries


def test_its_counts_are_those_of_the_file(read_source):
    with (SAMPLES / SAMPLE).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    printed: Counter[tuple[str, str]] = Counter()
    for row in rows:
        printed[row["GP_CODE"], " ".join(row["TIME_BETWEEN_BOOK_AND_APPT"].split())] += int(
            row["COUNT_OF_APPOINTMENTS"]
        )
    read: Counter[tuple[str, str]] = Counter()
    for row in read_source(SAMPLE).tables["appointments"]:
        read[row["area_code"], row["booking_lag"]] += row["n"]
    assert read == printed


def test_organisations_and_memberships_leave_out_the_unallocated(read_source):
    reading = read_source(SAMPLE)
    assert {(o["area_code"], o["level"]) for o in reading.tables["organisations"]} == {
        *((f"Y9900{i}", "practice") for i in range(1, 7)),
        ("U99901", "pcn"),
        ("U99902", "pcn"),
        ("99X", "sub_icb"),
    }
    assert reading.row("organisations", area_code="U99901")["name"] == "SYNTHETIC PCN A"
    assert {m["parent"] for m in reading.rows("memberships", child="Y99006")} == {"99X"}
    assert {m["parent"] for m in reading.rows("memberships", child="Y99004")} == {"U99902", "99X"}


def test_what_cannot_be_read_is_refused_by_name(read_source, with_lines):
    start = "Y99001,SYNTHETIC SURGERY ONE,SYNTHETIC,U99901,SYNTHETIC PCN A,99X,SYNTHETIC ICB - 99X"
    path = with_lines(
        SAMPLE,
        f"01XXX2025,{start},GP,Telephone,Clinical Triage,Same Day,1,Attended",
        f"01AUG2025,{start},Robot,Telephone,Clinical Triage,Same Day,1,Attended",
        f"01AUG2025,{start},GP,Pigeon,Clinical Triage,Same Day,1,Attended",
        f"01AUG2025,{start},GP,Telephone,Gossip,Same Day,1,Attended",
        f"01AUG2025,{start},GP,Telephone,Clinical Triage,Same Day,*,Attended",
        f"01AUG2025,{start},GP,Telephone,Clinical Triage,Same Day,-4,Attended",
        f"01AUG2025,{start},GP,Telephone,Clinical Triage,,4,Attended",
        "01AUG2025,ENGLAND,,,,,,,GP,Telephone,Clinical Triage,Same Day,4,Attended",
    )
    reading = read_source(path)
    assert reading.rows_kept == 860
    assert reading.reasons == {
        "the month '01XXX2025' is not one that is published": 1,
        "the health care professional 'Robot' is not one that is published": 1,
        "the mode 'Pigeon' is not one that is published": 1,
        "the national category 'Gossip' is not one that is published": 1,
        "the count is missing or suppressed": 1,
        "the count '-4' is below nought": 1,
        "the booking lag is blank": 1,
        "the practice code 'ENGLAND' is not one that is published": 1,
    }


def test_a_zip_of_the_older_layout_is_read_the_same(read_source, tmp_path):
    """Before 2023 months came zipped, in lower case, dated 2022-06-01, by CCG and with the older words."""
    text = (
        "appointment_month,gp_code,gp_name,supplier,pcn_code,pcn_name,ccg_code,ccg_name,hcp_type,appt_mode,"
        "national_category,time_between_book_and_appt,count_of_appointments,appt_status\n"
        "2022-06-01,Y99001,SYNTHETIC SURGERY ONE,EMIS,-,-,99X,SYNTHETIC CCG,HCP Type Not Provided,Video/Online,"
        "UNMAPPED,Unknown / Data Issue,7,Did Not Attend\n"
    )
    path = tmp_path / "Practice_Level_Crosstab_Jun_22.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Practice_Level_Crosstab_Jun_22.csv", text)
    row = read_source(path).row("appointments")
    assert row["month_no"] == month_no("2022-06")
    assert (row["hcp_type"], row["appt_mode"], row["appt_status"]) == ("Unknown", "Video Conference/Online", "DNA")
    assert (row["national_category"], row["booking_lag"]) == ("Unmapped", "Unknown / Data Quality")


def test_the_sample_is_what_its_generator_writes(tmp_path):
    script = tmp_path / "make_gpad_practice.py"
    script.write_text((SAMPLES / "make_gpad_practice.py").read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run([sys.executable, str(script)], check=True, capture_output=True)
    assert (tmp_path / SAMPLE).read_bytes() == (SAMPLES / SAMPLE).read_bytes()
