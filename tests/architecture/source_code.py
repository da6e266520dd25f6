"""The package as text and as syntax trees, for the tests that hold its shape."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "openpractice"
VENDORED = PACKAGE / "web" / "static" / "vendor"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def modules() -> dict[str, ast.Module]:
    """Path inside the repository → syntax tree, for every module of the package."""
    return {
        path.relative_to(REPOSITORY).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def length(path: str) -> int:
    """Lines of a file."""
    return len((REPOSITORY / path).read_text(encoding="utf-8").splitlines())


def span(node: Definition) -> int:
    """Lines of a function or class from its `def` to its end; decorators do not count."""
    return node.end_lineno - node.lineno + 1


def definitions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, Definition]]:
    """Every function and class with its dotted name, however deep."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            yield f"{inside}{node.name}", node
            yield from definitions(node, f"{inside}{node.name}.")
        else:
            yield from definitions(node, inside)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that git tracks and that is still there, the vendored ones excepted."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else []
    paths = (REPOSITORY / name for name in names)
    return tuple(path for path in paths if path.is_file() and VENDORED not in path.parents)


def text_of(path: Path) -> str | None:
    """What a file says, or None where it is not text."""
    content = path.read_bytes()
    try:
        return None if b"\0" in content[:8000] else content.decode("utf-8")
    except UnicodeDecodeError:
        return None
