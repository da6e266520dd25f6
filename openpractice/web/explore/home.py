"""What the first page shows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One of the five figures on England. The fields are those of the `key_figure` macro."""

    label: str
    value: str
    detail: str
    unit: str = ""
    trend: str = ""
    kind: str = ""
    spark: str = ""
    href: str = ""


@dataclass(frozen=True)
class News:
    """Something new in the data: a sentence, the day it was loaded, where to look."""

    text: str
    when: str
    href: str = ""


@dataclass(frozen=True)
class Home:
    figures: Sequence[Figure] = ()
    news: Sequence[News] = ()
    period: str = ""
