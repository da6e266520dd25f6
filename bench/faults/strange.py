"""Files that are not what they say they are: real small ones, damaged by a rule and by chance, the same for the same seed."""

from __future__ import annotations

import gzip
import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SEEDS = Path(__file__).parents[2] / "tests" / "data" / "sources"
OWN = "appointment_book"  # how the names of a practice's own files begin; the others are published
NAMES = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "=cmd|'/C calc'!A0.csv", "<img src=x onerror=alert(1)>.csv",
    "a\x00b.csv", "\u202egnp.exe.csv", "café \u0301\u0301\u0301.csv", "x" * 300 + ".csv", ".hidden", "CON", " ", "'; DROP TABLE files;--.csv",
    "line\r\nSet-Cookie: a=b.csv", "%2e%2e%2f.csv", "glob*?[a].csv", "{braces}.csv", "-rf", "\U0001f4a9.csv", "name.xlsx", "name.parquet",
    "name.zip", "name.csv.gz",
)  # fmt: skip
NUMBERS = (
    b"9" * 400,
    b"1e308",
    b"-1",
    b"NaN",
    b"inf",
    b"99999999999999999999",
    b"0x10",
    b"1,000,000",
    b"\xd9\xa3",
    b"1e-400",
)
CELLS = (b"=1+1", b'=HYPERLINK("http://x")', b"+44", b"-2+3", b"@SUM(A1)", b'"', b"'; --", b"<script>", b"\xff", b"")
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">' + b"".join(
    b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10 if n else b"&b;" * 10) for n in range(9)
) + b"]><a>&b8;</a>"  # fmt: skip
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


class Strange(NamedTuple):
    """One file: the format it was made from, what was done to it, how it is called and what is in it."""

    format: str
    done: str
    name: str
    body: bytes


def formats() -> dict[str, bytes]:
    """The small real files, by name."""
    return {
        path.name: path.read_bytes() for path in sorted(SEEDS.iterdir()) if path.suffix in (".csv", ".xlsx", ".parquet")
    }


def files(seed: int, count: int, first: int = 0) -> Iterator[Strange]:
    """So many strange files, each format in turn; file n is the same however many are asked for."""
    known = formats()
    names = list(known)
    for n in range(first, first + count):
        chance = random.Random(f"{seed} {n}")
        name = names[n % len(names)]
        yield made(name, known, chance)


def made(name: str, known: dict[str, bytes], chance: random.Random) -> Strange:
    body, done = known[name], []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body, what = _changed(name, body, known, chance)
        done.append(what)
    if chance.random() < 0.2:
        wrap = chance.choice(WRAPPED)
        body = wrap(name, body, chance)
        done.append(wrap.__name__)
    called = chance.choice(NAMES) if chance.random() < 0.2 else name
    return Strange(name, ", ".join(done), called, body)


def _changed(name: str, body: bytes, known: dict[str, bytes], chance: random.Random) -> tuple[bytes, str]:
    if chance.random() < 0.1:
        other = chance.choice(list(known))
        return spliced(body, known[other], chance), f"spliced with {other}"
    choices: tuple[Callable, ...] = ANY
    if zipfile.is_zipfile(io.BytesIO(body)) and name.endswith(".xlsx"):
        choices = (*ANY, *BOOK * 3)
    elif name.endswith(".parquet"):
        choices = (*ANY, *PARQUET * 3)
    elif name.endswith(".csv"):
        choices = (*ANY, *TEXT * 2)
    change = chance.choice(choices)
    return change(body, chance), change.__name__


def flipped(body: bytes, chance: random.Random) -> bytes:
    out = bytearray(body)
    for _ in range(chance.choice((1, 5, 50)) if out else 0):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def beheaded(body: bytes, chance: random.Random) -> bytes:
    return body[chance.randrange(len(body) + 1) :]


def spliced(body: bytes, other: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


def nulls(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + b"\x00" * chance.choice((1, 7, 5000)) + body[at:]


def noise(body: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 100, 10_000)))


def followed(body: bytes, chance: random.Random) -> bytes:
    return body + chance.choice((b"\n\n\n", chance.randbytes(200), body))


def other_letters(body: bytes, chance: random.Random) -> bytes:
    text = body.decode("utf-8", "replace")
    how = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "utf-7", "cp037"))
    return text.replace("a", "é", 3).encode(how, "replace")


def renamed(body: bytes, chance: random.Random) -> bytes:
    """A header whose columns go by other names, in another order, or twice."""
    head, _, rest = body.partition(b"\n")
    columns = head.split(b",")
    at = chance.randrange(len(columns))
    how = chance.randrange(5)
    if how == 0:
        columns[at] = chance.choice(
            (b"", b"X", columns[at][::-1], b'"', columns[at] * 200, b"  " + columns[at].swapcase())
        )
    elif how == 1:
        chance.shuffle(columns)
    elif how == 2:
        columns.append(columns[at])
    elif how == 3:
        del columns[at]
    else:
        columns = [columns[at]] * len(columns)
    return b",".join(columns) + b"\n" + rest


def cells(body: bytes, chance: random.Random) -> bytes:
    """Some cells hold what nobody should put there."""
    lines = body.split(b"\n")
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(lines))
        row = lines[at].split(b",")
        row[chance.randrange(len(row))] = chance.choice((*NUMBERS, *CELLS))
        lines[at] = b",".join(row)
    return b"\n".join(lines)


def wide(body: bytes, chance: random.Random) -> bytes:
    """A line with very many columns."""
    head, _, rest = body.partition(b"\n")
    many = b"," * chance.choice((1000, 50_000, 1_000_000))
    return chance.choice((many + b"\n" + body, head + many + b"\n" + rest, head + b"\n" + many + b"\n" + rest))


def long_cell(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + b"x" * chance.choice((10_000, 5_000_000)) + body[at:]


def quoted(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice((b'"', b'""', b'","', b'"\n"')) + body[at:]


def line_ends(body: bytes, chance: random.Random) -> bytes:
    return body.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\r", b"\x0b", b"\x00\n", b"\n\n")))


def separated(body: bytes, chance: random.Random) -> bytes:
    return body.replace(b",", chance.choice((b";", b"\t", b"|", b" ", b"\x1f")))


def repeated(body: bytes, chance: random.Random) -> bytes:
    head, _, rest = body.partition(b"\n")
    return head + b"\n" + rest * min(50, 2_000_000 // (len(rest) + 1) + 1)


def lines_lost(body: bytes, chance: random.Random) -> bytes:
    return b"\n".join(line for line in body.split(b"\n") if chance.random() < 0.5)


def _members(body: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return {name: book.read(name) for name in book.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        ValueError,
        OSError,
    ):
        return {}


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            undated = zipfile.ZipInfo(name)  # so that the same files come again
            book.writestr(undated, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _one_changed(body: bytes, chance: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    members = _members(body)
    if not members:
        return body
    sheets = [name for name in members if "sheet" in name] or list(members)
    name = chance.choice(sheets if chance.random() < 0.7 else list(members))
    return _packed({**members, name: change(members[name])})


def broken_xml(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(body, chance, lambda xml: chance.choice((flipped, cut, beheaded, nulls))(xml, chance))


def entities(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(body, chance, lambda xml: chance.choice((ENTITIES, OUTSIDE, b"", b"<a>" * 100_000)))


def far_cells(body: bytes, chance: random.Random) -> bytes:
    """A cell at the far corner of a sheet: written down it is nothing, laid out it is seventeen thousand million cells."""
    far = chance.choice((b"XFD1048576", b"ZZ1048576", b"A1048576", b"XFD1", b"A99999999999", b"AAAAAAA1"))
    return _one_changed(
        body, chance, lambda xml: re.sub(rb'(<c [^>]*?r=")[A-Z]+[0-9]+"', rb"\g<1>" + far + b'"', xml, count=1)
    )


def dimension(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(
        body, chance, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)
    )


def error_cells(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(
        body,
        chance,
        lambda xml: xml.replace(b' t="n"', b' t="e"').replace(
            b' t="s"', chance.choice((b' t="e"', b' t="b"', b' t="d"', b""))
        ),
    )


def huge_values(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(
        body,
        chance,
        lambda xml: re.sub(
            rb"<v>[^<]*</v>",
            lambda hit: b"<v>" + chance.choice(NUMBERS) + b"</v>" if chance.random() < 0.2 else hit[0],
            xml,
        ),
    )


def members_lost(body: bytes, chance: random.Random) -> bytes:
    members = _members(body)
    if members:
        del members[chance.choice(list(members))]
    return _packed(members)


def sheets_renamed(body: bytes, chance: random.Random) -> bytes:
    return _one_changed(
        body,
        chance,
        lambda xml: re.sub(rb'name="Table', b'name="' + chance.choice((b"T&amp;", b"x" * 300, b"", b"../")), xml),
    )


def footer(body: bytes, chance: random.Random) -> bytes:
    """The end of a Parquet file says where everything is; here it lies."""
    at = max(0, len(body) - chance.choice((4, 8, 12, 40, 200, 400)))
    return body[:at] + flipped(body[at:], chance)


def footer_length(body: bytes, chance: random.Random) -> bytes:
    return (
        body[:-8]
        + struct.pack("<I", chance.choice((0, 1, 2**31, 2**32 - 1, len(body), chance.randrange(2**32))))
        + body[-4:]
    )


def parquet_inside(body: bytes, chance: random.Random) -> bytes:
    if len(body) < 20:
        return body
    return body[:4] + flipped(body[4:-8], chance) + body[-8:]


def gz(name: str, body: bytes, chance: random.Random) -> bytes:
    packed = gzip.compress(body, 6, mtime=0)
    return chance.choice(
        (packed, packed[: len(packed) // 2], packed + b"tail", packed + packed, flipped(packed, chance))
    )


def zipped(name: str, body: bytes, chance: random.Random) -> bytes:
    inside = chance.choice(
        (
            name,
            "../../" + name,
            "/etc/" + name,
            "a/" * 50 + name,
            "C:\\" + name,
            "x" * 200 + ".csv",
            name + "\x00.exe",
            "__MACOSX/" + name,
        )
    )
    packed = _packed({inside: body, **({"second.csv": body[: len(body) // 2]} if chance.random() < 0.3 else {})})
    return flipped(packed, chance) if chance.random() < 0.3 else packed


def nested(name: str, body: bytes, chance: random.Random) -> bytes:
    for depth in range(chance.choice((2, 5, 30))):
        body = _packed({chance.choice((name, f"{depth}.zip", f"{depth}.csv")): body})
    return body


def encrypted(name: str, body: bytes, chance: random.Random) -> bytes:
    packed = bytearray(_packed({name: body}))
    packed[6] |= 1  # a flag that says so, in both places
    at = packed.rfind(b"PK\x01\x02")
    packed[at + 8] |= 1
    return bytes(packed)


def bomb(name: str, body: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return gzip.compress(b"0," * 50_000_000, 9, mtime=0)
    return _packed({name: b"0" * 100_000_000})


def lying_sizes(name: str, body: bytes, chance: random.Random) -> bytes:
    packed = bytearray(_packed({name: body}))
    at = packed.rfind(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", chance.choice((0, 1, 2**32 - 1, 2**31)))
    return bytes(packed)


ANY = (flipped, cut, beheaded, nulls, noise, followed)
TEXT = (other_letters, renamed, cells, wide, long_cell, quoted, line_ends, separated, repeated, lines_lost)
BOOK = (broken_xml, entities, far_cells, dimension, error_cells, huge_values, members_lost, sheets_renamed)
PARQUET = (footer, footer_length, parquet_inside)
WRAPPED = (gz, zipped, nested, encrypted, lying_sizes, bomb)
