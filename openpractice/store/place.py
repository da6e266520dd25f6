"""Where a practice's own records lie: in a folder of its own, beside the open data and apart from every other's."""

from __future__ import annotations

from pathlib import Path


def everybodys_own(home: Path) -> Path:
    """The folder that holds the folders of all who hold records of their own in a home."""
    return home / "own"
