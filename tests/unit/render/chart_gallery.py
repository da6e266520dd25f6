"""Every chart with realistic, invented numbers, at the width of a page and of a telephone.

    python tests/unit/render/chart_gallery.py FOLDER

writes each as PNG, for a person to look at: no test can see that a label is ugly.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from openpractice.render.charts.annotations import Event
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.funnel import FunnelLimit, FunnelPoint, funnel
from openpractice.render.charts.heatmap import HeatCell, heatmap
from openpractice.render.charts.map import Place, twin_map
from openpractice.render.charts.matrix import MatrixCell, matrix
from openpractice.render.charts.multiples import Panel, multiples
from openpractice.render.charts.ribbon import RibbonPoint, ribbon
from openpractice.render.charts.spc import SpcPoint, spc
from openpractice.render.charts.spine import SpineRow, spine
from openpractice.render.svg import png
from openpractice.render.words import number, place

HOSTILE = "Long Lane & Partners <script>alert('x')</script>"
MONTHS = tuple(f"{year}-{month:02d}" for year in (2023, 2024, 2025, 2026) for month in range(1, 13))[:38]
PRACTICES = ("Alderney Road Surgery", "Beech House", "Dove & Partners", "The Health and Wellbeing Centre at Fernhill")


def process_chart(width: int):
    rng, points = random.Random(3), []
    for i, month in enumerate(MONTHS):
        group = int(i >= 22)
        mean, reach = ((0.128, 0.03), (0.095, 0.022))[group]
        value = None if i == 5 else 0.17 if i == 9 else rng.gauss(mean, reach / 3)
        kind = "common_cause"
        if value is not None and value > mean + reach:
            kind = "concern"
        elif value is not None and value < mean - reach * 0.6:
            kind = "improvement"
        points.append(SpcPoint(month, value, kind, mean, mean + reach, mean - reach, mean + 0.02, mean - 0.02, group))
    events = (
        Event("2024-11-01", "New telephone system (rebased)"),
        Event("2025-01-01", "Call-back on"),
        Event("2026-01-15", "Two more call handlers on Mondays"),
    )
    title = f"Missed calls: {number(points[-1].value, 'proportion')} in February 2026, {place(0.72)}"
    words = {"title": title, "subtitle": f"Calls not answered as a share of calls queued, {HOSTILE}, monthly"}
    return spc(points, "proportion", target=0.08, events=events, near_limits=True, width=width, **words)


def neutral_process_chart(width: int):
    rng = random.Random(5)
    values = [rng.gauss(480, 12) for _ in range(20)] + [530, 431, 540, 428]
    kinds = ["common_cause"] * 20 + ["neutral_high", "neutral_low"] * 2
    points = [
        SpcPoint(month, value, kind, 480, 520, 440) for month, value, kind in zip(MONTHS, values, kinds, strict=False)
    ]
    events = (Event("2023-06", "Online requests all day"),)
    return spc(points, "per 1,000 patients", events=events, width=width, title="Appointments moved both ways")


def ribbon_chart(width: int):
    rng = random.Random(3)
    points = [
        RibbonPoint(
            m, tuple(480 + (k - 4) * 28 + 15 * rng.random() for k in range(9)), None if i == 7 else rng.gauss(560, 15)
        )
        for i, m in enumerate(MONTHS[:26])
    ]
    return ribbon(
        points, "per 1,000 patients", name="This practice", width=width, title="Appointments: higher than most"
    )


def funnel_chart(width: int):
    rng, centre = random.Random(3), 0.108
    points = []
    for i in range(3000):
        calls = rng.lognormvariate(8.9, 0.6) * 0.5
        value = max(0.0, rng.gauss(centre, (centre * (1 - centre) / calls) ** 0.5 * 1.5 + 0.012))
        points.append(FunnelPoint(f"P{i}", calls, value, "peer" if i % 300 == 0 else "other"))
    points.append(FunnelPoint(HOSTILE, 9800, 0.142, "this"))
    limits = []
    for calls in range(500, 25000, 500):
        sd = (centre * (1 - centre) / calls) ** 0.5 + 0.004
        limits.append(
            FunnelLimit(calls, centre - 1.96 * sd, centre + 1.96 * sd, centre - 3.09 * sd, centre + 3.09 * sd)
        )
    return funnel(
        points, limits, centre, "proportion", denominator_name="calls queued", width=width, title="Missed calls: 14.2%"
    )


def spine_chart(width: int):
    rows = (
        SpineRow("Missed calls", "proportion", 0.142, 0.04, 0.07, 0.1, 0.13, 0.17, 0.11, 0.12, "Telephones"),
        SpineRow("Calls answered within 5 minutes of queueing", "proportion", 0.71, 0.5, 0.6, 0.7, 0.8, 0.9, 0.65, 0.72, "Telephones", True),
        SpineRow("Appointments per 1,000 patients", "per 1,000 patients", 861.2, 380, 420, 480, 540, 600, 500, 510, "Access"),
        SpineRow("Patients per GP", "patients per GP", 2412, 1500, 1900, 2273, 2700, 3300, 2500, 2301, "Staff"),
        SpineRow("Continuity index", "index", None, 0.3, 0.4, 0.5, 0.6, 0.7, 0.45, None, "Staff"),
        SpineRow("All the same", "score", 5, 5, 5, 5, 5, 5),
    )  # fmt: skip
    return spine(rows, width=width, title="Three measures lie outside the middle half", subtitle="February 2026")


def heat_chart(width: int):
    rng = random.Random(3)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    hours = ("8am", "9am", "10am", "11am", "12pm", "1pm", "2pm", "3pm", "4pm", "5pm")
    cells = [
        HeatCell(d, h, None if (d, h) == ("Wed", "1pm") else round((200 if d == "Mon" else 140) / (1 + 0.35 * i) + rng.random() * 10))
        for d in days
        for i, h in enumerate(hours)
    ]  # fmt: skip
    return heatmap(cells, "calls", rows=days, columns=hours, width=width, title="Monday from 8am brings most calls")


def matrix_chart(width: int):
    rng = random.Random(3)
    measures = {
        "Missed calls": ("proportion", 0.04, 0.15),
        "Appointments per 1,000 patients": ("per 1,000 patients", 380, 300),
        "Continuity index": ("index", 0.3, 0.4),
    }
    cells = [
        MatrixCell(p, m, None if i == n == 2 else least + rank * span, unit, rank, low_confidence=rng.random() < 0.25)
        for i, p in enumerate(PRACTICES)
        for n, (m, (unit, least, span)) in enumerate(measures.items())
        for rank in [rng.random()]
    ]
    return matrix(cells, practices=PRACTICES, measures=tuple(measures), width=width, title="Missed calls vary most")


def bar_chart(width: int):
    rows = (
        Bar("Face-to-face", 0.653, 0.64, 0.66, 0.62),
        Bar("Telephone", 0.243, 0.23, 0.25, 0.262, emphasis=True),
        Bar("Video or online conversation with a clinician", 0.071, 0.06, 0.08, 0.073),
        Bar(HOSTILE, None),
        Bar("Unknown", 0.025, compare=0.036),
    )
    return bars(rows, "proportion", compare_name="England", width=width, title="Two thirds are face to face")


def panel_chart(width: int):
    rng, panels = random.Random(3), []
    england = tuple(0.1 + 0.01 * rng.random() for _ in MONTHS)
    for n, name in enumerate((*PRACTICES, HOSTILE)):
        values = tuple(max(0.0, 0.12 + (n - 2) * 0.001 * i + rng.gauss(0, 0.01)) for i in range(len(MONTHS)))
        panels.append(Panel(name, MONTHS, values, None if n == 4 else values[-1] - values[0], england))
    return multiples(panels, "proportion", width=width, title="Missed calls rose most at Fernhill")


def map_chart(width: int):
    rng = random.Random(3)
    others = [(rng.uniform(50.5, 54.5), rng.uniform(-3, 0)) for _ in range(800)]
    twins = (
        Place("Our Practice, Wakefield", 53.683, -1.497, this=True),
        Place(HOSTILE, 53.82, -1.5),
        Place("Harbour View, Grimsby", 53.565, -0.08),
        Place("Priory, Torquay", 50.46, -3.53),
    )
    return twin_map(twins, others=others, width=width, title="Your most alike practices")


CHARTS = (
    process_chart,
    neutral_process_chart,
    ribbon_chart,
    funnel_chart,
    spine_chart,
    heat_chart,
    matrix_chart,
    bar_chart,
    panel_chart,
    map_chart,
)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for draw in CHARTS:
        for width in (680, 343):
            (folder / f"{draw.__name__}-{width}.png").write_bytes(png(draw(width)))
