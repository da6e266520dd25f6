"""Charts: each draws without a warning, fits its width, starts bars at nought and blames nobody."""

from __future__ import annotations

import itertools
import json
import math
import re
from xml.etree import ElementTree

import chart_gallery as gallery
import pytest

from openpractice.render import colours, words
from openpractice.render.charts import theme
from openpractice.render.charts.annotations import Event
from openpractice.render.charts.bars import Bar, bars
from openpractice.render.charts.funnel import funnel
from openpractice.render.charts.heatmap import heatmap, shade
from openpractice.render.charts.matrix import matrix
from openpractice.render.charts.multiples import multiples
from openpractice.render.charts.ribbon import RibbonPoint, ribbon
from openpractice.render.charts.spc import SHAPES, SpcPoint, spc
from openpractice.render.charts.spine import spine
from openpractice.render.svg import png, svg, vega

both = pytest.mark.parametrize("width", [680, 343])
every = pytest.mark.parametrize("draw", gallery.CHARTS, ids=lambda draw: draw.__name__)


def drawn(spec):
    return ElementTree.fromstring(svg(spec, title="Title", description="Description"))


def texts(root):
    return [e.text for e in root.iter() if e.tag.rpartition("}")[2] in ("text", "tspan") and e.text]


@every
@both
def test_it_draws_without_a_warning_and_fits_its_width(draw, width, capfd):
    spec = draw(width)
    vl_warnings = _warnings(spec, capfd)
    assert vl_warnings == ""
    wide = float(drawn(spec).get("viewBox").split()[2])
    assert width * 0.85 <= wide <= width * 1.05


def _warnings(spec, capfd):
    import vl_convert

    vl_convert.vegalite_to_svg(spec, vl_version="6.4", show_warnings=True, allowed_base_urls=[])
    captured = capfd.readouterr()
    return captured.out + captured.err


@every
@both
def test_hostile_names_stay_text(draw, width):
    root = drawn(draw(width))
    assert not [e for e in root.iter() if e.tag.endswith("script")]


@every
def test_no_word_of_blame(draw):
    spec = draw(680)
    said = " ".join([*texts(drawn(spec)), *re.findall(r'"said": "([^"]*)"', json.dumps(spec))])
    assert words.banned(said) == []


@every
def test_the_browser_gets_compiled_vega_with_its_data_inside(draw):
    compiled = vega(draw(680))
    assert "vega/v" in compiled["$schema"]
    assert '"url"' not in json.dumps(compiled["data"])


@every
def test_a_specification_is_plain_json_without_nan(draw):
    assert json.loads(json.dumps(draw(680), allow_nan=False))


def test_a_tooltip_is_one_sentence():
    """A plain string: the browser's own tooltip would write an object as key and value."""
    signals = re.findall(r'"tooltip": \{"signal": "([^{])', json.dumps(vega(gallery.heat_chart(680))))
    assert signals == ["i"]  # isValid(…), where an object would begin with its brace


def test_png_is_twice_the_size():
    picture = png(gallery.heat_chart(343))
    width = int.from_bytes(picture[16:20])
    assert picture.startswith(b"\x89PNG")
    assert 600 < width < 720


def test_each_kind_of_point_has_its_own_shape():
    assert len(set(SHAPES.values())) == 5
    assert set(SHAPES) == set(colours.POINT_COLOURS)


def test_the_key_names_only_the_kinds_that_are_there():
    said = texts(drawn(gallery.process_chart(680)))
    assert "Improvement" in said
    assert "Lower than usual" not in said


def test_rebased_limits_do_not_cross_the_break():
    """Two groups of limits draw two lines for each limit."""
    points = [
        SpcPoint(m, 5.0, mean=5.0, upper=6.0 - g, lower=4.0, group=g)
        for m, g in zip(gallery.MONTHS[:8], [0] * 4 + [1] * 4, strict=True)
    ]
    layers = spc(points, "minutes")["layer"]
    limits = [layer for layer in layers if layer["mark"].get("strokeDash") == [5, 4]]
    assert [layer["encoding"]["detail"]["field"] for layer in limits] == ["group", "group"]


def test_a_single_event_is_named_at_its_line_and_several_close_ones_are_numbered():
    points = [SpcPoint(m, 5.0) for m in gallery.MONTHS]
    alone = texts(drawn(spc(points, "minutes", events=[Event("2023-06", "Online all day")])))
    assert "Online all day" in alone
    close = [Event("2024-06", "First"), Event("2024-07", "Second")]
    numbered = texts(drawn(spc(points, "minutes", events=close)))
    assert {"1", "2"} <= set(numbered)
    assert any("Jun 2024: First" in text for text in numbered)


def test_events_outside_the_chart_are_left_out():
    points = [SpcPoint(m, 5.0) for m in gallery.MONTHS]
    assert "Long ago" not in texts(drawn(spc(points, "minutes", events=[Event("1999-01", "Long ago")])))


def test_a_chart_without_limits_or_with_one_point_still_draws():
    assert drawn(spc([SpcPoint("2026-01", 0.5)], "proportion")) is not None
    assert drawn(spc([SpcPoint("2026-01", None)], "proportion")) is not None


@pytest.mark.parametrize(
    "draw",
    [
        lambda: spc([], "minutes"),
        lambda: bars([], "minutes"),
        lambda: ribbon([], "minutes", name="x"),
        lambda: funnel([], [], 0.1, "proportion"),
        lambda: spine([]),
        lambda: heatmap([], "calls", rows=[], columns=[]),
        lambda: matrix([], practices=[], measures=[]),
        lambda: multiples([], "calls"),
    ],
)
def test_nothing_is_not_drawn_but_refused(draw):
    with pytest.raises(ValueError, match="needs at least one value"):
        draw()


def test_a_ribbon_needs_nine_deciles():
    with pytest.raises(ValueError, match="nine deciles"):
        ribbon([RibbonPoint("2026-01", (1.0, 2.0), 1.0)], "minutes", name="x")


def test_bars_start_at_nought():
    spec = bars([Bar("a", 98.0), Bar("b", 99.0)], "points")
    domains = re.findall(r'"domain": \[([^\]]+)\]', json.dumps(spec))
    assert {d.split(",")[0] for d in domains} == {"0.0"}


def test_bars_show_nought_and_nothing_apart():
    said = texts(drawn(bars([Bar("none", 0), Bar("unknown", None)], "calls")))
    assert "0" in said
    assert words.MISSING in said


def test_summer_time_moves_no_month():
    root = drawn(gallery.neutral_process_chart(680))
    months = [t for t in texts(root) if re.fullmatch(r"[A-Z][a-z]{2}", t)]
    assert months == ["Jan", "Mar", "May", "Jul", "Sep", "Nov"] * 2
    assert [t for t in texts(root) if re.fullmatch(r"20\d\d", t)] == ["2023", "2024"]


def test_weeks_are_labelled_by_day():
    points = [SpcPoint(f"2026-03-{d:02d}", 1.0 * d) for d in (2, 9, 16, 23, 30)]
    assert "2 Mar" in texts(drawn(spc(points, "calls")))


def test_cell_ink_stays_readable_on_every_fill():
    for share in [i / 20 for i in range(21)]:
        fill, ink = shade(share)
        assert _contrast(fill, ink) >= 4.5


def _contrast(a, b):
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    """WCAG 2.2 relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_sequence_darkens_step_by_step():
    light = [_luminance(c) for c in colours.SEQUENCE]
    assert light == sorted(light, reverse=True)
    assert min(a - b for a, b in itertools.pairwise(light)) > 0.02


def test_spread_keeps_labels_apart_in_order_and_inside():
    placed = theme.spread([5.0, 5.1, 5.05, 9.9], (0, 10), 100, gap=10)
    assert sorted(range(4), key=lambda i: placed[i]) == [0, 2, 1, 3]
    ordered = sorted(placed)
    assert min(b - a for a, b in itertools.pairwise(ordered)) >= 1 - 1e-9
    assert max(placed) <= 10.5


def test_axis_holds_every_value_and_never_invents_negatives():
    low, high = theme.padded([0.01, 0.5, None])
    assert low == 0
    assert high > 0.5
    assert theme.padded([]) == (0.0, 1.0)
    assert theme.padded([-1, 1])[0] < -1
    assert theme.padded([3, 3])[0] < 3 < theme.padded([3, 3])[1]


@pytest.mark.parametrize(
    ("unit", "domain", "expected"),
    [
        ("proportion", (0, 1), ".0%"),
        ("proportion", (0.10, 0.12), ".1%"),
        ("calls", (0, 5000), ",.0f"),
        ("index", (0.1, 0.4), ",.2f"),
        ("£ per patient", (0, 200), "$,.0f"),
    ],
)
def test_axes_write_numbers_in_their_unit(unit, domain, expected):
    assert theme.tick_format(unit, domain) == expected


def test_pounds_are_pounds():
    points = [SpcPoint(m, 150.0 + i) for i, m in enumerate(gallery.MONTHS[:6])]
    said = texts(drawn(spc(points, "£ per patient")))
    assert any(t.startswith("£15") for t in said)
    assert not any("$" in t for t in said)


def test_text_width_is_close_to_the_drawn_width():
    """Measured against the drawn font: an estimate is enough to keep labels apart, but only if it is a near one."""
    spec = {
        "$schema": theme.SCHEMA,
        "data": theme.rows([{}]),
        "mark": {"type": "text", "fontSize": 12, "text": "Upper limit 11.7% of calls"},
        "config": theme.CONFIG,
        "width": 1,
        "height": 1,
        "padding": 0,
    }
    actual = float(drawn(spec).get("viewBox").split()[2])
    assert math.isclose(theme.text_width("Upper limit 11.7% of calls"), actual, rel_tol=0.12)
