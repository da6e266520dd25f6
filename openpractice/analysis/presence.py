"""Are the figures there? Each kind of them, and every month that others have."""

from __future__ import annotations

from openpractice.analysis import answers, closing
from openpractice.analysis.checks import SERVICES, TOPIC, Item
from openpractice.analysis.remembered import remembered
from openpractice.analysis.wording import LEVELS_PLURAL, listed, month, plural
from openpractice.kinds import Area, Measure, Result, month_no, period_of
from openpractice.measures import catalogue
from openpractice.store import Store

MOST_HAVE = 0.5  # share of areas that must have a figure before one without is said to miss it


def services(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """Whether each kind of figure is there at all, and if not, whether any such area has it.

    Of what is closed, only what it had: nothing is missing now.
    """
    items = []
    for table, (title, supplier) in SERVICES.items():
        histories = [known[m.name] for m in _of_table(table) if m.topic != TOPIC and m.name in known]
        if histories:
            last = max((history[-1].period for history in histories), key=month_no)
            items.append(_present(store, area, table, title, last))
        elif not closing.gone(area):
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
    if closing.gone(area):
        return Item(title, "High", f"figures up to {month(last)}", "It is closed: no newer ones are to come.", "")
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


def months(store: Store, area: Area, known: dict[str, list[Result]]) -> list[Item]:
    """Months between the first and the last that other areas have and this one has not."""
    items = []
    for table, (title, _) in SERVICES.items():
        have = {month_no(r.period) for m in _of_table(table) if m.topic != TOPIC for r in known.get(m.name, ())}
        if not have:
            continue
        anyone = {n for n in _all_months(store, table, area.level) if min(have) <= n <= max(have)}
        missing = sorted(anyone - have)
        if len(anyone) < 3:
            continue
        share = len(missing) / len(anyone)
        grade = "High" if not missing else "Medium" if share <= 0.25 else "Low"
        named = listed([month(period_of(n)) for n in missing[:3]]) + (
            f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        )
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


def _all_months(store: Store, table: str, level: str) -> set[int]:
    def ask() -> set[int]:
        names = [m.name for m in _of_table(table) if m.topic != TOPIC]
        marks = ", ".join("?" * len(names))
        rows = store.catalogue.execute(
            f"SELECT DISTINCT r.month FROM results r JOIN measures m ON m.id = r.measure WHERE r.level = ? AND m.name IN ({marks})",
            [level, *names],
        )
        return {number for (number,) in rows}

    return remembered(store, ("all months", table, level), ask)
