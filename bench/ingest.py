"""How fast a published file becomes facts, against a bare DuckDB copy of it to Parquet.

The file is made up, in the size and shape of the largest one that is read often: appointments by integrated care board
and month, 600,000 rows, 39 MB. The peer parses it and writes it as it stands. Ours parses it as text, gives every
category its word and every row its reason, sorts the rows by area and month and writes zstd.
"""

import random
import shutil
import tempfile
import time
from pathlib import Path

import duckdb

from openpractice.sources import dialect, gpad_icb_monthly
from openpractice.sources.opening import documents
from openpractice.tables.appointments import HCP, STATUS

BOARDS, MONTHS, ROWS_A_MONTH, TIMES = 42, 30, 474, 7
ROWS = BOARDS * MONTHS * ROWS_A_MONTH
TARGET = 3
MODES = ("Face-to-Face", "Telephone", "Home Visit", "Unknown", "Video/Online")
LAGS = (
    *("1 Day", "15  to 21 Days", "2 to 7 Days", "22  to 28 Days"),
    *("8  to 14 Days", "More than 28 Days", "Same Day", "Unknown / Data Quality"),
)


def run() -> list[dict]:
    """Ours and the peer take turns, and each is given its best time, so that a busy machine favours neither."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "appointments_regional.csv"
        path.write_text(file_text(), encoding="utf-8")
        size = f"{ROWS:,} rows, {path.stat().st_size / 1e6:.0f} MB, 2 threads"
        opened, read, peer = [], [], []
        for _ in range(TIMES):
            peer.append(copy_bare(path))
            opening, reading = ingest(path)
            opened.append(opening)
            read.append(reading)
    return [
        _row(f"ingest: parse, read and write sorted, {size}", min(read), min(peer), TARGET),
        _row(f"ingest: the same with the search for NHS numbers, {size}", min(opened) + min(read), min(peer), None),
    ]


def _row(name, ours, peer, target):
    return {
        "name": name,
        "ours_seconds": ours,
        "peer_seconds": peer,
        "ratio": ours / peer,
        "target": target,
        "unit": "times the seconds of a bare copy (at most)",
    }


def ingest(path: Path) -> tuple[float, float]:
    """Seconds to open the file and search it for patients' numbers, and seconds from there to the written facts."""
    workdir = Path(tempfile.mkdtemp(dir=path.parent))
    with dialect.connect(str(workdir)) as con:
        start = time.perf_counter()
        (document,) = documents(path, workdir, con)
        opened = time.perf_counter()
        (part,) = gpad_icb_monthly.read(document)
        con.execute(f"CREATE TEMP TABLE part AS {part.sql}")
        rows, kept = con.execute("SELECT count(*), count(*) FILTER (refusal IS NULL) FROM part").fetchone()
        con.execute(
            "COPY (SELECT * EXCLUDE (line, refusal) FROM part WHERE refusal IS NULL ORDER BY area_code, month_no) "
            f"TO '{workdir}/facts.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
        done = time.perf_counter()
    assert rows == kept == ROWS
    shutil.rmtree(workdir)
    return opened - start, done - opened


def copy_bare(path: Path) -> float:
    with duckdb.connect() as con:
        con.execute("SET threads = 2; SET enable_progress_bar = false")
        start = time.perf_counter()
        con.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{path.parent}/bare.parquet'")
        return time.perf_counter() - start


def file_text() -> str:
    """The made-up file. Boards and months are in order, as published; every category in turn."""
    draw = random.Random(20220630)
    joint = [f"{s},{h},{m},{b}" for s in STATUS for h in HCP for m in MODES for b in LAGS]
    lines = [",".join(gpad_icb_monthly.HEADER)]
    for board in range(BOARDS):
        for month in range(MONTHS):
            start = f"E5499{board:04d},{2020 + month // 12}-{month % 12 + 1:02d}"
            for i in range(ROWS_A_MONTH):
                lines.append(f"{start},{joint[i % len(joint)]},{int(draw.expovariate(1 / 1200)) + 1}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for row in run():
        print(row)
