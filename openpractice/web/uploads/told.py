"""An upload in words: what its row in the list says, and its account on a page of its own."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from openpractice.kinds import month_no
from openpractice.present.data import size
from openpractice.render import words
from openpractice.sources import catalogue as sources
from openpractice.web.uploads.models import How, State, Upload
from openpractice.web.uploads.rules import can_again, kept_until

LONG = datetime.timedelta(minutes=2)
LONG_WAIT = (
    "Waiting to be read, for longer than usual. Others may come first; if it lasts, whoever runs this installation can "
    "see whether a worker is running."
)


@dataclass(frozen=True)
class Row:
    """An upload as the list shows it."""

    upload: Upload
    state: str
    sentence: str
    brought: str
    again: bool = False

    @property
    def stopping(self) -> bool:
        return self.upload.state == State.READING and self.upload.cancel_asked is not None


def row(upload: Upload, reader: Any) -> Row:
    """What a reader sees of it. The names of colleagues are for colleagues; published data are brought by anybody."""
    how = How(upload.how).label.lower()
    if upload.by_id and (upload.organisation_id or upload.by_id == reader.pk):
        how = f"by {'you' if upload.by_id == reader.pk else upload.by}, {how}"
    return Row(upload, State(upload.state).label, sentence(upload), f"{size(upload.size)}, {how}", can_again(upload))


def sentence(upload: Upload) -> str:
    """What is happening to it, or what became of it."""
    if upload.state == State.READING and upload.cancel_asked:
        return "It is being stopped."
    if upload.state == State.WAITING and not upload.doing and timezone.now() - upload.arrived > LONG:
        return LONG_WAIT
    if upload.state in (State.WAITING, State.READING):
        return f"{upload.doing or ('Waiting to be read' if upload.state == State.WAITING else 'Beginning')}."
    if upload.state == State.LOADED:
        return _loaded(upload.account)
    if upload.state == State.UNCHANGED:
        return "The same file was loaded before, so nothing changed."
    if upload.state == State.CANCELLED:
        return "It was cancelled, and nothing of it was loaded."
    if can_again(upload):
        kept = words.period(kept_until(upload).date())
        return f"{upload.error} Nothing of it was loaded. It is kept until {kept}, to be tried again."
    return upload.error


def _loaded(account: Sequence[dict[str, Any]]) -> str:
    kept, refused = (sum(one[name] for one in account) for name in ("rows_kept", "rows_refused"))
    months = sorted({month for one in account for month in one["periods"]})
    some = sum(one["status"] == State.REFUSED for one in account)
    said = f"{words.plural(kept, 'row')} kept, {'none' if not refused else f'{refused:,}'} refused."
    if some:
        said += f" {words.plural(some, 'file')} inside could not be used."
    return f"{said} {stretch(months)}." if months else said


def stretch(months: Sequence[str]) -> str:
    """Months in words: one, an unbroken run, or how many between the first and the last."""
    if not months:
        return "No month"
    first, last = words.period(months[0]), words.period(months[-1])
    if len(months) == 1:
        return first
    unbroken = month_no(months[-1]) - month_no(months[0]) + 1 == len(months)
    return f"{first} to {last}" + ("" if unbroken else f" ({len(months)} of the months between)")


@dataclass(frozen=True)
class Told:
    """The account of one file inside an upload."""

    name: str
    title: str
    status: str
    reason: str
    months: str
    read: int
    kept: int
    refused: int
    refusals: Sequence[dict[str, Any]]

    @property
    def share(self) -> float:
        """Of the rows read, how many in a hundred were kept."""
        return 100 * self.kept / self.read if self.read else 0


def accounts(upload: Upload) -> list[Told]:
    """What became of each file inside."""
    return [
        Told(
            one["name"], _title(one["source"]), one["status"], one["reason"], stretch(one["periods"]),
            one["rows_read"], one["rows_kept"], one["rows_refused"], one["refusals"],
        )
        for one in upload.account
    ]  # fmt: skip


def _title(source: str | None) -> str:
    known = sources().get(source or "")
    return known.title if known else ""
