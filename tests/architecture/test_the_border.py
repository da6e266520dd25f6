"""What an organisation holds itself is reached through the border, its own pages and the worker, and no other way."""

import ast

import pytest

from tests.architecture.source_code import modules

# Whoever imports one of these can find or open the store of an organisation's own.
DOORS = {"openpractice.web.own.place", "openpractice.web.own.stores", "openpractice.web.own.keys"}
MAY = (
    "openpractice/web/own/",
    "openpractice/web/uploads/",  # receives files and reads them into the store
    "openpractice/web/sharing/border.py",
    "openpractice/web/sharing/protecting.py",  # the border's own: what leaves is made fit there
)


def imported(tree: ast.Module) -> set[str]:
    """Every module that a module imports, wherever in it; `from a import b` may mean the module a.b."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("path", [path for path in modules() if not path.startswith(MAY)])
def test_nothing_else_opens_the_store_of_an_organisation_s_own(path):
    assert not imported(modules()[path]) & DOORS, f"{path}: ask openpractice.web.sharing.border"


def test_the_folder_is_named_in_one_place_only():
    """Nobody builds the path from its words."""
    found = [
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        and isinstance(node.right, ast.Constant) and node.right.value == "own"
    ]  # fmt: skip
    copies = "openpractice/web/config/backup/"  # takes the whole home away, sealed if asked, and reads none of it
    assert [path for path in found if not path.startswith(copies)] == ["openpractice/store/place.py"]


def test_the_test_sees_each_way_to_import():
    said = "from openpractice.web.own import stores\nfrom openpractice.web.own.place import home_of\nimport openpractice.web.own.keys"
    assert imported(ast.parse(said)) >= DOORS
