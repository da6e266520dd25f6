"""One area beside others: who is most alike and why, and every measure against four groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from openpractice.analysis import alike, compare, places
from openpractice.analysis.everyone import atlas
from openpractice.analysis.features import FEATURES
from openpractice.analysis.remembered import remembered
from openpractice.kinds import LEVEL_NAMES, Area, Refused
from openpractice.present import likeness, standings
from openpractice.present.picture import Picture
from openpractice.present.standings import SHORT
from openpractice.render import words
from openpractice.render.charts.map import Place, twin_map
from openpractice.render.tables import Column, Table
from openpractice.store import Store

CHOICES = (10, 20, 50)
COMPARATORS = (
    ("The most alike", "Practices anywhere in England whose patients and place are most like yours: size, ages, "
     "deprivation, ethnic mix, setting. Never chosen by how they perform. The fairest first comparison."),
    ("Your network", "The practices of your primary care network, who share staff and patients with you."),
    ("Local", "Practices of your sub-ICB location, or of the ICB where it is small. They share hospitals, services and "
     "local decisions."),
    ("England", "Every practice with a figure that month. It shows the whole range, and hides how different patients are."),
)  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """A feature that can be left out: its value here, and how much of the group hangs on it."""

    name: str
    title: str
    own: str
    left_out: bool
    kept: str
    origin: str


@dataclass(frozen=True)
class Twin:
    """One of the most alike, as a row of the page."""

    number: int
    area: Area
    where: str
    how: str
    why: str


@dataclass(frozen=True)
class Twins:
    """The most alike of one practice."""

    found: alike.Alike
    rows: tuple[Twin, ...]
    steadiness: str
    gaps: str
    map: Picture | None
    table: Picture


@dataclass(frozen=True)
class Comparison:
    """The whole page of one area."""

    area: Area
    level: str
    k: int
    left_out: tuple[str, ...]
    switches: tuple[Switch, ...]
    twins: Twins | None
    why_no_twins: str
    spine: Picture | None
    groups: tuple[tuple[str, str], ...]  # short name, full label
    england_apart: tuple[str, ...]  # where England's own figure is of another kind

    @property
    def pictures(self) -> list[Picture]:
        drawn = [self.twins.map, self.twins.table] if self.twins else []
        return [p for p in (*drawn, self.spine) if p]


def comparison(store: Store, code: str, k: int = 20, left_out: Sequence[str] = ()) -> Comparison:
    """The model of the page. Raises Refused for an area that does not exist or a feature of another name."""
    area = places.area(store, code)
    known = {f.name for f in FEATURES}
    out = tuple(sorted({name for name in left_out if name in known}))
    k = k if k in CHOICES else 20
    return remembered(store, ("comparison", area.code, k, out), lambda: _comparison(store, area, k, out))


def _comparison(store: Store, area: Area, k: int, out: tuple[str, ...]) -> Comparison:
    found, why = _alike(store, area, k, out)
    rows = compare.profile(store, area.code, k, out)
    labels = {key: s.spreads[key].label for s in rows for key in SHORT if key in s.spreads}
    return Comparison(
        area=area, level=LEVEL_NAMES[area.level], k=k, left_out=out,
        switches=_switches(store, area, found, out),
        twins=_twins(store, found) if found else None, why_no_twins=why,
        spine=standings.spine(area, rows), groups=tuple((name, labels[key]) for key, name in SHORT.items() if key in labels),
        england_apart=tuple(dict.fromkeys(s.measure.england_apart for s in rows if s.measure.england_apart)),
    )  # fmt: skip


def _alike(store: Store, area: Area, k: int, out: tuple[str, ...]) -> tuple[alike.Alike | None, str]:
    if area.level != "practice":
        return None, ""
    try:
        return alike.alike(store, area.code, k, out), ""
    except Refused as why:
        return None, str(why)


def _switches(store: Store, area: Area, found: alike.Alike | None, out: tuple[str, ...]) -> tuple[Switch, ...]:
    if area.level != "practice":
        return ()
    used = {f.name for f in found.features} if found else set()
    return tuple(
        Switch(
            f.name, f.title, likeness.value(f, found.own[f.name]) if found and f.name in used else "", f.name in out,
            f"{round(found.stability[f.name] * found.k)} of {found.k} stay without it" if found and f.name in used else "",
            f.origin,
        )
        for f in FEATURES
        if f.name in used or f.name in out
    )  # fmt: skip


def _twins(store: Store, found: alike.Alike) -> Twins:
    why = likeness.reasons(store, found)
    known = atlas(store).areas
    rows = tuple(
        Twin(i, n.area, _where(known, n.area), reason.how, reason.sentence)
        for i, (n, reason) in enumerate(zip(found.neighbours, why, strict=True), start=1)
    )
    return Twins(found, rows, likeness.steadiness(found), likeness.gaps(found), _map(store, found), _table(found, rows))


def _where(known: dict[str, Area], area: Area) -> str:
    if area.icb in known:
        return known[area.icb].name.removeprefix("NHS ").removesuffix(" ICB")
    return area.postcode


def _source(found: alike.Alike) -> str:
    return f"{words.listed(list(dict.fromkeys(f.origin for f in found.features)))}; places by postcode"


def _map(store: Store, found: alike.Alike) -> Picture | None:
    placed = [n.area for n in found.neighbours if n.area.latitude is not None and n.area.longitude is not None]
    if len(placed) < len(found.neighbours) / 2:
        return None
    own = found.area
    here = [Place(own.name, own.latitude, own.longitude, this=True)] if own.latitude and own.longitude else []
    # One without a known place keeps its number and its line beside the map, so that map and table agree.
    drawn = here + [Place(n.area.name, n.area.latitude, n.area.longitude) for n in found.neighbours]
    ground = tuple(
        (a.latitude, a.longitude)
        for a in atlas(store).areas.values()
        if a.level == "practice" and a.status == "active" and a.latitude is not None and a.longitude is not None
    )
    far = len({a.icb for a in placed if a.icb})
    body = tuple((a.name, a.code, a.postcode, a.latitude, a.longitude) for a in placed)
    columns = (
        Column("Practice"), Column("Code"), Column("Postcode"), Column("Latitude", numeric=True),
        Column("Longitude", numeric=True),
    )  # fmt: skip
    return Picture(
        id="map",
        title=f"The {found.k} practices most like {own.name} are spread over {words.plural(far, 'ICB')}",
        subtitle="Numbered by likeness, the most alike first. Pale dots are all practices in England",
        description=f"A map of England with {len(placed)} numbered points; their names stand beside it.",
        draw=partial(twin_map, drawn, others=ground),
        table=Table(f"Where the practices most like {own.name} are", columns, body),
        source=_source(found),
    )


def _table(found: alike.Alike, rows: Sequence[Twin]) -> Picture:
    """The table of likeness as a file. It has no drawing of its own: the map is its picture."""
    features = tuple(Column(f.title, "" if f.unit == "yes or no" else f.unit, numeric=True) for f in found.features)
    columns = (Column("Practice"), Column("Code"), Column("Distance", numeric=True), Column("In words"), *features)
    body = [
        (
            found.area.name,
            found.area.code,
            0.0,
            "This practice",
            *(likeness.plainly(f, found.own[f.name]) for f in found.features),
        ),
        *(
            (
                n.area.name,
                n.area.code,
                n.distance,
                f"{row.how}. {row.why}",
                *(likeness.plainly(f, n.values[f.name]) for f in found.features),
            )
            for n, row in zip(found.neighbours, rows, strict=True)
        ),
    ]
    return Picture(
        id="likeness", title="", subtitle="", description="", draw=None,
        table=Table(f"The practices most like {found.area.name}", columns, tuple(body)), source=_source(found),
    )  # fmt: skip
