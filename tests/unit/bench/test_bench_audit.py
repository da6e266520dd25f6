"""The flat file of the benchmark is the record's own bytes."""

from bench import audit as benchmark


def test_a_small_record_is_checked_and_its_flat_copy_ends_with_the_same_hash(tmp_path):
    home, flat = tmp_path / "home", tmp_path / "flat.jsonl"
    home.mkdir()
    benchmark.fill(home, flat, 50)
    benchmark.check(home, 50)
    import sqlite3

    found = sqlite3.connect(home / "openpractice.sqlite3")
    assert found.execute("SELECT hash FROM audit_entry WHERE number = 50").fetchone()[0] == benchmark.hash_lines(flat)
    found.close()


def test_the_time_allowed_goes_with_the_size():
    rows = benchmark.compare(20, times=1)
    assert [row["target"] for row in rows] == [None, 60 * 20 / 1_000_000]
