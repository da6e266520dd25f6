"""The guide's own little program agrees with ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.integration.audit.place import WRITE

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "the-record.md"


def test_the_record_can_be_checked_without_openpractice(on_sqlite):
    on_sqlite.run(WRITE, 5)
    program = re.search(r"```\n(import .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    asked = subprocess.run([sys.executable, "-c", program], cwd=on_sqlite.home, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    number, last = asked.stdout.split()
    assert on_sqlite.openpractice("audit", "verify").stdout.splitlines()[1] == f"{number}:{last}"
