"""`openpractice spc`: has it really changed? A measure of an area, or anybody's series."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import click

from openpractice.cli import printing
from openpractice.cli.printing import Column
from openpractice.cli.series import Series
from openpractice.kinds import Refused

RULES = {
    "common_cause": "",
    "above_upper_limit": "above the upper limit",
    "below_lower_limit": "below the lower limit",
    "trend_increasing": "one of 7 or more rising",
    "trend_decreasing": "one of 7 or more falling",
    "two_of_three_above": "one of 2 in 3 near the upper limit",
    "two_of_three_below": "one of 2 in 3 near the lower limit",
    "shift_above": "one of 7 or more above the mean",
    "shift_below": "one of 7 or more below the mean",
}
_SHOWN = 24
_FLAT = (
    "series", "date", "value", "mean", "lower", "upper", "near_lower", "near_upper", "special_cause", "point_type",
    "target", "variation", "assurance", "trial_limits",
)  # fmt: skip


@click.command("spc")
@click.argument("measure", required=False)
@click.option("--area", metavar="CODE", help="The area of the measure.")
@click.option(
    "--csv", "file", type=click.Path(path_type=Path), metavar="FILE", help="A CSV file with a series of yours."
)
@click.option("--date", metavar="COL", help="The file's column of dates.")
@click.option("--value", metavar="COL", help="The file's column of values.")
@click.option("--by", metavar="COL", help="The file's column that tells several series apart.")
@click.option("--target", type=float, help="A target; a percentage of a measure is written as a share, 0.9 for 90%.")
@click.option("--improvement", type=click.Choice(["increase", "decrease", "neutral"]), help="Which way is better.")
@click.option("--rebase", multiple=True, metavar="DATE", help="Begin new limits here; may be given more than once.")
@click.option("--fix-after", type=click.IntRange(min=2), metavar="N", help="Take limits from the first N points only.")
@click.option("--screen-outliers", is_flag=True, help="Leave extreme moving ranges out of the limits.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH", help="Write the chart as .svg or .png.")
@click.option("--json", "style", flag_value="json", help="Print JSON: one object a series, with its points.")
@click.option("--as-csv", "style", flag_value="csv", help="Print comma-separated values: one row a point.")
@click.pass_context
def verb(
    ctx, measure, area, file, date, value, by, target, improvement, rebase, fix_after, screen_outliers, out, style
):
    """Draw a process chart of a measure, or of any series in a CSV file.

    \b
    openpractice spc MEASURE --area CODE
    openpractice spc --csv FILE --date COL --value COL [--by COL]

    XmR charts as NHS England's Making Data Count draws them: the mean, the process limits, and the points that break
    a rule. With fewer than 13 points the limits are on trial, and the answer says so; with fewer than 6 there is no icon.
    """
    _check_form(measure, area, file, date, value, by, out)
    unit, title = "", file.stem if file else ""
    if file:
        from openpractice.cli.series import read

        found = read(file, date, value, by)
    else:
        found, unit, title, better = _of_a_measure(ctx.obj, measure, area)
        improvement = improvement or better
    if not found:
        printing.nothing(f"No loaded file gives this measure for {area}.", style, _FLAT)
    if file and all(math.isnan(number) for series in found for number in series.values):
        printing.nothing(
            f"{file.name} has no number in the column '{value}', so there is nothing to show.", style, _FLAT
        )
    options = {"fix_after": fix_after, "screen_outliers": screen_outliers, "target": target}
    judged = [judge(series, improvement or "neutral", rebase, **options) for series in found]
    _print(judged, unit, title, style)
    if out:
        for record in judged:
            path = out if len(judged) == 1 else out.with_name(f"{out.stem}-{_slug(record['series'])}{out.suffix}")
            draw(record, unit, title, path)
            click.echo(f"Chart written to {path}", err=True)


def _check_form(measure, area, file, date, value, by, out) -> None:
    if (measure is None) == (file is None):
        raise click.UsageError("Give a MEASURE with --area, or a file with --csv, --date and --value.")
    if file and not (date and value):
        raise click.UsageError("A file needs --date and --value: the names of its columns.")
    if measure and not area:
        raise click.UsageError("A measure needs --area CODE; ENG is England.")
    if measure and (date or value or by):
        raise click.UsageError("--date, --value and --by name columns of a file; give one with --csv.")
    if out and out.suffix.lower() not in (".svg", ".png"):
        raise click.UsageError(f"A chart is written as .svg or .png, not '{out.suffix or out.name}'.")


def _of_a_measure(home: Path, name: str, code: str):
    from openpractice.analysis import answers, places
    from openpractice.measures import find
    from openpractice.store import Store

    measure, store = find(name), Store(home)
    area = places.area(store, code)
    history = answers.series(store, measure.name, area.code)
    values = tuple(math.nan if r.value is None else r.value for r in history)
    found = [Series(area.name, tuple(r.period for r in history), values)] if history else []
    return found, measure.unit, measure.title, measure.direction


def judge(series: Series, improvement: str, rebase: Sequence[str] = (), **options) -> dict:
    """One series judged, as JSON prints it. Raises Refused for a date outside the series or a fit that cannot be."""
    from openpractice.analysis.process import icon, spacing
    from openpractice.methods import spc

    starts = [_start(series, date) for date in rebase]
    try:
        chart = spc.xmr(series.values, direction=improvement, rebase=starts, **options)
    except ValueError as unfit:
        raise Refused(str(unfit)) from None
    points = [
        {
            "date": date, "value": series.values[i], "mean": chart.mean[i], "lower": chart.lower[i],
            "upper": chart.upper[i], "near_lower": chart.near_lower[i], "near_upper": chart.near_upper[i],
            "special_cause": str(chart.special_cause[i]), "point_type": str(chart.point_type[i]),
            "group": sum(start <= i for start in chart.starts) - 1,
        }
        for i, date in enumerate(series.dates)
    ]  # fmt: skip
    apart = spacing(series.dates) if all(len(date) == len("2026-02") for date in series.dates) else ""
    return {
        "series": series.name, "improvement": improvement, "target": options.get("target"), "n_points": chart.n_points,
        "trial_limits": chart.trial_limits, "variation": icon(chart) or None,
        "assurance": chart.assurance if icon(chart) else "none", "notes": [*chart.notes, *filter(None, [apart])], "points": points,
    }  # fmt: skip


def _start(series: Series, date: str) -> int:
    """The first point on or after a date."""
    first, last = series.dates[0], series.dates[-1]
    if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", date):
        raise Refused(f"'{date}' is not a date. Write --rebase 2026-02-28, or 2026-02 for a month.")
    if not first[: len(date)] <= date <= last:
        raise Refused(f"Limits cannot begin anew on {date}: {series.name} runs from {first} to {last}.")
    return next(i for i, when in enumerate(series.dates) if when[: len(date)] >= date)


def _print(judged: list[dict], unit: str, title: str, style: str | None) -> None:
    if style == "json":
        printing.as_json(judged)
    elif style == "csv":
        rows = [{**record, **point} for record in judged for point in record["points"]]
        printing.as_csv(rows, _FLAT)
    else:
        for record in judged:
            _table(record, unit, title)


def _table(record: dict, unit: str, title: str) -> None:
    from openpractice.render import words
    from openpractice.render.icons import ASSURANCE

    def write(value: float) -> str:
        return words.number(value, unit)

    columns = [
        Column("Date", "date"),
        *(Column(n.title(), n, write, True) for n in ("value", "mean", "lower", "upper")),
    ]
    columns.append(Column("What it shows", "special_cause", lambda rule: RULES[rule]))
    shown = record["points"][-_SHOWN:]
    notes = [_meaning(record) + "."]
    if record["assurance"] != "none":
        notes.append(ASSURANCE[record["assurance"]] + ".")
    left = len(record["points"]) - len(shown)
    notes += [*record["notes"], *([f"{left} earlier points are in --json, --as-csv and --out."] if left else [])]
    printing.as_table(f"{title}: {record['series']}" if title else record["series"], columns, shown, notes)


def _meaning(record: dict) -> str:
    """The icon in words, or that there are too few points for one."""
    from openpractice.render.icons import VARIATION

    return VARIATION[record["variation"]] if record["variation"] else "Too few points to tell a change"


def draw(record: dict, unit: str, title: str, path: Path) -> None:
    """Write one judged series as a picture whose description says what it shows."""
    from openpractice.render import svg
    from openpractice.render.charts.spc import SpcPoint
    from openpractice.render.charts.spc import spc as chart

    def number(value) -> float | None:
        return None if value is None or math.isnan(value) else float(value)

    points = [
        SpcPoint(
            p["date"], number(p["value"]), p["point_type"], number(p["mean"]), number(p["upper"]), number(p["lower"]),
            group=p["group"], note=RULES[p["special_cause"]].capitalize(),
        )
        for p in record["points"]
    ]  # fmt: skip
    heading = f"{title}: {record['series']}" if title else record["series"]
    said = f"{_meaning(record)}. {record['n_points']} points, the latest on {record['points'][-1]['date']}."
    spec = chart(points, unit, target=record["target"], title=heading, subtitle=_meaning(record))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".png":
        path.write_bytes(svg.png(spec))
    else:
        path.write_text(svg.svg(spec, title=heading, description=said), encoding="utf-8")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "series"
