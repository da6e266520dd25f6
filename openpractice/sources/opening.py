"""Opens a file as it was published (.csv, .csv.gz, .zip, .xlsx, .parquet) as documents a source can recognise."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from openpractice.kinds import Refused
from openpractice.sources import guards, workbooks

SAMPLE_ROWS = 40
ENOUGH_PRACTICES = 4000  # of some 6,200; the least complete publication names 4,700
READABLE = (".csv", ".gz", ".zip", ".xlsx", ".parquet")


@dataclass
class Unreadable:
    """A file inside an archive that cannot be opened, and why."""

    name: str
    reason: str


@dataclass
class Document:
    """One table-like file, or one workbook, with a sample to recognise it by and a database to read it into.

    `columns` are the header's names in lower snake case, without footnote marks; `first_rows` the first rows as
    they stand, the header included. `sheets` holds a workbook's cells as text. `con` has the macros of `dialect`.
    """

    name: str
    path: Path
    kind: str  # csv · book · parquet
    con: duckdb.DuckDBPyConnection
    columns: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    first_rows: list[list[str]] = field(default_factory=list)
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)

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
        if self.kind == "parquet":
            renamed = ", ".join(
                f'CAST("{h}" AS VARCHAR) AS "{c}"' for h, c in zip(self.header, self.columns, strict=True)
            )
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT row_number() OVER () AS line, {renamed} "
                "FROM read_parquet(?)",
                [str(self.path)],
            )
            return
        names = self.columns if header else tuple(f"c{i + 1}" for i in range(len(self.first_rows[0])))
        if self.kind == "book":  # of one sheet: a table that was saved as a workbook
            (rows,) = self.sheets.values()
            self.load_rows(names, rows[int(header) :], table=table, first_line=1 + int(header))
            return
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
            [str(self.path)],
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
        known = self.con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'").fetchone()
        if not known or not known[0]:
            return []
        return self.con.execute("""
            SELECT CASE error_type WHEN 'INVALID ENCODING' THEN 'the line has letters that are not UTF-8'
                   ELSE 'the line has more or fewer fields than the header' END AS reason,
                   count(DISTINCT line), arg_min('line ' || line || ': ' || csv_line, line)
            FROM reject_errors GROUP BY reason ORDER BY reason""").fetchall()


def column_name(text: str) -> str:
    """`"Ended during the IVR Stage [4]"` → `ended_during_the_ivr_stage`: lower snake case without footnote marks."""
    text = re.sub(r"\[[^\]]*\]", " ", text.lstrip("\ufeff")).lower()
    text = text.replace("%", " pct ").replace("+", " plus ")
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Distinct names for a header; an empty or repeated one gets its position."""
    seen: dict[str, int] = {}
    names = []
    for i, cell in enumerate(header):
        name = column_name(cell) or f"column_{i + 1}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(names)


def flatten_header(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name a column from a header of several rows whose upper cells span to the right (merged cells)."""
    filled: list[list[str]] = []
    for depth, row in enumerate(rows):
        last = ""
        spread = []
        for cell in row:
            last = cell if cell else last
            spread.append(last if depth < len(rows) - 1 else cell)
        filled.append(spread)
    return column_names([" ".join(part for part in parts if part) for parts in zip(*filled, strict=True)])


def documents(path: Path, workdir: Path, con: duckdb.DuckDBPyConnection) -> Iterator[Document | Unreadable]:
    """The documents inside one file. Raises Refused, in words, for what cannot be opened."""
    name = path.name
    lower = name.lower()
    if not path.stat().st_size:
        raise Refused(f"{name} is empty. Download it again.")
    if lower.endswith((".xls", ".xlsb", ".ods", ".doc", ".docx", ".pdf", ".rds", ".json", ".xml")):
        raise Refused(
            f"{name}: files of this kind are not read. Use the .csv, .xlsx or .parquet file of the publication."
        )
    if lower.endswith(".parquet"):
        yield _parquet(path, name, con)
    elif zipfile.is_zipfile(path) or lower.endswith((".xlsx", ".zip")):
        yield from _archive(path, workdir, con)
    elif lower.endswith(".gz"):
        plain = workdir / path.stem
        _unpack_gzip(path, plain)
        yield _csv(plain, name, con)
    else:
        yield _csv(path, name, con)


def _unpack_gzip(path: Path, plain: Path) -> None:
    written = 0
    try:
        with gzip.open(path) as packed, plain.open("wb") as out:
            while block := packed.read(1 << 20):
                written += len(block)
                if written > guards.LARGEST_UNPACKED or (
                    written > guards.SMALL_ENOUGH and written / path.stat().st_size > guards.LARGEST_RATIO
                ):
                    raise Refused(f"{path.name} unpacks to far more than any NHS publication. It was not read.")
                out.write(block)
    except (OSError, EOFError, zlib.error) as damage:
        raise Refused(f"{path.name} is damaged or incomplete ({damage}). Download it again.") from damage


def _archive(path: Path, workdir: Path, con: duckdb.DuckDBPyConnection) -> Iterator[Document | Unreadable]:
    try:
        with zipfile.ZipFile(path) as archive:
            guards.refuse_bomb(archive, path, path.name)
            members = archive.namelist()
            if "[Content_Types].xml" in members:
                yield _book(path, con, workdir)
                return
            readable = [
                m
                for m in members
                if not m.startswith("__MACOSX")
                and not m.endswith("/")
                and not Path(m).name.startswith(".")
                and m.lower().endswith((".csv", ".xlsx", ".parquet"))
            ]
            if not readable:
                raise Refused(
                    f"{path.name} holds no .csv, .xlsx or .parquet file. Use the data file of the publication."
                )
            for member in readable:
                name = path.name if len(readable) == 1 else f"{path.name}/{member}"
                yield from _member(archive, member, name, workdir, con)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error) as damage:
        raise Refused(f"{path.name} is damaged or incomplete. Download it again from its official page.") from damage


def _member(
    archive: zipfile.ZipFile, member: str, name: str, workdir: Path, con: duckdb.DuckDBPyConnection
) -> Iterator[Document | Unreadable]:
    """One file of an archive; one that cannot be opened does not hide the others."""
    plain = workdir / f"member-{Path(member).name}"
    try:
        _unpack_member(archive, member, plain)
        for document in documents(plain, workdir, con):
            document.name = name
            yield document
    except Refused as why:
        yield Unreadable(name, str(why).replace(plain.name, name))
    finally:
        plain.unlink(missing_ok=True)


def _unpack_member(archive: zipfile.ZipFile, member: str, plain: Path) -> None:
    try:
        with archive.open(member) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as damage:
        raise Refused(
            f"{plain.name} is damaged, encrypted or packed in a way that cannot be read. Download it again."
        ) from damage


def _book(path: Path, con: duckdb.DuckDBPyConnection, workdir: Path) -> Document:
    sheets = workbooks.read(path)
    document = Document(path.name, workdir / "book", "book", con, sheets=sheets)
    if len(sheets) == 1:  # a table that happens to be a workbook
        rows = next(iter(sheets.values()))
        if rows:
            document.header, document.columns, document.first_rows = (
                tuple(rows[0]),
                column_names(rows[0]),
                rows[:SAMPLE_ROWS],
            )
    return document


def _one_line_ending(path: Path, workdir: Path) -> Path:
    """A copy of the file whose lines all end alike."""
    plain = workdir / f"{path.stem}.lines.csv"
    with path.open("rb") as mixed, plain.open("wb") as out:
        for line in mixed:
            out.write(line.rstrip(b"\r\n").replace(b"\r", b"\n") + b"\n")
    return plain


def _parquet(path: Path, name: str, con: duckdb.DuckDBPyConnection) -> Document:
    try:
        relation = con.execute("SELECT * FROM read_parquet(?) LIMIT ?", [str(path), SAMPLE_ROWS])
        header = tuple(d[0] for d in relation.description)
        rows = [["" if v is None else str(v) for v in row] for row in relation.fetchall()]
    except duckdb.Error as damage:
        raise Refused(f"{name} is damaged and cannot be read as Parquet. Make or download it again.") from damage
    _refuse_identifiers_in_parquet(path, name, header, con)
    return Document(name, path, "parquet", con, column_names(header), header, [list(header), *rows])


def _refuse_identifiers_in_parquet(
    path: Path, name: str, header: Sequence[str], con: duckdb.DuckDBPyConnection
) -> None:
    """DuckDB finds the cells shaped like an NHS number; the check digit decides."""
    for column in header:
        quoted = column.replace('"', '""')
        suspects = con.execute(
            f'SELECT DISTINCT CAST("{quoted}" AS VARCHAR) AS cell FROM read_parquet(?) '
            r"WHERE regexp_matches(cell, '(^|[^0-9])[4-79]\d{2}[ -]?\d{3}[ -]?\d{4}($|[^0-9])')",
            [str(path)],
        ).fetchall()
        if any(guards.holds_identifier(cell) for (cell,) in suspects):
            raise Refused(
                f"{name} holds what reads as an NHS number (column '{column}'). Nothing was stored. Remove the patient "
                "identifiers, or ask for a pseudonymised extract, and load it again."
            )


def _csv(path: Path, name: str, con: duckdb.DuckDBPyConnection) -> Document:
    with path.open("rb") as file:
        start = file.read(1 << 18)
    text = _decoded(start, name, cut=path.stat().st_size > len(start))
    _refuse_binary(start, name)
    guards.refuse_identifiers(path, name)
    first_line = text.splitlines()[0] if text.splitlines() else ""
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if first_line.count(mark) > first_line.count(",") and first_line.count(mark) >= 2:
            raise Refused(
                f"{name} separates its columns with {word}; a published file uses commas. Save it as 'CSV (comma "
                "delimited)' and load it again."
            )
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(text)), SAMPLE_ROWS))
    except csv.Error as damage:
        raise Refused(f"{name} is not a table ({damage}). Load the data file of the publication.") from damage
    if not rows or max(len(r) for r in rows) < 2:
        raise Refused(f"{name} is not a table: its first lines have no columns. Load the data file of the publication.")
    if len(rows) == 1:
        raise Refused(f"{name} has a header and no rows. Load the data file of the publication.")
    if not rows[0]:
        raise Refused(f"{name} begins with an empty line. Load the file as it was published, its header first.")
    rows[0][0] = rows[0][0].lstrip("\ufeff")
    return Document(name, path, "csv", con, column_names(rows[0]), tuple(rows[0]), rows)


def _decoded(start: bytes, name: str, *, cut: bool) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{name} is written in UTF-16. Save it as 'CSV UTF-8 (comma delimited)' and load it again.")
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if cut and error.start >= len(start) - 4:  # only a letter that the sample's end cuts in two
            return start[: error.start].decode("utf-8-sig")
        line = start.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"{name} is not written in UTF-8 (line {line}), so names would be garbled. Save it as 'CSV UTF-8 (comma "
            "delimited)' and load it again."
        ) from error


def _refuse_binary(start: bytes, name: str) -> None:
    if b"\x00" in start:
        raise Refused(f"{name} is not a text file. Use the .csv, .xlsx or .parquet file of the publication.")
