"""Finding the newest edition of a publication, and its file, among the links of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip


@dataclass(frozen=True)
class Link:
    """One link of a page: where it leads, in full, and the words on it."""

    address: str
    words: str

    def fits(self, pattern: str) -> re.Match | None:
        """The match of a pattern in the address (with %20 and the like undone, no query) or in the words."""
        path = unquote(self.address.split("?")[0])
        return re.search(pattern, path, re.IGNORECASE) or re.search(pattern, self.words, re.IGNORECASE)


def links(html: str, page: str) -> list[Link]:
    """Every link of a page in its order."""
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    return reader.found


def newest_edition(html: str, page: str, pattern: str) -> tuple[str, str] | None:
    """(month as YYYY-MM, address) of the newest edition that a page links to, or None."""
    editions = []
    for link in links(html, page):
        match = link.fits(pattern)
        month = _month(match["month"], match["year"]) if match else ""
        if month:
            editions.append((month, link.address))
    return max(editions, key=lambda edition: edition[0], default=None)


def _month(word: str, year: str) -> str:
    for number, month in enumerate(MONTHS, 1):
        if len(word) >= 3 and month.startswith(word.lower()):
            return f"{year}-{number:02d}"
    return ""


class _Reader(HTMLParser):
    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.page = page
        self.found: list[Link] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "base" and named.get("href"):
            self.page = urljoin(self.page, named["href"])
        if tag == "a" and named.get("href"):
            self._href, self._words = named["href"], []

    def handle_data(self, text: str) -> None:
        if self._href is not None:
            self._words.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            address = urldefrag(urljoin(self.page, self._href.strip())).url
            self.found.append(Link(address, " ".join("".join(self._words).split())))
            self._href = None
