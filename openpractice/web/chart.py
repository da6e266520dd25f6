"""What a page needs of one chart: the picture and every word around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Chart:
    """A chart ready for the `figure` macro.

    `svg` is what `render.svg.responsive` draws: the wide and the narrow picture. `vega` is the address of the compiled
    Vega specification with which a browser redraws the wide one; it answers `?size=narrow` with the other.
    `words` are the places of the table's columns that hold words. A download is a name and an address.
    """

    id: str
    title: str
    svg: Markup
    subtitle: str = ""
    vega: str = ""
    note: str = ""
    source: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: Sequence[int] = (0,)
    downloads: Sequence[tuple[str, str]] = ()
