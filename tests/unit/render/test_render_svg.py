"""A drawing on a page: one image with a name, ids of its own, no trace of the engine's roles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import chart_gallery as gallery
import pytest

from openpractice.render import icons
from openpractice.render.charts.sparkline import sparkline
from openpractice.render.svg import accessible, responsive, svg

SVG = "{http://www.w3.org/2000/svg}"
ACCESSIBLE_KINDS = [*icons.VARIATION, *icons.ASSURANCE]


@pytest.fixture(scope="module")
def root():
    return ElementTree.fromstring(svg(gallery.heat_chart(680), title="Calls & <hours>", description='Most at "8"'))


def test_the_root_is_an_image_named_by_title_and_described(root):
    assert root.get("role") == "img"
    title, description = root.get("aria-labelledby").split()
    by_id = {e.get("id"): e.text for e in root if e.get("id")}
    assert by_id[title] == "Calls & <hours>"
    assert by_id[description] == 'Most at "8"'


def test_it_fills_its_container(root):
    assert root.get("width") == "100%"
    assert root.get("height") is None
    assert root.get("viewBox")


def test_inner_roles_are_gone(root):
    inner = [e for e in root.iter() if e is not root]
    assert not [a for e in inner for a in e.attrib if a == "role" or a.startswith("aria-")]
    assert not [e for e in root.iter() if e.get("style")]  # a strict content policy refuses inline styles


def test_ids_and_references_are_prefixed_together():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><defs><clipPath id="clip17"/></defs>'
        '<g clip-path="url(#clip17)"/></svg>'
    )
    root = ElementTree.fromstring(accessible(drawing, title="t", description="d", prefix="p"))
    assert root.find(f".//{SVG}clipPath").get("id") == "p-0"
    assert root.find(f"{SVG}g").get("clip-path") == "url(#p-0)"


def test_the_same_chart_twice_can_have_two_sets_of_ids():
    spec = gallery.heat_chart(343)
    first, again, second = (svg(spec, title="t", description="d", key=key) for key in ("a", "a", "b"))
    assert first is again  # drawn once
    assert first != second


def test_responsive_draws_a_wide_and_a_narrow_one():
    page = responsive(gallery.heat_chart, title="t", description="d")
    assert page.count('role="img"') == 2
    assert "op-chart--wide" in page
    assert "op-chart--narrow" in page


def test_many_threads_may_draw_at_once():
    charts = [(draw(width), draw.__name__) for draw in gallery.CHARTS[:4] for width in (680, 343)]
    with ThreadPoolExecutor(8) as pool:
        drawings = list(pool.map(lambda chart: svg(chart[0], title=chart[1], description="threads"), charts * 2))
    assert len(set(drawings)) == len(charts)
    assert all(f">{name}</title>" in drawing for drawing, (_, name) in zip(drawings, charts * 2, strict=True))


@pytest.mark.parametrize("kind", ACCESSIBLE_KINDS)
def test_an_icon_is_a_named_image(kind):
    draw = icons.variation_icon if kind in icons.VARIATION else icons.assurance_icon
    root = ElementTree.fromstring(draw(kind))
    assert root.get("role") == "img"
    assert root.get("aria-label") == (icons.VARIATION | icons.ASSURANCE)[kind]


def test_no_target_means_no_assurance_icon():
    assert icons.assurance_icon("none") == ""


def test_icons_differ_without_their_colours():
    grey = [_without_colour(icons.variation_icon(k, label="x")) for k in icons.VARIATION]
    grey += [_without_colour(icons.assurance_icon(k, label="x")) for k in icons.ASSURANCE]
    assert len(set(grey)) == len(ACCESSIBLE_KINDS)


def _without_colour(icon):
    root = ElementTree.fromstring(icon)
    for e in root.iter():
        e.attrib.pop("fill", None)
        e.attrib.pop("stroke", None)
    return ElementTree.tostring(root)


def test_an_icon_escapes_its_label():
    root = ElementTree.fromstring(icons.variation_icon("common_cause", label='"><script>&'))
    assert root.get("aria-label") == '"><script>&'
    assert root.find(f"{SVG}script") is None


def test_a_sparkline_is_a_named_image_with_its_gap_and_last_point():
    root = ElementTree.fromstring(sparkline([1, 2, None, 4, 3], label="Rose <b> & fell", mean=2, point_type="concern"))
    assert root.get("aria-label") == "Rose <b> & fell"
    line = next(e for e in root.iter(f"{SVG}path") if e.get("fill") == "none")
    assert line.get("d").count("M") == 2
    assert root.find(f"{SVG}rect") is not None


@pytest.mark.parametrize("values", [[], [None, None], [5], [3, 3, 3], [0, 0]])
def test_a_sparkline_of_little_or_nothing_still_draws(values):
    drawing = sparkline(values, label="Nothing yet")
    assert "nan" not in drawing
    assert ElementTree.fromstring(drawing).get("role") == "img"


@pytest.mark.parametrize("kind", ["common_cause", "improvement", "concern", "neutral_high", "neutral_low"])
def test_the_last_point_keeps_its_shape(kind):
    assert ElementTree.fromstring(sparkline([1, 2], label="x", point_type=kind)) is not None
