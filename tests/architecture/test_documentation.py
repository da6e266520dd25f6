"""What a reader meets first: docstrings, meanings of columns, and the documentation that is made from the code.

That the pages on disk are what the code says now is tested with the command that writes them.
"""

import ast
from functools import cache

import pytest

from openpractice import tables
from openpractice.measures import catalogue as measures
from openpractice.sources import catalogue as sources
from tests.architecture.source_code import definitions, modules, span

SHORT = 8  # lines in which a good name says enough
# Said once for all of them: `Source` says what recognising and reading mean, `Measure.prepare_rows` what a twin does,
# and the addresses in urls.py what a view shows.
SAID_ELSEWHERE = (("openpractice/sources/", ("recognises", "read")), ("openpractice/measures/", ("practice_volume_rows",)))  # fmt: skip
# Still silent. An entry that has learnt to speak fails, so the list can only shrink.
SILENT = {
    "openpractice/engines/declare.py::Engine",
    "openpractice/engines/plain_engine.py::Plain",
    "openpractice/engines/polars_engine.py::Polars",
}


def _is_said_elsewhere(path: str, name: str) -> bool:
    is_view = path.startswith("openpractice/web/") and "/views/" in path
    return is_view or any(path.startswith(folder) and name.startswith(names) for folder, names in SAID_ELSEWHERE)


def silent() -> set[str]:
    """Public functions and classes without a docstring whose name alone cannot say enough. Methods speak with their class."""
    return {
        f"{path}::{name}"
        for path, tree in modules().items()
        for name, node in definitions(tree)
        if "." not in name and not name.startswith("_") and span(node) > SHORT
        if ast.get_docstring(node) is None and not _is_said_elsewhere(path, name)
    }


def test_what_is_public_says_what_it_is_for():
    assert sorted(silent() - SILENT) == []


def test_no_excuse_is_kept_for_what_now_speaks():
    assert sorted(SILENT - silent()) == []


@pytest.mark.parametrize("path", [path for path, tree in modules().items() if tree.body])
def test_every_module_begins_with_its_idea(path):
    assert ast.get_docstring(modules()[path]), f"{path} begins without a sentence on what it holds"


@pytest.mark.parametrize("table", tables.ALL.values(), ids=lambda table: table.name)
def test_every_table_and_column_has_a_meaning(table):
    assert table.title
    assert table.meaning.endswith(".")
    assert [column.name for column in table.columns if not column.meaning.strip()] == []


@cache
def generated() -> dict[str, str]:
    from openpractice.cli.reference import pages

    return pages()


@pytest.mark.parametrize("measure", measures().values(), ids=lambda measure: measure.name)
def test_every_measure_is_in_the_reference(measure):
    text = generated()["measures.md"]
    assert measure.name in text
    assert measure.title in text


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.name)
def test_every_source_is_in_the_reference(source):
    """Those that are only recognised to be refused are told by their title, for nobody can ask for them."""
    text = generated()["sources.md"]
    assert source.title in text
    assert source.name in text or not source.tables
