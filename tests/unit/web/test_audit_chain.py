"""The chain by itself: whatever is done to entries, the first that is not as it was written is named."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpractice.web.audit.chain import FIELDS, START, Noted, digest, verify

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PERSON = st.none() | st.integers(1, 2**62)
CONTENTS = st.lists(st.tuples(TEXT, PERSON, TEXT, TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=12)
NUMBER, PREVIOUS, HASH = FIELDS.index("number"), FIELDS.index("previous"), len(FIELDS)


def chained(contents) -> list[list]:
    """Entries as they are written: the values of FIELDS, then the hash."""
    rows, previous = [], START
    for number, content in enumerate(contents, 1):
        values = [number, *content, previous]
        previous = digest(values)
        rows.append([*values, previous])
    return rows


FIVE = chained([(f"moment {n}", n, "Dr Wren", "A", "B", "left", "{}") for n in range(5)])


@given(CONTENTS)
def test_what_is_untouched_holds(contents):
    rows = chained(contents)
    verdict = verify(rows)
    assert (verdict.entries, verdict.head, verdict.broken) == (len(rows), rows[-1][HASH], None)
    for row in rows:
        assert verify(rows, Noted(row[NUMBER], row[HASH])) == verdict


@settings(max_examples=400)
@given(CONTENTS, st.data())
def test_any_change_of_any_field_of_any_entry_is_found_and_the_first_is_named(contents, data):
    rows = chained(contents)
    places = [(row, field) for row in range(len(rows)) for field in range(HASH + 1)]
    changed = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True))
    for row, field in changed:
        before = rows[row][field]
        values = st.integers(-5, 2**62) | TEXT | st.none() | st.binary(max_size=4) | st.floats() | st.booleans()
        # True is 1 to Python, and no database gives back a truth where a number was stored.
        rows[row][field] = data.draw(values.filter(lambda v, b=before: v != b))
    verdict = verify(rows)
    assert verdict.broken
    assert verdict.broken.number == min(row for row, _ in changed) + 1
    assert verdict.entries == verdict.broken.number - 1


@given(CONTENTS, st.data())
def test_entries_that_are_taken_out_or_exchanged_are_missed(contents, data):
    rows = chained(contents)
    kept = data.draw(st.permutations(rows))
    if len(rows) > 1:
        kept = kept[: data.draw(st.integers(1, len(rows)))]
    verdict = verify(kept)
    agree = next((n for n, (one, other) in enumerate(zip(kept, rows, strict=False)) if one != other), len(kept))
    assert verdict.entries == agree
    if agree < len(kept):
        assert verdict.broken.number == agree + 1
    else:  # only the end is gone, which a hash kept elsewhere shows
        noted = Noted(len(rows), rows[-1][HASH])
        assert (verify(kept, noted).broken is None) == (len(kept) == len(rows))


@pytest.mark.parametrize(
    ("noted", "number", "why"),
    [
        (Noted(3, "f" * 64), 3, "entry 3 is not the one that was noted: it or one before it was written anew"),
        (Noted(6, "f" * 64), 6, "the record ends with entry 5, and entry 6 was noted before"),
        (Noted(9, "f" * 64), 6, "the record ends with entry 5, and entry 9 was noted before"),
    ],
)
def test_a_noted_hash_that_does_not_fit_says_how(noted, number, why):
    broken = verify(FIVE, noted).broken
    assert (broken.number, broken.why) == (number, why)


def test_nothing_is_a_chain_too():
    assert verify([]) == verify(iter(()))
    assert (verify([]).entries, verify([]).head, verify([]).broken) == (0, START, None)
    assert verify([], Noted(1, "f" * 64)).broken.number == 1


def test_anybody_can_compute_a_hash():
    """The formula of the guide, without this program."""
    values = [1, "2026-11-22T09:00:00.000+00:00", None, "Zoë", "", "Y99001", "left", "{}", "0" * 64]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    assert text.startswith('[1,"2026-11-22T09:00:00.000+00:00",null,"Zoë","","Y99001","left","{}","000')
    assert digest(values) == hashlib.sha256(text.encode("utf-8")).hexdigest()
