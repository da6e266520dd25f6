"""What a page needs of one chart: the picture and every word around it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """A chart ready for the `figure` macro.

    `svg` is markup with role="img" and an accessible name on its root, drawn on the server. `vega` is the address of
    the Vega (not Vega-Lite) specification with which a browser redraws it. `words` are the places of text columns.
    """

    id: str
    title: str
    svg: str
    subtitle: str = ""
    vega: str = ""
    note: str = ""
    source: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: Sequence[int] = (0,)
    downloads: Sequence[tuple[str, str]] = ()
