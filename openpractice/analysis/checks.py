"""What is checked of an area's figures: how they are recorded, whom they cover and how old the list is."""

from __future__ import annotations

from dataclasses import dataclass

from openpractice.analysis.confidence import COVERED_ENOUGH, COVERED_WELL, UNKNOWN_LITTLE, UNKNOWN_MUCH
from openpractice.analysis.everyone import atlas, past
from openpractice.analysis.wording import lower_first, month, number, plural
from openpractice.kinds import ENGLAND, Area, Measure, Result, month_no
from openpractice.measures import catalogue
from openpractice.store import Store

TOPIC = "Data quality"
LIST_FRESH, LIST_OLD = 3, 12  # months by which a registered list may lag behind the figures it is divided into

# What each table is called on a page, and what a practice can do when it is not there.
SERVICES = {
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


def recording(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
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


def coverage(area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """The smallest share of a larger area's patients that the newest figures of any service speak for."""
    if area.level == "practice":
        return []
    newest = [(catalogue()[name], history[-1]) for name, history in known.items()]
    newest = [(m, r) for m, r in newest if m.table.name in SERVICES and m.topic != TOPIC]
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


def list_age(known: dict[str, list[Result]]) -> list[Item]:
    """How far the registered list lags behind the figures that are divided by it."""
    lists = known.get("list_size")
    newest = max((h[-1].period for name, h in known.items() if name != "list_size"), key=month_no, default=None)
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
