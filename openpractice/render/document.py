"""A report as content: sections of blocks, written once and then printed as PDF, HTML or a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openpractice.render.tables import Table


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; level 2 or 3, since the section's own title is level 1."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Callout:
    """A box that stands out: what to do next, or what to be careful about."""

    title: str
    text: str
    kind: Literal["information", "action", "caution"] = "information"


@dataclass(frozen=True)
class Figure:
    """An SVG picture. `alt` says in words what it shows; without it no accessible PDF can be made."""

    svg: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("A figure needs alternative text that says what it shows.")


@dataclass(frozen=True)
class PageBreak:
    pass


@dataclass(frozen=True)
class KeyFigure:
    """One large number, already in words, with its label, and an icon whose own label says what it means."""

    value: str
    label: str
    note: str = ""
    icon: str = ""
    icon_alt: str = ""


@dataclass(frozen=True)
class KeyFigures:
    figures: tuple[KeyFigure, ...]


Block = Heading | Paragraph | Bullets | Callout | Figure | Table | PageBreak | KeyFigures


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report. `date` is in words; `attribution` names sources and licence and stands at the foot of every page."""

    title: str
    subtitle: str
    author: str
    date: str
    sections: tuple[Section, ...]
    attribution: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Table))
