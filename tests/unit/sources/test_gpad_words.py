"""The words of eight years of appointment files."""

import pytest

from openpractice.kinds import month_no
from openpractice.sources import dialect, gpad_words


@pytest.fixture
def con(tmp_path):
    with dialect.connect(str(tmp_path)) as con:
        gpad_words.define(con)
        yield con


@pytest.mark.parametrize(
    ("macro", "printed", "word"),
    [
        ("status_word", "Did Not Attend", "DNA"),
        ("status_word", "Appt Status Not Provided", "Unknown"),
        ("status_word", "attended", "Attended"),
        ("status_word", "Cancelled", None),
        ("hcp_word", "HCP Type Not Provided", "Unknown"),
        ("hcp_word", "Unknown HCP", "Unknown"),
        ("hcp_word", "Other  Practice Staff", "Other Practice staff"),
        ("hcp_word", "Nurse", None),
        ("mode_word", "Video/Online", "Video Conference/Online"),
        ("mode_word", "Online / Video", "Video Conference/Online"),
        ("mode_word", "Face to Face", "Face-to-Face"),
        ("mode_word", "Unknown Mode5", "Unknown"),
        ("lag_word", "15  to 21 Days", "15 to 21 Days"),
        ("lag_word", "Unknown / Data Issue", "Unknown / Data Quality"),
        ("lag_word", "Last Week", None),
        ("category_word", "National Category Unmapped", "Unmapped"),
        ("category_word", "Planned  Clinics", "Planned Clinics"),
        ("category_word", "Care Related Encounter but does not fit into any other category", "same"),
        ("duration_word", "Unknown / Data Issue", "Unknown / Data Quality"),
        ("duration_word", "2 Hours", None),
    ],
)
def test_words(con, macro, printed, word):
    assert con.execute(f"SELECT {macro}(?)", [printed]).fetchone() == (printed if word == "same" else word,)


@pytest.mark.parametrize(
    ("printed", "month"),
    [
        ("2020-01", "2020-01"),
        ("2022-06-30", "2022-06"),
        ("MAR2019", "2019-03"),
        ("01AUG2025", "2025-08"),
        ("Feb-21", "2021-02"),
        ("Nov 2017", "2017-11"),
        ("2020-13", None),
        ("MRA2019", None),
        ("ANF2019", None),
        ("", None),
        (None, None),
    ],
)
def test_months(con, printed, month):
    (read,) = con.execute("SELECT quick_month(?)", [printed]).fetchone()
    assert read == (month_no(month) if month else None)


@pytest.mark.parametrize("printed", ["2021-12-01", "01DEC2021", "01-Dec-21", "01-Dec-2021", "01/12/2021"])
def test_days(con, printed):
    assert str(con.execute("SELECT day_of(?)", [printed]).fetchone()[0]) == "2021-12-01"
