"""The publications that `fetch` knows; `publications.toml` beside this file says where each lives."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from openpractice.kinds import Refused


@dataclass(frozen=True)
class Publication:
    """One publication: its page, how to know its editions and its file, and the format the file should be."""

    name: str
    title: str
    page: str
    file: str
    source: str
    edition: str = ""


@lru_cache
def publications() -> dict[str, Publication]:
    """Every publication by name, in the order in which they are best loaded."""
    text = (Path(__file__).parent / "publications.toml").read_text(encoding="utf-8")
    return {entry["name"]: Publication(**entry) for entry in tomllib.loads(text)["publication"]}


def chosen(names: tuple[str, ...]) -> list[Publication]:
    """The publications of these names (or of these file formats), all of them for none. Raises Refused for an unknown one."""
    known = publications()
    by_source = {publication.source: publication for publication in known.values()}
    unknown = [name for name in names if name not in known and name not in by_source]
    if unknown:
        raise Refused(f"There is no publication called '{unknown[0]}'. Choose from: {', '.join(known)}.")
    return [known.get(name) or by_source[name] for name in names] or list(known.values())
