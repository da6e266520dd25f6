"""Can these figures be trusted? One grade for an area with its reasons, and the one repair that would help most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpractice.analysis import answers, places
from openpractice.analysis.confidence import COVERED_ENOUGH, COVERED_WELL, GRADES, UNKNOWN_LITTLE, UNKNOWN_MUCH
from openpractice.analysis.everyone import atlas, past
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL, listed, lower_first, month, number, plural
from openpractice.kinds import ENGLAND, Area, Measure, Result, month_no, period_of
from openpractice.measures import catalogue
from openpractice.store import Store

TOPIC = "Data quality"
MOST_HAVE = 0.5  # share of areas that must have a figure before one without is said to miss it
LIST_FRESH, LIST_OLD = 3, 12  # months by which a registered list may lag behind the figures it is divided into

# What each table is called on a page, and what a practice can do when it is not there.
_SERVICES = {
    "appointments": ("Appointments", "appointment book"),
    "calls": ("Telephone calls", "cloud telephone system"),
    "online_requests": ("Online requests", "online consultation system"),
    "workforce": ("Workforce", "national staff return"),
}
_REMEDIES = {
    "unknown_status_share": "Close each session at the end of the day, so that every patient is marked as attended or not.",
    "unknown_hcp_share": "Give every session holder a role in the clinical system.",
    "unknown_mode_share": "Set the contact mode of each slot type: face to face, telephone, online or home visit.",
    "unknown_lag_share": "Ask the system supplier why the booking date is missing for these slots.",
    "unmapped_category_share": "Map each slot type to a national category; the ones used most come first.",
    "inconsistent_mapping_share": "Check slot types whose national category and contact mode contradict each other.",
    "duration_unknown_share": "Mark patients in and out of the room, so that the length of the appointment is known.",
    "calls_outcomes_gap": "Ask the telephony supplier which calls are counted as inbound but in no outcome.",
    "implausible_appointment_volume": "Check that only real appointments are in the book, and that all of them are.",
    "workforce_estimated_share": "Complete the staff return, so that the publisher need not estimate it.",
}
_COVERAGE = "Invite the practices that are not in the figures to join; until then read changes with care."
_OTHERWISE = "Ask whoever sends these figures how they are recorded."


@dataclass(frozen=True)
class Item:
    """One thing that was checked. `own` is false where only a larger area's figure is known: it does not count."""

    title: str
    grade: str  # High, Medium, Low
    value: str
    meaning: str
    remedy: str
    measure: str = ""
    own: bool = True


@dataclass(frozen=True)
class Quality:
    """How far an area's figures can be trusted, with every reason."""

    area: Area
    grade: str
    reasons: tuple[str, ...]
    items: tuple[Item, ...]
    best_fix: Item | None


def quality(store: Store, code: str) -> Quality:
    """The grade of an area's data: High when nearly all checks are, Low when a third are Low or nothing is known."""
    area = places.area(store, code)
    return remembered(store, ("quality", area.code), lambda: _quality(store, area))


def _quality(store: Store, area: Area) -> Quality:
    known = past(store, area.code)
    items = [
        *_services(store, area, known),
        *_recording(store, area, known),
        *_months(store, area, known),
        *_coverage(area, known),
        *_list_age(known),
    ]
    grade = _overall(items)
    ordered = tuple(sorted(items, key=lambda item: (not item.own, -GRADES.index(item.grade))))
    fixable = [item for item in ordered if item.own and item.grade != "High" and item.remedy]
    return Quality(area, grade, tuple(_reasons(ordered)), ordered, fixable[0] if fixable else None)


def _overall(items: Iterable[Item]) -> str:
    """Mean of High 2, Medium 1, Low 0 over the area's own checks: High from 1.5 without any Low, Low below 0.75."""
    points = [2 - GRADES.index(item.grade) for item in items if item.own]
    if not points:
        return "Low"
    mean = sum(points) / len(points)
    if mean < 0.75 or points.count(0) * 3 >= len(points):
        return "Low"
    return "High" if mean >= 1.5 and 0 not in points else "Medium"


def _reasons(items: Iterable[Item]) -> list[str]:
    own = [item for item in items if item.own]
    if not own:
        return ["No figures of this area are loaded."]
    said = [f"{item.title}: {item.value}." for item in own if item.grade != "High"]
    fine = [item.title for item in own if item.grade == "High"]
    if fine:
        said.append(f"Nothing speaks against: {listed([lower_first(title) for title in fine])}.")
    return said


def _services(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """Whether each kind of figure is there at all, and if not, whether any such area has it."""
    items = []
    for table, (title, supplier) in _SERVICES.items():
        histories = [known[m.name] for m in _of_table(table) if m.topic != TOPIC and m.name in known]
        if histories:
            last = max(history[-1].period for history in histories)
            items.append(_present(store, area, table, title, last))
        else:
            items.append(_absent(store, area, table, title, supplier))
    return items


def _of_table(table: str) -> list[Measure]:
    return [m for m in catalogue().values() if m.table.name == table]


def _newest(store: Store, table: str, level: str) -> tuple[str, int] | None:
    """The newest month for which any area of a level has a figure of a table, and how many areas have."""
    available = remembered(store, ("available",), lambda: answers.available(store))
    months = [available[m.name][level][1:] for m in _of_table(table) if level in available.get(m.name, {})]
    return max(months, default=None)


def _of_level(store: Store, level: str) -> int:
    """How many areas of a level have a registered list."""
    found = _newest(store, "list_size", level)
    return found[1] if found else 0


def _present(store: Store, area: Area, table: str, title: str, last: str) -> Item:
    newest = _newest(store, table, area.level)
    behind = month_no(newest[0] if newest else last) - month_no(last)
    grade = "High" if behind <= 0 else "Medium" if behind <= 3 else "Low"
    value = f"figures up to {month(last)}" + (f", {plural(behind, 'month')} behind others" if behind > 0 else "")
    meaning = "The figures are as new as anyone's." if behind <= 0 else "Other areas have newer figures than this one."
    return Item(title, grade, value, meaning, "Ask why the newer months have no figures here." if behind > 0 else "")


def _absent(store: Store, area: Area, table: str, title: str, supplier: str) -> Item:
    others = _newest(store, table, area.level)
    if others is None and area.level == "practice":
        return Item(
            title,
            "Medium",
            "no file by practice is loaded",
            "Nothing of this kind can be said of the practice; figures shown elsewhere are those of its ICB or of England.",
            f"Load a published file by practice, or the practice's own export from its {supplier}.",
        )
    if others is None:
        return Item(title, "Medium", "not loaded", "Nothing of this kind can be said.", "Load a file that has it.")
    newest, n = others
    everyone = _of_level(store, area.level)
    if n < MOST_HAVE * everyone:
        return Item(
            title,
            "Medium",
            f"not among the {n:,} of {everyone:,} {LEVELS_PLURAL[area.level]} that the loaded files name for {month(newest)}",
            "The files are extracts: that this area is not in them says nothing about it.",
            "Load the complete file for that month.",
        )
    return Item(
        title,
        "Low",
        f"none, though others have figures up to {month(newest)}",
        "A missing figure is not a nought. The practice may not be sending it, or its supplier may not."
        if area.level == "practice"
        else "A missing figure is not a nought.",
        f"Check with the supplier that the {supplier} is part of the national collection.",
    )


def _recording(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """The measures of data quality: the area's own, or failing that those of the larger area it lies in."""
    items = []
    for measure in catalogue().values():
        if measure.topic != TOPIC:
            continue
        if known.get(measure.name):
            items.append(_recorded(measure, known[measure.name][-1], None))
        elif not measure.family.endswith("covered") and (found := _above(store, area, measure)):
            items.append(_recorded(measure, *found))
    return items


def _above(store: Store, area: Area, measure: Measure) -> tuple[Result, str] | None:
    for code in (area.sub_icb, area.icb, area.region, ENGLAND):
        if code and code != area.code:
            history = past(store, code).get(measure.name)
            if history:
                return history[-1], atlas(store).areas[code].name
    return None


def _recorded(measure: Measure, result: Result, whose: str | None) -> Item:
    value = result.value or 0.0
    good = measure.direction == "increase"
    short = 1 - value if good else value
    little, much = (1 - COVERED_WELL, 1 - COVERED_ENOUGH) if good else (UNKNOWN_LITTLE, UNKNOWN_MUCH)
    grade = "High" if short <= little else "Medium" if short <= much else "Low"
    said = f"{number(value, measure.unit)} in {month(result.period)}"
    remedy = _COVERAGE if good else _REMEDIES.get(measure.name, _OTHERWISE)
    return Item(
        measure.title,
        grade,
        f"{said} across {whose}; not known for this area alone" if whose else said,
        measure.why,
        "" if grade == "High" else remedy,
        measure.name,
        whose is None,
    )


def _months(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """Months between the first and the last that other areas have and this one has not."""
    items = []
    for table, (title, _) in _SERVICES.items():
        have = {r.period for m in _of_table(table) if m.topic != TOPIC for r in known.get(m.name, ())}
        if not have:
            continue
        first, last = min(have), max(have)
        anyone = {p for p in _all_months(store, table, area.level) if first <= p <= last}
        missing = sorted(anyone - have)
        if len(anyone) < 3:
            continue
        share = len(missing) / len(anyone)
        grade = "High" if not missing else "Medium" if share <= 0.25 else "Low"
        named = listed([month(p) for p in missing[:3]]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        items.append(
            Item(
                f"{title}: months",
                grade,
                f"{len(missing)} of {len(anyone)} months missing ({named})" if missing else f"all {len(anyone)} months",
                "A chart with gaps tells less about change.",
                "Load the missing months, or ask the supplier for them." if missing else "",
            )
        )
    return items


def _all_months(store: Store, table: str, level: str) -> set[str]:
    def ask() -> set[str]:
        names = [m.name for m in _of_table(table) if m.topic != TOPIC]
        marks = ", ".join("?" * len(names))
        rows = store.catalogue.execute(
            f"SELECT DISTINCT r.month FROM results r JOIN measures m ON m.id = r.measure WHERE r.level = ? AND m.name IN ({marks})",
            [level, *names],
        )
        return {period_of(number) for (number,) in rows}

    return remembered(store, ("all months", table, level), ask)


def _coverage(area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """The smallest share of a larger area's patients that the newest figures of any service speak for."""
    if area.level == "practice":
        return []
    newest = [(catalogue()[name], history[-1]) for name, history in known.items()]
    newest = [(m, r) for m, r in newest if m.table.name in _SERVICES and m.topic != TOPIC]
    recent = max((month_no(r.period) for _, r in newest), default=0)
    covered = [
        (r.coverage, m, r) for m, r in newest if r.coverage is not None and month_no(r.period) >= recent - LIST_OLD
    ]
    if not covered:
        return []
    share, measure, least = min(covered, key=lambda found: found[0])
    grade = "High" if share >= COVERED_WELL else "Medium" if share >= COVERED_ENOUGH else "Low"
    return [
        Item(
            "Patients covered",
            grade,
            f"{number(share, 'proportion')} of the area's patients stand behind the figure that covers fewest "
            f"({lower_first(measure.title)}, {month(least.period)})",
            "When coverage grows, totals grow although nothing has changed.",
            "" if grade == "High" else _COVERAGE,
        )
    ]


def _list_age(known: dict[str, list[Result]]) -> list[Item]:
    lists = known.get("list_size")
    newest = max((h[-1].period for name, h in known.items() if name != "list_size"), default=None)
    if not lists:
        return [
            Item(
                "Registered list",
                "Low",
                "no registered list is loaded",
                "Rates for the size of the list cannot be worked out without it.",
                "Load a file of patients registered at a GP practice.",
            )
        ]
    age = max(0, month_no(newest or lists[-1].period) - month_no(lists[-1].period))
    grade = "High" if age <= LIST_FRESH else "Medium" if age <= LIST_OLD else "Low"
    return [
        Item(
            "Registered list",
            grade,
            f"of {month(lists[-1].period)}" + (f", {plural(age, 'month')} older than the newest figure" if age else ""),
            "Rates are divided by the list nearest in time.",
            "" if grade == "High" else "Load a newer file of patients registered at a GP practice.",
        )
    ]
