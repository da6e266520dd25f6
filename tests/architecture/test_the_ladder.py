"""A rung imports only from the rungs below it. The contracts stand in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.source_code import REPOSITORY


def test_the_contracts_are_kept():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or "lint-imports"
    asked = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=REPOSITORY, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_the_kernel_starts_without_django_or_an_engine_of_tests():
    """What the command line needs at once is small; a web server and a second engine come when they are asked for."""
    script = (
        "import sys, openpractice.analysis.answers; print(*sorted({'django', 'polars', 'pandas'} & set(sys.modules)))"
    )
    asked = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert asked.stdout.split() == []
