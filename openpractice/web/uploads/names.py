"""What a file is called here: the last part of its name, without anything that a file system or a page could take amiss."""

from __future__ import annotations

import unicodedata

LONGEST = 120  # letters; a file system takes 255 bytes, and a letter may need four
UNNAMED = "unnamed file"
_SEPARATORS = str.maketrans({"\\": "/", ":": "/"})


def tidy(name: str) -> str:
    """A name that is safe on the disk and on a page; its ending survives, because people know files by it.

    Folders are dropped, with control characters, marks that turn the direction of writing, and leading dots.
    """
    last = name.translate(_SEPARATORS).rpartition("/")[2]
    shown = "".join(one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C")
    clean = " ".join(shown.split()).lstrip(". ")
    return _shortened(clean) or UNNAMED


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) <= 10 else ""
    return name[: LONGEST - len(ending) - 1] + "…" + ending
