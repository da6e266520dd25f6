"""What a file is called here: the last part of its name, without anything that a file system or a page could take amiss."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 180  # bytes; a file system takes 255, and a name may get a date and more
UNNAMED = "unnamed file"
HIDDEN = "(number hidden)"
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_SEPARATORS = str.maketrans({"\\": "/", ":": "/"})


def tidy(name: str) -> str:
    """A name that is safe on the disk and on a page; its ending survives, because people know files by it.

    Folders are dropped, with control characters, marks that turn the direction of writing, and leading dots. What could
    be an NHS number is hidden, for the name is kept in the database that all share.
    """
    last = name.translate(_SEPARATORS).rpartition("/")[2]
    shown = "".join(one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C")
    clean = hidden(" ".join(shown.split())).lstrip(". ")
    return _shortened(clean) or UNNAMED


def hidden(text: str) -> str:
    """A text without numbers of people, and without what no database takes as text: strange files hold that, too."""
    return _TEN_DIGITS.sub(HIDDEN, text.replace("\0", "").encode("utf-8", "replace").decode())


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = f"…{dot}{ending}" if stem and len(ending) <= 10 else "…"
    kept = name.encode()[: LONGEST - len(ending.encode())]
    return kept.decode(errors="ignore") + ending  # not half of a letter
