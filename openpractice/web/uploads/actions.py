"""What people and programs do with uploads. Each writes its entry into the record, or does not happen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.rules import NotAllowed
from openpractice.web.uploads import arriving, jobs, place
from openpractice.web.uploads.models import How, State, Upload
from openpractice.web.uploads.names import tidy
from openpractice.web.uploads.rules import check_again, check_cancel, check_open, check_uploads

THE_FOLDER = "the watched folder"


def receive(
    *, organisation: Organisation | None, by: Any, how: str, name: str, stream: arriving.Stream, acting_for: str = ""
) -> Upload:
    """Take a file: once this returns, it is on the disk and in the queue, and not lost whatever happens.

    Without an organisation it is published data, for everybody. `by` is nobody where it came from the watched folder.
    Raises NotAllowed, and NotReceived when it is too large, empty or cannot be written; then nothing of it is left.
    """
    if by is not None:
        check_uploads(by, organisation)
    check_open(organisation)
    name, arrived = tidy(name), place.arrived_in(organisation)
    try:
        with place.receiving(arrived):
            written = arriving.write(stream, arrived, name, settings.LARGEST_UPLOAD)
            return _told(organisation, by, how, name, written, acting_for)
    except OSError as trouble:
        raise arriving.not_written(name, trouble) from trouble


def _told(organisation, by, how: str, name: str, written: arriving.Written, acting_for: str) -> Upload:
    """The row, its job and its entry, all or none; without them the file goes again."""
    upload = Upload(organisation=organisation, by=by, how=how, name=name, **written._asdict())
    try:
        with transaction.atomic():
            upload.save()
            jobs.enqueue(upload)
            _note(Action.UPLOAD_ARRIVED, upload, by, acting_for, how=How(how).label)
    except BaseException as trouble:
        place.forget_file(upload)
        if isinstance(trouble, DatabaseError):
            raise arriving.not_written(name, OSError(0, "its database does not answer")) from trouble
        raise
    return upload


def _note(action: Any, upload: Upload, by: Any, acting_for: str = "", **detail: str | int | None) -> None:
    code = upload.organisation.code if upload.organisation else ""
    who = THE_FOLDER if upload.how == How.FOLDER else "a program"
    write(action, by=by, who=who, acting_for=acting_for or code, about=code, what=str(upload.pk), **detail)


def cancel(*, upload: Upload, by: Any, acting_for: str = "") -> None:
    """Stop a file: at once while it waits; while it is read, the worker stops and nothing of it is loaded.

    Raises NotAllowed when it is neither waiting nor being read any more.
    """
    check_uploads(by, upload.organisation)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        check_cancel(upload)
        if upload.state == State.READING:
            code = acting_for or (upload.organisation.code if upload.organisation else "")
            asked = {"cancel_asked": timezone.now(), "cancel_by": by, "cancel_for": code}
            Upload.objects.filter(pk=upload.pk).update(**asked)  # it is noted once the worker has stopped
        else:
            upload.state, upload.ended, upload.doing = State.CANCELLED, timezone.now(), ""
            upload.save(update_fields=["state", "ended", "doing"])
            jobs.drop(upload)
            _note(Action.UPLOAD_CANCELLED, upload, by, acting_for)
    if upload.state == State.CANCELLED:
        place.forget_file(upload)


def again(*, upload: Upload, by: Any, acting_for: str = "") -> None:
    """Put a file that could not be read back into the queue. Raises NotAllowed, also when it is not kept any more."""
    check_uploads(by, upload.organisation)
    check_open(upload.organisation)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        check_again(upload)
        upload.state, upload.attempts, upload.cancel_asked, upload.error = State.WAITING, 0, None, ""
        upload.began = upload.ended = upload.heartbeat = None
        upload.save()
        jobs.enqueue(upload)
        _note(Action.UPLOAD_AGAIN, upload, by, acting_for)


__all__ = ["NotAllowed", "again", "cancel", "receive"]
