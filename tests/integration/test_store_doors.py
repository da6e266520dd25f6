"""What one strange file may not do to the others, to a second try, or to the promise about identifiers."""

import zipfile
from pathlib import Path

import pytest

from openpractice.analysis.recompute import ingest
from openpractice.kinds import Refused, month_no
from openpractice.store import files_in

HEADER = "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS\n"
LISTS = HEADER + "GP_PRAC_PAT_LIST,2026-01-01,GP,99X,E38000999,Y99001,ZZ9 9ZZ,ALL,ALL,{patients}\n"


def archive(path, members):
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return path


def statuses(accounts):
    return [(account.path.rsplit("/", 1)[-1], account.status) for account in accounts]


def test_a_broken_member_does_not_hide_the_rest_of_an_archive(tmp_path):
    later = LISTS.replace("2026-01-01", "2026-02-01")
    path = archive(
        tmp_path / "lists.zip", {"a.csv": LISTS.format(patients=100), "b.csv": "", "c.csv": later.format(patients=90)}
    )
    assert statuses(ingest(tmp_path / "home", [path])) == [
        ("a.csv", "loaded"),
        ("lists.zip", "refused"),
        ("c.csv", "loaded"),
    ]
    again = ingest(tmp_path / "home", [path])
    assert sorted(account.status for account in again) == ["refused", "unchanged", "unchanged"]


@pytest.mark.parametrize("text", ["\na,b\n1,2\n", "a;b;c\n1;2;3\n"])
def test_one_strange_file_leaves_the_others_loaded(tmp_path, text):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "strange.csv").write_text(text)
    (tmp_path / "in" / "whole.csv").write_text(LISTS.format(patients=100))
    accounts = ingest(tmp_path / "home", [tmp_path / "in"])
    assert {account.status for account in accounts} == {"loaded", "refused"}


def test_a_folder_above_is_searched_like_any_other(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "a.csv").write_text("a,b\n")
    monkeypatch.chdir(tmp_path / "here")
    assert [path.name for path in files_in([Path("..")])] == ["a.csv"]


@pytest.mark.parametrize("wrong", ["2024-1", "2024-13", "٢٠٢٤-٠١", "24-01"])
def test_a_month_is_written_one_way(wrong):
    with pytest.raises(Refused, match="not a month"):
        month_no(wrong)


def test_the_mean_length_shows_what_has_no_length(sample_store):
    rows = sample_store.catalogue.execute(
        "SELECT m.name, r.unknown, r.denominator FROM results r JOIN measures m ON m.id = r.measure "
        "WHERE r.area = 'ENG' AND r.month = ? AND m.name IN ('mean_appointment_minutes', 'appointments_over_15_minutes')",
        [month_no("2022-06")],
    ).fetchall()
    (one, two) = [tuple(row)[1:] for row in rows]
    assert one == pytest.approx(two)
    assert one[0] > 0.2


def test_nothing_of_a_file_that_nobody_knows_is_told_to_everybody(tmp_path):
    """A list of patients without headings begins with a patient."""
    file = tmp_path / "list.csv"
    file.write_text("Hazel Dunnock,12/03/1951,4 Mill Lane\nRowan Swift,01/01/1980,9 Bird Walk\n")
    home = tmp_path / "home"
    (account,) = ingest(home, [file])
    assert account.status == "refused"
    assert "not a file OpenPractice knows" in account.reason
    for kept in home.rglob("*"):
        assert kept.is_dir() or b"Hazel" not in kept.read_bytes(), kept
