"""Tables: accessible, escaped, and unrounded in a reader's copy."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest

from openpractice.render import icons
from openpractice.render.tables import NO_DATA, SUPPRESSED, Column, Drawn, Link, Missing, Table, plain
from openpractice.render.tables import csv as as_csv
from openpractice.render.tables import html as as_html

HOSTILE = "<script>alert('x')</script> & \"Sons\""
TABLE = Table(
    "Missed calls in February 2026",
    (
        Column("Practice"),
        Column("Calls", "calls", numeric=True),
        Column("Missed", "proportion", numeric=True),
        Column("Trend"),
    ),
    (
        (Link(HOSTILE, "/practice/A81001"), 9123, 0.10831, Drawn(icons.variation_icon("common_cause"), "Common cause")),
        ("Ødegård, Sons", 12.5, NO_DATA, None),
        ("=HYPERLINK(1)", SUPPRESSED, None, "-"),
    ),
    notes=("Calls <b> that were queued.",),
)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_headings_have_scopes_and_numbers_stand_right():
    tags = Tags(as_html(TABLE)).tags
    assert [a["scope"] for t, a in tags if t == "th"] == ["col"] * 4 + ["row"] * 3
    cells = [a["class"] for t, a in tags if t == "td"]
    assert sum("numeric" in c for c in cells) == 6
    assert "caption" in [t for t, _ in tags]


def test_a_wide_table_scrolls_by_keyboard_and_has_a_name():
    scroller = Tags(as_html(TABLE)).tags[0][1]
    assert scroller["tabindex"] == "0"
    assert scroller["role"] == "region"
    assert scroller["aria-label"] == TABLE.caption


def test_hostile_text_is_escaped_everywhere():
    page = as_html(TABLE)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_numbers_are_written_in_their_unit():
    page = as_html(TABLE)
    assert ">10.8%<" in page
    assert ">9,123<" in page


def test_what_is_missing_says_why():
    page = as_html(TABLE)
    assert 'class="nhsuk-u-visually-hidden">no figure<' in page
    assert "hidden because the number is small" in page
    assert TABLE.footnotes == (TABLE.notes[0], "– no figure", f"* {SUPPRESSED.reason}")


def test_only_web_addresses_become_links():
    table = Table("x", (Column("a"),), ((Link("run", "javascript:alert(1)"),),))
    assert "javascript" not in as_html(table)
    assert "<a" not in as_html(table)
    assert '<a class="nhsuk-link" href="/practice/A81001">' in as_html(TABLE)


def test_csv_comes_back_as_it_went():
    rows = list(csv.reader(io.StringIO(as_csv(TABLE), newline="")))
    assert rows[0] == ["Practice", "Calls", "Missed (share, 0 to 1)", "Trend"]
    assert rows[1] == [HOSTILE, "9123", "0.10831", "Common cause"]
    assert rows[2] == ["Ødegård, Sons", "12.5", "", ""]


def test_csv_text_is_never_a_formula_but_negative_numbers_stay():
    table = Table("x", (Column("a"), Column("b", numeric=True)), (("=1+1", -3.5), ("@x", 1)))
    assert as_csv(table).splitlines()[1:] == ["'=1+1,-3.5", "'@x,1"]


def test_plain_cells_hold_numbers():
    assert [plain(cell) for cell in TABLE.rows[0][1:3]] == [9123, 0.10831]
    assert plain(TABLE.rows[2][1]) == "*"


def test_a_month_is_read_as_words_and_kept_as_data():
    table = Table("x", (Column("Month"),), (("2026-02",),))
    assert ">February 2026<" in as_html(table)
    assert "2026-02" in as_csv(table)


def test_a_ragged_row_is_refused_by_name():
    with pytest.raises(ValueError, match="Row 1 of 'Calls' has 1 cells for 2 columns"):
        Table("Calls", (Column("a"), Column("b")), ((1,),))


def test_another_reason_can_be_given():
    table = Table("x", (Column("a"),), ((Missing("x", "closed in May"),),))
    assert "closed in May" in as_html(table)
