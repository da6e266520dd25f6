"""The figures of the site for programs: the same numbers as everywhere, page by page, and not sent twice."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpractice.analysis import answers, compare, places
from openpractice.cli.program import run as run_program
from openpractice.measures import catalogue
from openpractice.web.explore import store as explored

PRACTICE, ICB = "A81002", "QHM"
pytestmark = pytest.mark.usefixtures("over_sample")


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path.removeprefix('/api/v1')}?{parts.query}"


def every_page(program, address: str, what: str) -> list[dict]:
    """Follow `next` to the end."""
    found, following = [], address
    while following:
        answer = program(following)
        assert answer.status_code == 200, answer.content
        found += answer.json()[what]
        following = answer.json()["next"] and path(answer.json()["next"])
    return found


@pytest.fixture
def on_command_line(sample_home, capsys):
    """What `openpractice measure … --json` prints."""

    def ask(*arguments: str) -> list[dict]:
        assert run_program(["--home", str(sample_home), "measure", *arguments, "--json"]) in (
            0,
            1,
            None,
        )  # 1 when there is nothing
        return json.loads(capsys.readouterr().out)

    return ask


def test_every_measure_of_every_area_is_what_the_command_line_prints(program, on_command_line, sample_store):
    """Any measure, any area, any span: the two are the same numbers under the same names."""
    known = sorted(answers.available(sample_store))
    areas = [PRACTICE, "A81001", "U07032", "16C", ICB, "Y63", "ENG"]

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(known), st.lists(st.sampled_from(areas), min_size=1, max_size=3, unique=True),
        st.sampled_from(["", "2025-06", "2026-01"]), st.integers(1, 40),
    )  # fmt: skip
    def check(measure, codes, first, limit):
        query = [("measure", measure), *(("area", code) for code in codes), ("limit", limit)]
        printed = on_command_line(
            measure, *(f"--area={code}" for code in codes), *([f"--from={first}"] if first else [])
        )
        query += [("from", first)] if first else []
        told = every_page(program, f"/results?{urlencode(query)}", "results")
        assert [{k: v for k, v in one.items() if k != "page"} for one in told] == printed

    check()


@pytest.mark.parametrize("level", ["pcn", "sub_icb", "icb", "region", "nation"])
def test_a_whole_level_is_what_the_command_line_prints(program, on_command_line, level):
    told = every_page(program, f"/results?measure=calls_missed&level={level}&limit=7", "results")
    printed = on_command_line("calls_missed", f"--level={level}")
    key = lambda one: (one["area"], one["period"])  # noqa: E731
    assert sorted(({k: v for k, v in one.items() if k != "page"} for one in told), key=key) == sorted(printed, key=key)


def test_what_is_split_is_what_the_command_line_prints(program, on_command_line):
    told = every_page(program, f"/results?measure=dna_rate&area={ICB}&by=appt_mode&limit=3", "results")
    assert [{k: v for k, v in one.items() if k != "page"} for one in told] == on_command_line(
        "dna_rate", f"--area={ICB}", "--by=appt_mode"
    )
    assert {one["by"]["appt_mode"] for one in told} >= {"Face-to-Face", "Telephone"}


def test_all_of_a_place_is_asked_for_at_once(program, sample_store):
    told = every_page(program, f"/results?measure=calls_missed&within={ICB}&level=pcn&limit=11", "results")
    inside = {area.code for area in places.members(sample_store, places.area(sample_store, ICB), "pcn")}
    assert {one["area"] for one in told} <= inside
    assert len({(one["area"], one["period"]) for one in told}) == len(told) > 11


def test_pages_hold_everything_once_and_in_order(program):
    address = f"/results?measure=calls_missed&measure=calls_answered&area={PRACTICE}&area=ENG"
    whole = every_page(program, address, "results")
    for limit in (1, 2, 5, 10_000):
        assert every_page(program, f"{address}&limit={limit}", "results") == whole
    order = [(one["measure"], one["area"]) for one in whole]
    assert list(dict.fromkeys(order)) == [
        (m, a) for m in ("calls_missed", "calls_answered") for a in (PRACTICE, "ENG") if (m, a) in order
    ]


def test_facts_that_change_between_two_pages_are_told(program, over_sample):
    address = program("/results?measure=calls_missed&level=icb&limit=2").json()["next"]
    stale = path(address).replace(f"cursor={over_sample.version}-", f"cursor={over_sample.version + 1}-")
    answer = program(stale)
    assert answer.status_code == 409
    assert "Begin again" in answer.json()["remedy"]


def test_the_same_as_csv(program):
    address = f"/results?measure=calls_missed&area={PRACTICE}&area=ENG"
    told = program(address).json()["results"]
    for answer in (program(f"{address}&format=csv"), program(address, headers={"Accept": "text/csv"})):
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert [row["area"] for row in rows] == [one["area"] for one in told]
        assert [float(row["value"]) for row in rows] == [one["value"] for one in told]
    assert program(f"{address}&format=json", headers={"Accept": "text/csv"})["Content-Type"] == "application/json"


def test_a_page_of_csv_names_the_next_one_in_a_header(program):
    answer = program("/results?measure=calls_missed&level=icb&limit=2&format=csv")
    following = answer["Link"].split(">")[0].lstrip("<")
    assert "format=csv" in following
    assert program(path(following)).status_code == 200


def test_every_number_can_be_opened(program, client):
    for one in program(f"/results?measure=calls_missed&area={PRACTICE}").json()["results"]:
        assert client.get(urlsplit(one["page"]).path).status_code == 200


@pytest.mark.parametrize(
    "address", ["/areas?q=queens", "/areas/A81002", "/areas/QHM/children", "/measures", "/measures/dna_rate",
                "/results?measure=calls_missed", "/areas/A81002/comparison?measure=calls_missed"],
)  # fmt: skip
def test_what_has_not_changed_is_not_sent_again(program, address):
    first = program(address)
    assert first["Cache-Control"] == "public, no-cache"
    again = program(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert "Content-Type" not in again
    assert program(address, headers={"If-None-Match": 'W/"another"'}).status_code == 200
    other = program(address + ("&" if "?" in address else "?") + "nonsense=1")
    assert other.status_code == 422


def test_a_mark_belongs_to_one_address_and_one_form(program):
    marks = {
        program(address)["ETag"]
        for address in ("/areas/A81002", "/areas/ENG", "/results?measure=calls_missed", "/results?measure=dna_rate",
                        "/results?measure=calls_missed&format=csv")
    }  # fmt: skip
    marks.add(program("/results?measure=calls_missed", headers={"Accept": "text/csv"})["ETag"])
    assert len(marks) == 6


def test_places_are_found_by_name_code_and_postcode(program):
    assert program("/areas?q=A81002").json()["areas"][0]["name"] == "Queens Park Medical Centre"
    assert program("/areas?q=queens%20park%20medical%20centre%20&level=practice").json()["areas"][0]["code"] == PRACTICE
    assert PRACTICE in [one["code"] for one in program("/areas?q=TS18%202AW").json()["areas"]]
    assert program("/areas/a81002").json()["code"] == PRACTICE


@pytest.mark.parametrize("level", ["pcn", "sub_icb", "icb", "region", "nation"])
def test_every_area_of_a_level_is_listed_once(program, sample_store, level):
    told = [one["code"] for one in every_page(program, f"/areas?level={level}&limit=13", "areas")]
    england = places.area(sample_store, "ENG")
    wanted = [a.code for a in places.members(sample_store, england, level)] if level != "nation" else ["ENG"]
    assert told == wanted


def test_children_are_of_the_next_level_unless_one_is_named(program):
    assert {one["level"] for one in program(f"/areas/{ICB}/children").json()["areas"]} == {"sub_icb"}
    assert {one["level"] for one in program(f"/areas/{ICB}/children?level=pcn").json()["areas"]} == {"pcn"}
    assert program(f"/areas/{PRACTICE}/children").json()["areas"] == []
    assert program(f"/areas/{PRACTICE}/children?level=pcn").status_code == 422


def test_every_definition_is_told_in_full(program):
    listed = [one["name"] for one in program("/measures").json()["measures"]]
    assert listed == list(catalogue())
    for name, measure in catalogue().items():
        told = program(f"/measures/{name}").json()
        assert told["definition"] == measure.definition
        assert told["caveats"] == list(measure.caveats)
        assert told["example"]["value"] == measure.example.value
        assert told["sources"]


def test_a_comparison_is_the_one_of_the_page(program, sample_store):
    told = program(f"/areas/{PRACTICE}/comparison?measure=calls_missed&k=10").json()["measures"][0]
    own = compare.compare(sample_store, "calls_missed", PRACTICE, k=10)
    assert told["value"] == own.own.value
    groups = {group["key"]: group for group in told["groups"]}
    assert groups.keys() == own.spreads.keys()
    for key, spread in own.spreads.items():
        assert groups[key]["p50"] == spread.p50
        assert groups[key]["percentile"] == spread.own_percentile
    whole = program(f"/areas/{PRACTICE}/comparison").json()["measures"]
    assert [one["measure"] for one in whole] == [s.measure.name for s in compare.profile(sample_store, PRACTICE)]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/areas/NOWHERE", 404, "There is no practice"),
        ("/measures/no_such", 404, "no measure called"),
        ("/areas/NOWHERE/comparison", 404, "There is no practice"),
        ("/results", 422, "measure"),
        ("/results?measure=no_such", 422, "no measure called"),
        ("/results?measure=dna_rate&area=NOWHERE", 422, "There is no practice"),
        ("/results?measure=dna_rate&from=2026-13", 422, "from"),
        ("/results?measure=dna_rate&from=2026-02&to=2026-01", 422, "comes after"),
        ("/results?measure=dna_rate&by=colour", 422, "split by"),
        ("/results?measure=dna_rate&area=ENG&level=icb", 422, "not both"),
        ("/results?measure=dna_rate&within=A81002", 422, "holds nothing"),
        ("/results?measure=dna_rate&cursor=x", 422, "cursor"),
        ("/results?measure=dna_rate&limit=0", 422, "limit"),
        ("/results?measure=dna_rate&limit=1&limit=2", 422, "more than once"),
        ("/areas?q=x", 422, "“q”"),
        ("/areas?page=2", 422, "“page”"),
        ("/measures?topic=Weather", 422, "no topic"),
        ("/areas/A81002/comparison?k=11", 422, "“k”"),
        ("/areas/A81002/comparison?without=weather", 422, "no feature"),
        ("/areas/A81002/comparison?period=2026-01", 422, "named measures"),
        ("/nowhere", 404, "nothing at this address"),
        ("/areas/", 404, "nothing at this address"),
        ("/../../etc/passwd", 404, "nothing at this address"),
    ],
)
def test_what_cannot_be_answered_says_why(program, address, status, words):
    answer = program(address)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert set(told) == {"title", "status", "detail", "remedy"}
    assert told["status"] == status
    assert words in told["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused_in_words(program, method):
    answer = program("/areas", method=method)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert answer.json()["detail"] == "This address understands GET, HEAD only."


def test_a_program_may_ask_for_the_headers_alone(program):
    assert program("/areas/A81002", method="head")["ETag"] == program("/areas/A81002")["ETag"]


def test_before_anything_is_loaded_it_says_so(program, monkeypatch, tmp_path, settings):
    monkeypatch.setattr(explored, "_opened", [])
    settings.HOME = tmp_path
    answer = program("/areas/A81002")
    assert answer.status_code == 503
    assert "No data" in answer.json()["detail"]
    assert answer["Retry-After"] == "60"


def test_open_data_cost_no_look_into_the_database(program, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert program("/results?measure=calls_missed").status_code == 200
