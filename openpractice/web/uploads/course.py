"""The course of an upload in the hands of a worker. Each step is taken only while this worker still has it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.uploads import accounts, place
from openpractice.web.uploads.models import State, Upload
from openpractice.web.uploads.names import hidden

WORKER = "the worker of this installation"
NOTED_AS = {
    State.LOADED: Action.UPLOAD_LOADED,
    State.UNCHANGED: Action.UPLOAD_LOADED,
    State.REFUSED: Action.UPLOAD_REFUSED,
    State.FAILED: Action.UPLOAD_FAILED,
}


class PutBack(Exception):
    """It waits again, or another worker has it: this one has nothing more to do with it."""


def _mine(upload: Upload):
    return Upload.objects.filter(pk=upload.pk, state=State.READING, reader=upload.reader)


def beat(upload: Upload) -> bool:
    """A sign of life, with how far the reading is. False when another worker has the upload by now."""
    now = timezone.now()
    return bool(_mine(upload).update(heartbeat=now, doing=upload.doing, done=upload.done, steps=upload.steps))


def is_cancelled(upload: Upload) -> bool:
    return _mine(upload).filter(cancel_asked__isnull=False).exists()


def finish(upload: Upload, said: list[dict[str, Any]]) -> str:
    """The file was read: its account stays, and the file goes."""
    told = accounts.to_keep(said)
    state = accounts.state_of(told)
    error = "" if state != State.REFUSED else accounts.why_refused(told)
    _end(upload, state, account=told, error=error)
    place.forget_file(upload)
    return state


def refuse(upload: Upload, why: str) -> str:
    """Nobody can read it, and the next time would be no other: it goes."""
    _end(upload, State.REFUSED, error=why)
    place.forget_file(upload)
    return State.REFUSED


def cancel(upload: Upload) -> str:
    """Somebody asked for that while it was read, and nothing of it was loaded."""
    _end(upload, State.CANCELLED)
    place.forget_file(upload)
    return State.CANCELLED


def fail(upload: Upload, why: str) -> str:
    """It could not be read for a reason that is not the file's, which is kept for a day to be tried again."""
    _end(upload, State.FAILED, error=hidden(why))
    return State.FAILED


@transaction.atomic
def _end(upload: Upload, state: str, **told: Any) -> None:
    if not _mine(upload).update(state=state, ended=timezone.now(), doing="", reader="", **told):
        raise PutBack
    code = upload.organisation.code if upload.organisation else ""
    if state == State.CANCELLED:  # now it is sure, and it was somebody's doing
        asked = Upload.objects.select_related("cancel_by").get(pk=upload.pk)
        for_whom = asked.cancel_for if asked.cancel_by else ""
        write(
            Action.UPLOAD_CANCELLED,
            by=asked.cancel_by,
            who=WORKER,
            acting_for=for_whom,
            about=code,
            what=str(upload.pk),
        )
        return
    kept = sum(one["rows_kept"] for one in told.get("account", ()))
    write(NOTED_AS[State(state)], who=WORKER, acting_for="", about=code, what=str(upload.pk), kept=kept)
