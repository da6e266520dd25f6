"""The verb that prints what concerns one organisation, and writes down that it did."""

from __future__ import annotations

import csv
import io
import json

from tests.integration.audit.place import WRITE


def test_an_organisation_s_entries_are_printed_and_that_is_written_down(place):
    place.run(WRITE.replace("Y99001", "Y99002"), 2)
    place.run(WRITE, 3)
    found = json.loads(place.openpractice("audit", "export", "--organisation", "Y99001", "--json").stdout)
    assert [one["entry"] for one in found] == [3, 4, 5]
    assert found[0]["in_words"] == "Dr Wren began to act for Y99001"
    assert (found[0]["detail"], found[0]["who"]) == ({"turn": 0}, "Dr Wren")
    ran = place.openpractice("audit", "export", "--organisation", "Y99001", "--csv")
    assert (ran.returncode, ran.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ran.stdout, newline="")))
    assert [row["entry"] for row in rows] == ["3", "4", "5", "6"]
    assert rows[-1]["in_words"] == "The installation exported 3 entries of the record, about Y99001"
    plain = place.openpractice("audit", "export", "--organisation", "Y99001").stdout.splitlines()
    assert plain[0].endswith("  Dr Wren began to act for Y99001")
    assert place.openpractice("audit", "verify").stdout.startswith("8 entries")


def test_a_code_that_nothing_is_known_of_is_said_and_leaves_no_trace(place):
    place.run(WRITE, 1)
    ran = place.openpractice("audit", "export", "--organisation", "NOBODY", "--json")
    assert (ran.returncode, ran.stdout) == (1, "[]\n")
    assert "The record holds nothing about NOBODY. Is the code right?" in ran.stderr
    assert place.openpractice("audit", "verify").stdout.startswith("1 entry,")
