"""Getting one publication: its page, the newest edition, its file, kept under its own name once it is whole."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from openpractice import __version__
from openpractice.fetch.known import Publication
from openpractice.fetch.links import links, newest_edition
from openpractice.kinds import Refused

LARGEST_PAGE = 8 * 1024**2  # bytes
LARGEST_FILE = 1024**3  # the largest publication read here, a quarter of appointments, packs to 90 MB
TIMEOUT = 30  # seconds without a single byte
OFFICIAL = (".nhs.uk", ".gov.uk")
_BLOCK = 1 << 16

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Downloaded:
    """One file of one publication on this machine. `fresh` is false where it was here already."""

    publication: str
    edition: str
    address: str
    path: Path
    bytes: int
    fresh: bool
    source: str


def download(
    publication: Publication, folder: Path, *, base: str = "", again: bool = False, largest: int = LARGEST_FILE,
    timeout: float = TIMEOUT, progress: Progress = lambda what, done, of: None,
) -> Downloaded:  # fmt: skip
    """Download the newest file of a publication into `folder`. Raises Refused, in words, for whatever stands in the way.

    `base` replaces the scheme and host of the publication's page, for a mirror. A file that is here already is not
    downloaded again unless asked: a corrected edition has an address of its own.
    """
    visit = _Visit(publication, base, timeout)
    page, edition = visit.page, ""
    html = visit.text(page)
    if publication.edition:
        found = newest_edition(html, page, publication.edition)
        if found is None:
            raise Refused(_changed(publication, page, "no edition with a month and a year"))
        edition, page = found
        html = visit.text(page)
    link = next((link for link in links(html, page) if link.fits(publication.file)), None)
    if link is None:
        raise Refused(_changed(publication, page, "no data file"))
    target = folder / publication.name / edition / _file_name(link.address)
    if target.exists() and not again:
        return Downloaded(
            publication.name, edition, link.address, target, target.stat().st_size, False, publication.source
        )
    size = visit.save(link.address, target, largest, progress)
    return Downloaded(publication.name, edition, link.address, target, size, True, publication.source)


def _changed(publication: Publication, page: str, what: str) -> str:
    return (
        f"{publication.title}: {page} links to {what} that is known here; the page may have changed. Download the file "
        "yourself from there and use 'openpractice ingest'."
    )


def _file_name(address: str) -> str:
    """The file's own name, with only characters that every system accepts."""
    name = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
    return re.sub(r"[^\w.()\- ]", "_", name).lstrip(".")[-120:] or "download"


class _Visit:
    """One visit to one publication's site."""

    def __init__(self, publication: Publication, base: str, timeout: float):
        self.publication, self.timeout = publication, timeout
        self.base = base.rstrip("/")
        official = urlsplit(publication.page)
        self.page = f"{self.base}{official.path}" if base else publication.page
        self._check(self.page)

    def text(self, address: str) -> str:
        """A page's HTML."""
        with self._reached(address), self._open(address) as answer:
            body = answer.read(LARGEST_PAGE + 1)
            if len(body) > LARGEST_PAGE:
                raise Refused(f"{address} is larger than any publication's page. It was not read.")
            self._check(answer.url)
            return body.decode(answer.headers.get_content_charset() or "utf-8", errors="replace")

    def save(self, address: str, target: Path, largest: int, progress: Progress) -> int:
        """Save a file under a name of its own while it is incomplete, and under `target` once it is whole."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        try:
            with self._reached(address), self._open(address) as answer, part.open("wb") as out:
                size = self._copy(answer, out, target.name, largest, progress)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return size

    def _copy(self, answer, out, name: str, largest: int, progress: Progress) -> int:
        promised = int(answer.headers.get("Content-Length") or 0)
        self._check(answer.url)
        done = 0
        while True:
            if max(done, promised) > largest:
                raise Refused(
                    f"{name} is larger than {largest / 1e6:,.0f} MB, which no publication read here is. It was not "
                    f"downloaded. Look at {self.publication.page}."
                )
            block = answer.read(_BLOCK)
            if not block:
                break
            out.write(block)
            done += len(block)
            progress(name, done, promised or done)
        if done < promised:
            raise Refused(
                f"{name} broke off after {done:,} of {promised:,} bytes. Nothing was kept. Start 'openpractice fetch' again."
            )
        return done

    def _open(self, address: str):
        self._check(address)
        request = urllib.request.Request(
            quote(address, safe=":/?&=%#+,;@~!$'()*[]"), headers={"User-Agent": f"OpenPractice/{__version__}"}
        )
        return urllib.request.urlopen(request, timeout=self.timeout)  # `_check` lets official sites through alone  # nosec B310

    def _check(self, address: str) -> None:
        """Refuse a link that leads away from the official sites (or from the mirror that was named)."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if self.base:
            fits = parts.scheme in ("http", "https") and host == urlsplit(self.base).hostname
        else:
            fits = parts.scheme == "https" and host.endswith(OFFICIAL)
        if not fits:
            raise Refused(
                f"{self.publication.title}: {address} does not belong to the publisher, so it was not opened. Download "
                f"the file yourself from {self.publication.page} and use 'openpractice ingest'."
            )

    @contextmanager
    def _reached(self, address: str):
        """Whatever a network can do, as a sentence."""
        page = self.publication.page
        by_hand = f"download the file yourself from {page} and use 'openpractice ingest'."
        try:
            yield
        except urllib.error.HTTPError as answer:
            answer.close()
            if "infinite loop" in str(answer.reason):
                raise Refused(f"{address} sends its visitors round in circles. Try again later, or {by_hand}") from None
            raise Refused(
                f"{address} answered {answer.code} {_reason(answer)}. Try again later, or {by_hand}"
            ) from None
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as trouble:
            cause = _cause(trouble)
            raise Refused(f"Could not reach {address} ({cause}). Check the connection, or {by_hand}") from None


def _reason(answer: urllib.error.HTTPError) -> str:
    return str(answer.reason).strip().splitlines()[0] if answer.reason else ""


def _cause(trouble: Exception) -> str:
    inner = getattr(trouble, "reason", trouble)
    if isinstance(inner, TimeoutError) or "timed out" in str(inner):
        return "no answer in time"
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
