"""The file that makes a home a demonstration: `openpractice demo` leaves it there, and no setting can.

Apart from the rest of the demonstration, because the command line leaves it before anything of Django is loaded.
"""

from pathlib import Path

NAME = "demo"


def mark(home: Path) -> None:
    """Say that this home was made for a demonstration."""
    (home / NAME).write_text("Made by 'openpractice demo': made-up people sign in here with one click.\n")


def is_marked(home: Path) -> bool:
    return (home / NAME).exists()
