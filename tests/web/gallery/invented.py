"""Figures of no real practice."""

from markupsafe import Markup

from openpractice.render.charts.sparkline import sparkline
from openpractice.render.charts.spc import SpcPoint, spc
from openpractice.render.svg import responsive
from openpractice.web.chart import Chart

VALUES = (4.1, 4.4, 4.0, 4.2, 4.5, 4.3, 4.1, 4.6, 4.2, 4.4, 4.3, 4.2, 4.5, 4.4, 5.9, 5.8, 6.1)
MONTHS = [f"{2024 + month // 12}-{month % 12 + 1:02}" for month in range(len(VALUES))]
KINDS = ["common_cause"] * 14 + ["concern"] * 3


def draw(width: int) -> dict:
    points = [
        SpcPoint(period=month, value=value / 100, point_type=kind, mean=0.043, upper=0.051, lower=0.035)
        for month, value, kind in zip(MONTHS, VALUES, KINDS, strict=True)
    ]
    return spc(points, "proportion", width=width, target=0.04)


SPARK = Markup(sparkline(VALUES, label="Rising in the last three months", mean=4.3, point_type="concern"))
TITLE = "Missed appointments rose in March 2025 and have stayed high"
CHART = Chart(
    id="dna",
    title=TITLE,
    subtitle="Share of appointments that patients did not attend, The Surgery, by month, %",
    svg=Markup(responsive(draw, title=TITLE, description="17 months; the last three lie above the upper limit.")),
    vega="/gallery/chart.vega.json",
    note="The limits rest on 14 months.",
    source="NHS England, Appointments in General Practice, May 2025",
    columns=("Month", "Value", "Meaning"),
    rows=[(month, f"{value}%", kind) for month, value, kind in zip(MONTHS, VALUES, KINDS, strict=True)],
    words=(0, 2),
    downloads=(("CSV", "/a.csv"), ("PNG", "/a.png"), ("SVG", "/a.svg")),
)
LOST = Chart(id="lost", title="This chart cannot be redrawn", svg=CHART.svg, vega="/gallery/no-chart.vega.json")
