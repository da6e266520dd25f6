"""Benchmarks are found by being there; what a row says of its target is said the same everywhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as program

ROW = {"name": "a: b", "ours_seconds": 0.5, "peer_seconds": 5.0, "ratio": 10.0, "target": 10, "unit": "times faster"}


def test_every_module_with_a_run_is_found():
    folder = Path(program.__file__).parent
    written = {path.stem for path in folder.glob("*.py") if "\ndef run() -> list[dict]:" in path.read_text()}
    assert set(program.registry()) == written == {"audit", "evaluate", "ingest", "pages", "peers", "spc"}


def test_the_program_starts_by_itself():
    """Without the settings that the tests bring along."""
    asked = subprocess.run([sys.executable, "-m", "bench", "--help"], cwd=Path(program.__file__).parents[1], capture_output=True, text=True)  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    assert "audit, evaluate" in asked.stdout


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"ratio": 9.9}, False),
        ({"target": None, "ratio": None}, None),
        ({"unit": "times a copy (at most)", "ratio": 10.1}, False),
        ({"unit": "times a copy (at most)", "ratio": 9.9}, True),
    ],
)
def test_a_target_is_a_floor_unless_the_unit_says_at_most(changed, expected):
    assert program.met(ROW | changed) is expected


def test_the_table_shows_seconds_processor_time_and_whether_the_target_was_met():
    table = program.table([ROW | {"ours_cpu": 0.75, "peer_cpu": 0.0051}])
    assert "| a: b | 0.50 s (0.75 s) | 5.00 s (5.10 ms) | 10.00 times faster | 10 | yes |" in table


def test_the_page_names_what_was_missed_and_not_the_machine():
    import platform

    page = program.page([ROW, ROW | {"name": "c: d", "ratio": 2.0}])
    assert page.endswith("Missed on this run:\n\n- c: d\n")
    assert platform.node() not in page


def test_the_end_says_whether_every_target_was_met(monkeypatch, capsys):
    monkeypatch.setattr(program, "registry", lambda: {"good": lambda: [ROW], "bad": lambda: [ROW | {"ratio": 1.0}]})
    assert program.main(["good"]) == 0
    assert program.main([]) == 1
    assert "Missed: a: b" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        program.main(["good", "--write"])
    assert ended.value.code == 2


def test_an_unknown_name_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit) as ended:
        program.main(["nothing"])
    assert ended.value.code == 2
    assert "audit, evaluate, ingest, pages, peers, spc" in capsys.readouterr().err
