"""Numbers on the map of twins can be read, however close the practices are."""

import math
from itertools import combinations

from openpractice.render.charts import map as maps
from openpractice.render.charts.map import Place

SIZE = (380, 472)
LEEDS = [Place(f"Practice {n}", 53.8 + n / 1000, -1.55) for n in range(8)]


def pixels(places):
    return [maps._pixel(p.latitude, p.longitude, *SIZE) for p in places]


def test_badges_in_one_city_do_not_touch():
    ours = Place("Ours", 53.8, -1.55, this=True)
    moved = pixels(maps._apart([*LEEDS, LEEDS[0]], [ours], *SIZE))
    for one, two in combinations([*moved, *pixels([ours])], 2):
        assert math.dist(one, two) > 16
    for one, two in zip(pixels([*LEEDS, LEEDS[0]]), moved, strict=True):
        assert math.dist(one, two) < 60


def test_a_badge_with_room_stays_where_it_is():
    far = [Place("Truro", 50.26, -5.05), Place("Carlisle", 54.9, -2.93)]
    assert pixels(maps._apart(far, [], *SIZE)) == pixels(far)


def test_one_without_a_place_is_listed_with_its_number():
    drawn = str(maps.twin_map([Place("Here", 53.8, -1.55), Place("Nowhere known", None, None)]))
    assert "Nowhere known" in drawn
