"""A file holds one idea and carries its name; a function fits on a screen. Longer ones argue for it here."""

import pytest

from tests.architecture.source_code import definitions, length, modules, span

LONGEST_FILE, LONGEST_FUNCTION = 250, 35

# Why a file is longer. An entry whose file has become shorter fails, so the list cannot go stale.
LONG_FILES = {
    "openpractice/kinds.py": "the words that everything else is said in: declarations, not code",
    "openpractice/web/explore/glossary.py": "words and their meanings: content, not code",
}
LONG_FUNCTIONS = {
    "openpractice/render/charts/bars.py::bars": "one drawing, said as data",
    "openpractice/render/charts/funnel.py::funnel": "one drawing, said as data",
    "openpractice/render/charts/spine.py::spine": "one drawing, said as data",
    "openpractice/sources/gpad_words.py::define": "SQL in one piece: every word of the publications beside ours",
}
NAMED_BY_DJANGO = {"openpractice/web/config/postgresql/base.py"}  # it looks for a database's connection there
NAMED_FOR_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "managers", "base", "shared"}  # fmt: skip


def long_files() -> dict[str, int]:
    return {path: length(path) for path in modules() if length(path) > LONGEST_FILE}


def long_functions() -> dict[str, int]:
    return {
        f"{path}::{name}": span(node)
        for path, tree in modules().items()
        for name, node in definitions(tree)
        if not hasattr(node, "bases") and span(node) > LONGEST_FUNCTION
    }


@pytest.mark.parametrize(("found", "argued"), [(long_files, LONG_FILES), (long_functions, LONG_FUNCTIONS)])
def test_what_is_long_has_argued_for_it(found, argued):
    assert {name: lines for name, lines in found().items() if name not in argued} == {}


@pytest.mark.parametrize(("found", "argued"), [(long_files, LONG_FILES), (long_functions, LONG_FUNCTIONS)])
def test_no_argument_is_kept_for_what_has_become_short(found, argued):
    assert sorted(set(argued) - set(found())) == []


@pytest.mark.parametrize("path", sorted(modules().keys() - NAMED_BY_DJANGO))
def test_no_module_is_named_for_nothing(path):
    words = {part.removesuffix(".py").strip("_") for part in path.split("/")}
    assert not words & NAMED_FOR_NOTHING, f"{path}: name the thing that it is about"
