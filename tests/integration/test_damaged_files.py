"""A damaged file is refused in words, whatever its reader stumbles over, and the files beside it are loaded."""

from __future__ import annotations

import io
import zipfile

import duckdb
import openpyxl
import pytest

from openpractice.analysis.recompute import ingest


def _zip(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("täble.csv", "a,b\n1,2\n")
    return out.getvalue()


def _book() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["a", "b"])
    made.save(out)
    return out.getvalue()


def name_not_utf8() -> bytes:
    return _zip().replace("täble".encode(), b"t\xff\xffble")


def version_9_9() -> bytes:
    changed = bytearray(_zip())
    changed[changed.index(b"PK\x01\x02") + 6] = 99
    return bytes(changed)


def _each_member(content: bytes, near: int, central: int, value: int) -> bytes:
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", near), (b"PK\x01\x02", central)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] = value
            place = changed.find(mark, place + 1)
    return bytes(changed)


def book_of_method_99() -> bytes:
    return _each_member(_book(), 8, 10, 99)


def encrypted_book() -> bytes:
    return _each_member(_book(), 6, 8, 1)


@pytest.mark.parametrize("damaged", [name_not_utf8, version_9_9, book_of_method_99, encrypted_book])
@pytest.mark.parametrize("inside", [False, True])
def test_a_damaged_file_is_refused_and_others_are_loaded(damaged, inside, tmp_path, small):
    kind = ".xlsx" if "book" in damaged.__name__ else ".zip"
    bad = tmp_path / f"bad{kind}"
    if inside:
        with zipfile.ZipFile(bad := tmp_path / "outer.zip", "w") as outer:
            outer.writestr("bad.xlsx", damaged())
            outer.writestr("empty.csv", "a,b\n1,2\n")
    else:
        bad.write_bytes(damaged())
    good = small.patients(tmp_path / "good.csv", "2026-02", {"Y99001": 9000})
    *refused, loaded = ingest(tmp_path / "home", [bad, good])
    assert loaded.status == "loaded"
    assert [account.status for account in refused] == ["refused"] * (2 if inside else 1)
    assert "damaged" in refused[0].reason
    assert str(tmp_path) not in refused[0].reason


def test_parquet_that_is_damaged_late_is_refused(tmp_path, small):
    path = tmp_path / "late.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT range AS a, random()::VARCHAR AS b FROM range(400000)) TO '{path}' (FORMAT parquet)")
    body = bytearray(path.read_bytes())
    for place in range(len(body) * 2 // 3, len(body) * 2 // 3 + 200):
        body[place] ^= 0xFF
    path.write_bytes(body)
    good = small.patients(tmp_path / "good.csv", "2026-02", {"Y99001": 9000})
    refused, loaded = ingest(tmp_path / "home", [path, good])
    assert (refused.status, loaded.status) == ("refused", "loaded")
    assert "late.parquet could not be read" in refused.reason
