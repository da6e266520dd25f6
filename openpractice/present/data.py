"""What is loaded and how good it is: coverage by month, the account of every file, what was refused, what has changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from openpractice import tables as facts
from openpractice.analysis import loaded
from openpractice.analysis.loaded import LoadedFile
from openpractice.kinds import Measure, Refused, month_no, period_of
from openpractice.measures import catalogue
from openpractice.render import words
from openpractice.sources import catalogue as sources
from openpractice.store import Store

RECENT = 24  # months shown one by one; earlier ones by year
_SHEET = re.compile(r": [\d,]+ rows$")


@dataclass(frozen=True)
class Calendar:
    """Sources down, months across: how many files speak of each month, the latest months singly and the others by year.

    A source stands only where it has something.
    """

    months: tuple[str, ...]
    recent: tuple[tuple[str, tuple[int, ...]], ...]
    years: tuple[str, ...]
    earlier: tuple[tuple[str, tuple[int, ...]], ...]  # months covered in each year


@dataclass(frozen=True)
class RefusedRows:
    """Rows of one publication that were not taken, for one reason; the example is from the first of the files."""

    files: tuple[LoadedFile, ...]
    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Drift:
    """How the columns of one source changed from file to file; `changes` is empty when they never did."""

    title: str
    files: int
    columns: int
    changes: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]  # file, columns new to it, columns gone


@dataclass(frozen=True)
class Loaded:
    """Everything the data page shows."""

    files: tuple[LoadedFile, ...]
    refused_files: tuple[LoadedFile, ...]
    rows_read: int
    rows_kept: int
    rows_refused: int
    sources: int
    first: str
    last: str
    calendar: Calendar | None
    refusals: tuple[RefusedRows, ...]
    drift: tuple[Drift, ...]
    versions: tuple[tuple[int, str, str], ...]
    attribution: str


@dataclass(frozen=True)
class FileAccount:
    """One file in full: the tables it gave rows to, and the measures that those feed."""

    file: LoadedFile
    months: tuple[str, ...]
    tables: tuple[tuple[str, int], ...]
    measures: tuple[Measure, ...]
    size: str
    notes: tuple[str, ...]
    sheets: bool  # its headers are sheets of a workbook, not columns


def everything(store: Store) -> Loaded:
    """The whole account of the store."""
    every = loaded.files(store)
    taken = tuple(f for f in every if f.status == "loaded")
    firsts = sorted(f.first for f in taken if f.first)
    lasts = sorted(f.last for f in taken if f.last)
    return Loaded(
        files=taken,
        refused_files=tuple(f for f in every if f.status == "refused"),
        rows_read=sum(f.rows_read or 0 for f in taken),
        rows_kept=sum(f.rows_kept or 0 for f in taken),
        rows_refused=sum(f.rows_refused or 0 for f in taken),
        sources=len({f.source for f in taken}),
        first=words.period(firsts[0]) if firsts else "",
        last=words.period(lasts[-1]) if lasts else "",
        calendar=_calendar(loaded.calendar(store)),
        refusals=_refusals(taken),
        drift=tuple(_drift(taken)),
        versions=tuple((version, when(at), note) for version, at, note in loaded.versions(store)),
        attribution=attribution(taken),
    )


def when(stamp: str) -> str:
    """The day of a time stamp, in words."""
    return words.period(stamp[:10])


def attribution(files: Iterable[LoadedFile]) -> str:
    """The sentence the licence asks for, naming every publisher whose file is loaded."""
    publishers = list(dict.fromkeys(f.publisher for f in sorted(files, key=lambda f: f.publisher) if f.publisher))
    return (
        "Contains public sector information licensed under the Open Government Licence v3.0. "
        f"Source: {words.listed(publishers) or 'NHS England'}."
    )


def _calendar(found: dict[str, dict[str, int]]) -> Calendar | None:
    if not found:
        return None
    last = max(month_no(month) for months in found.values() for month in months)
    first = min(month_no(month) for months in found.values() for month in months)
    recent = [period_of(n) for n in range(max(first, last - RECENT + 1), last + 1)]
    before = [(title, [m for m in months if m < recent[0]]) for title, months in sorted(found.items())]
    years = sorted({month[:4] for _, months in before for month in months})
    return Calendar(
        months=tuple(recent),
        recent=tuple(
            (title, tuple(found[title].get(m, 0) for m in recent)) for title in sorted(found) if max(found[title]) >= recent[0]
        ),
        years=tuple(years),
        earlier=tuple(
            (title, tuple(sum(m.startswith(year) for m in months) for year in years)) for title, months in before if months
        ),
    )  # fmt: skip


def _refusals(files: Iterable[LoadedFile]) -> tuple[RefusedRows, ...]:
    """Reasons for refused rows, the commonest first; the files of one publication that share a reason stand together."""
    alike: dict[tuple[str, str], list[tuple[LoadedFile, dict]]] = {}
    for file in files:
        for refusal in file.refusals:
            alike.setdefault((file.title, refusal["reason"]), []).append((file, refusal))
    found = [
        RefusedRows(tuple(f for f, _ in some), reason, sum(r["count"] for _, r in some), some[0][1]["example"])
        for (_, reason), some in alike.items()
    ]
    return tuple(sorted(found, key=lambda r: -r.count))


def _drift(files: Iterable[LoadedFile]) -> Iterable[Drift]:
    by_source: dict[str, list[LoadedFile]] = {}
    for file in files:
        by_source.setdefault(file.title, []).append(file)
    for title, some in sorted(by_source.items()):
        if len(some) < 2:
            continue
        in_order = sorted(some, key=lambda f: (f.last, f.first, f.name))
        seen = [[_column(h) for h in f.headers] for f in in_order]
        changes = [
            (after.name, tuple(h for h in new if h not in old), tuple(h for h in old if h not in new))
            for after, old, new in zip(in_order[1:], seen, seen[1:], strict=False)
            if set(old) != set(new)
        ]
        yield Drift(title, len(some), len(seen[-1]), tuple(changes))


def _column(header: str) -> str:
    """A header as it is compared: without a sheet's number of rows, which always differs."""
    return _SHEET.sub("", header).strip()


def one_file(store: Store, number: int) -> FileAccount:
    """One file's account. Raises Refused when there is no file of that number."""
    file = next((f for f in loaded.files(store) if f.id == number), None)
    if file is None:
        raise Refused(f"There is no file number {number} in the store. The data page lists all files.")
    rows = store.catalogue.execute(
        "SELECT table_name, sum(rows) FROM parts WHERE file_id = ? GROUP BY table_name ORDER BY min(id)", [number]
    ).fetchall()
    names = {name for name, _ in rows}
    source = sources().get(file.source)
    return FileAccount(
        file=file,
        months=tuple(_stretch(file)),
        tables=tuple((facts.ALL[name].title if name in facts.ALL else name, count) for name, count in rows),
        measures=tuple(m for m in catalogue().values() if m.table.name in names),
        size=size(file.bytes),
        notes=source.notes if source else (),
        sheets=bool(file.headers) and all(_SHEET.search(h) for h in file.headers),
    )


def _stretch(file: LoadedFile) -> Iterable[str]:
    if file.first:
        yield words.period(file.first)
        if file.last != file.first:
            yield words.period(file.last)


def size(count: int | None) -> str:
    """A file's size as people say it."""
    if not count:
        return "unknown size"
    if count < 1000:
        return f"{count} bytes"
    for unit, big in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < big * 1000 or unit == "GB":
            return f"{count / big:,.{1 if count / big < 10 else 0}f} {unit}"
    return ""
