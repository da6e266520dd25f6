"""A document: one table-like file or one workbook, which a source recognises and loads as rows of text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openpractice.kinds import Owner, Refused
from openpractice.sources import guards
from openpractice.sources.dialect import exactly

MOST_COLUMNS = 2000  # the widest publication, of the workforce, has some 800; each costs memory, however short the file
ENOUGH_PRACTICES = 4000  # of some 6,200; the least complete publication names 4,700


@dataclass
class Document:
    """One table-like file, or one workbook, with a sample to recognise it by and a database to read it into.

    `columns` are the header's names in lower snake case, without footnote marks; `first_rows` the first rows as
    they stand, the header included. `sheets` holds a workbook's cells as text. `con` has the macros of `dialect`.
    A practice's own record has an `owner` once it came through the door, and `notes` of what was left there.
    """

    name: str
    path: Path
    kind: str  # csv · book · parquet
    con: duckdb.DuckDBPyConnection
    columns: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    first_rows: list[list[str]] = field(default_factory=list)
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    owner: Owner | None = None
    notes: tuple[str, ...] = ()
    refused_lines: list[tuple[str, int, str]] = field(default_factory=list)

    def has(self, *columns: str) -> bool:
        return set(columns) <= set(self.columns)

    def first_of(self, *columns: str) -> str:
        """The first of these columns that the file has; raises Refused naming them when it has none."""
        for column in columns:
            if column in self.columns:
                return column
        raise Refused(f"{self.name} has no column {' or '.join(columns)}. Load the file as it was published.")

    def load(self, *, header: bool = True, table: str = "raw") -> None:
        """Fill `table` with every row as text: `line`, then the columns (c1, c2 … without a header)."""
        names = self.columns if header else tuple(f"c{i + 1}" for i in range(len(self.first_rows[0])))
        if len(names) > MOST_COLUMNS:
            raise Refused(
                f"{self.name} has {len(names):,} columns, far more than any publication. Load the file as it was published."
            )
        if self.kind == "parquet":
            renamed = ", ".join(
                f'CAST("{h}" AS VARCHAR) AS "{c}"' for h, c in zip(self.header, self.columns, strict=True)
            )
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT row_number() OVER () AS line, {renamed} "
                "FROM read_parquet(?)",
                [exactly(self.path)],
            )
            return
        if self.kind == "book":  # of one sheet: a table that was saved as a workbook
            (rows,) = self.sheets.values()
            self.load_rows(names, rows[int(header) :], table=table, first_line=1 + int(header))
            return
        guards.refuse_uneven(self.path, len(names), self.name)
        try:
            self._load_csv(names, header=header, table=table)
        except duckdb.InvalidInputException:  # strict reading, which counts fields, stops at mixed line endings
            (workdir,) = self.con.execute("SELECT current_setting('temp_directory')").fetchone() or (".",)
            self.path = _one_line_ending(self.path, Path(workdir))
            try:
                self._load_csv(names, header=header, table=table)
            except duckdb.Error as damage:
                raise Refused(f"{self.name} is damaged and cannot be read as a table. Download it again.") from damage
        self._refuse_open_quote()

    def _load_csv(self, names: Sequence[str], *, header: bool, table: str) -> None:
        columns = ", ".join(f"'{n}': 'VARCHAR'" for n in names)
        self.con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM read_csv(?, columns = {{{columns}}}, "
            f"header = false, skip = {int(header)}, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
            "nullstr = '', strict_mode = true, store_rejects = true, rejects_limit = 0)",
            [exactly(self.path)],
        )
        # numbered afterwards, because a window over the rows would keep the file from being parsed on two threads
        self.con.execute(
            f"ALTER TABLE {table} ADD COLUMN line BIGINT; UPDATE {table} SET line = rowid + {1 + int(header)}"
        )

    def _refuse_open_quote(self) -> None:
        """A quotation mark that never closes swallows every line after it, so the whole file is refused."""
        found = self.con.execute(
            "SELECT min(line) FROM reject_errors WHERE error_type = 'UNQUOTED VALUE' AND contains(csv_line, chr(10))"
        ).fetchone()
        if found and found[0] is not None:
            raise Refused(
                f"{self.name} opens a quotation mark in line {found[0]} that is never closed, so the lines after it "
                "cannot be told apart. Mend the line or download the file again."
            )

    def load_rows(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, table: str = "raw", first_line: int = 1
    ) -> None:
        """Fill `table` with rows of text cells, such as the body of a sheet."""
        body = io.StringIO()
        writer = csv.writer(body, quoting=csv.QUOTE_MINIMAL)
        width = len(columns)
        for i, row in enumerate(rows):
            writer.writerow([first_line + i, *list(row)[:width], *[""] * (width - len(row))])
        scratch = self.path.parent / f"{table}.rows.csv"
        scratch.write_text(body.getvalue(), encoding="utf-8")
        typed = ", ".join(f"'{c}': 'VARCHAR'" for c in columns)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM read_csv(?, columns = {{'line': 'BIGINT', {typed}}}, "
            "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '')",
            [str(scratch)],
        )
        scratch.unlink()

    def lists_england(self, table: str = "raw", column: str = "line") -> bool:
        """Whether a loaded file names enough practices to speak for all of England (an extract must replace nothing)."""
        (n,) = self.con.execute(f"SELECT count(DISTINCT {column}) FROM {table}").fetchone() or (0,)
        return n >= ENOUGH_PRACTICES

    def year_named(self) -> int | None:
        """The year in which the financial year in the file's name ends ("QOF 2021-22", "22-23", "2021_v2"), if any.

        A last resort, for publications that do not say inside what year they are about.
        """
        for name in (self.path.name, self.name):
            for start, end in re.findall(r"(?<!\d)(?:20)?(\d\d)[-_/ ]?(?:20)?(\d\d)(?!\d)", name):
                if int(end) == int(start) + 1:
                    return 2000 + int(end)
        return None

    def rejected_lines(self) -> list[tuple[str, int, str]]:
        """Lines whose number of fields is not the header's: (reason, count, first example)."""
        if self.owner:
            return self.refused_lines
        known = self.con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone()
        if not known or not known[0]:
            return []
        return self.con.execute("""
            SELECT CASE error_type WHEN 'INVALID ENCODING' THEN 'the line has letters that are not UTF-8'
                   ELSE 'the line has more or fewer fields than the header' END AS reason,
                   count(DISTINCT line), arg_min('line ' || line || ': ' || csv_line, line)
            FROM reject_errors GROUP BY reason ORDER BY reason""").fetchall()


def _one_line_ending(path: Path, workdir: Path) -> Path:
    """A copy of the file whose lines all end alike."""
    plain = workdir / f"{path.stem}.lines.csv"
    with path.open("rb") as mixed, plain.open("wb") as out:
        for line in mixed:
            out.write(line.rstrip(b"\r\n").replace(b"\r", b"\n") + b"\n")
    return plain
