"""Where a record is kept in a test, and programs that write and read it there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Writes as many entries as it is told.
WRITE = """
import sys
from django.db import transaction
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
for turn in range(int(sys.argv[1])):
    with transaction.atomic():
        write(Action.SWITCHED, who="Dr Wren", acting_for="Y99001", about="Y99001", turn=turn)
"""
BEGIN = "import django; django.setup()\n"


@dataclass(frozen=True)
class Place:
    """A home and the environment in which programs find its database."""

    home: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        settings = {"DJANGO_SETTINGS_MODULE": "openpractice.web.config.settings", "OPENPRACTICE_HOME": str(self.home)}
        return {**os.environ, **settings, **self.variables}

    def begin(self, script: str, *arguments: object) -> subprocess.Popen:
        """Start a Python program with Django at hand. Its warnings are errors."""
        command = [sys.executable, "-W", "error", "-c", BEGIN + script, *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, script: str, *arguments: object) -> str:
        """Run such a program to its end and give what it printed."""
        return ended(self.begin(script, *arguments))

    def openpractice(self, *arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "-W", "error", "-m", "openpractice", "--home", self.home, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)


def ended(program: subprocess.Popen) -> str:
    out, err = program.communicate(timeout=120)
    assert program.returncode == 0, err
    return out
