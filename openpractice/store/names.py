"""Organisation names as people write them: publishers shout, pages should not."""

from __future__ import annotations

import re

_KEEP = {"NHS", "PCN", "ICB", "GP", "CCG", "LLP", "UK", "HMP", "RAF", "USA", "PMS", "GMS", "APMS", "II", "III", "IV", "DMS", "OOH", "IC24", "NE", "NW", "SE", "SW", "N", "S", "E", "W"}  # fmt: skip
_SMALL = {"and", "of", "the", "in", "on", "at", "by", "with", "for", "upon", "le", "la", "de", "under", "next", "to"}
# Words without a vowel. Any other such word is somebody's initials, or a group's.
_SHORTENED = {"DR", "DRS", "MR", "MRS", "MS", "NG", "ST", "MT", "RD", "LTD", "CTR", "CTRS", "HLTH", "HTH", "GRP", "PTNR", "PTNRS", "BLVD"}  # fmt: skip
_DOCTORS = {"DR": "Dr", "DRS": "Drs", "PTNRS": "Partners", "MED": "Med", "CTR": "Centre", "ST": "St", "ST.": "St"}


def display_name(name: str) -> str:
    """`"THE DENSHAM SURGERY"` → `"The Densham Surgery"`; a name already in mixed case is left as its owner wrote it."""
    name = re.sub(r"\s+", " ", name).strip()
    if name != name.upper():
        return name.replace("Integrated Care Board", "ICB")
    words = [_word(word, first=i == 0) for i, word in enumerate(name.split(" "))]
    return " ".join(words).replace("Integrated Care Board", "ICB")


def _word(word: str, *, first: bool) -> str:
    bare = word.strip("(),.&'-")
    if bare in _KEEP or any(c.isdigit() for c in bare):
        return word
    if word in _DOCTORS:
        return _DOCTORS[word]
    if _are_initials(bare):
        return word
    if bare.lower() in _SMALL and not first:
        return word.lower()
    parts = re.split(r"([-/(&.])", word.lower())
    word = "".join(p if p.lower() in _SMALL and i else p[:1].upper() + p[1:] for i, p in enumerate(parts))
    word = re.sub(r"\b(Mc|O')([a-z])", lambda m: m.group(1) + m.group(2).upper(), word)
    return word


def _are_initials(bare: str) -> bool:
    """`JL` of Dr JL Henderson, `SWB` of Sandwell and West Birmingham."""
    return len(bare) > 1 and bare.isalpha() and not set(bare) & set("AEIOUY") and bare not in _SHORTENED
