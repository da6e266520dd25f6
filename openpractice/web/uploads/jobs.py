"""The queue: one job for each upload, in the same database and the same transactions as the upload itself."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from openpractice.web.uploads.models import State, Upload


@task()
def read(upload: int) -> str:
    """Read a file that was uploaded, and say what became of it."""
    from openpractice.web.uploads import reading  # the engines behind it are for the worker only

    return reading.read(Upload.objects.select_related("organisation").get(pk=upload))


def enqueue(upload: Upload) -> None:
    """Ask for a file to be read, within the transaction that needs it."""
    upload.job = read.enqueue(upload.pk).id
    upload.save(update_fields=["job"])


def claim(worker: str) -> DBTaskResult | None:
    """The next job for this worker, with its upload marked as being read by it: both, or neither."""
    ready = DBTaskResult.objects.ready().filter(task_path=read.module_path)
    if not ready.exists():  # asking is cheap; on SQLite a claim keeps all other writers waiting
        return None
    with exclusive_transaction():
        job = ready.get_locked()
        if job is None:
            return None
        job.claim(worker)
        upload = Upload.objects.filter(pk=job.args_kwargs["args"][0], state=State.WAITING)
        now = timezone.now()
        if upload.update(state=State.READING, reader=worker, began=now, heartbeat=now, attempts=F("attempts") + 1):
            return job
        over(job, "was not waiting any more")
    return None


def over(job: DBTaskResult, said: Any) -> None:
    job.set_successful(said)


def put_back(upload: Upload, seconds: float = 0, **still: Any) -> bool:
    """Let an upload that this worker has wait again, for whichever comes first; False when it has it no more.

    `still` says what else must be true of it.
    """
    mine = Upload.objects.filter(pk=upload.pk, state=State.READING, reader=upload.reader, **still)
    with transaction.atomic():
        waiting = {"state": State.WAITING, "reader": "", "heartbeat": None, "done": 0, "steps": 0}
        if not mine.update(**waiting, doing=upload.doing, attempts=upload.attempts):
            return False
        later = timezone.now() + datetime.timedelta(seconds=seconds)
        DBTaskResult.objects.filter(pk=upload.job).update(status=TaskResultStatus.READY, run_after=later)
    return True


def drop(upload: Upload) -> None:
    """Nobody needs to read it any more."""
    DBTaskResult.objects.filter(pk=upload.job, status=TaskResultStatus.READY).delete()


def forget_old(days: int = 7) -> None:
    """Jobs that are long over. The uploads themselves stay."""
    long_ago = timezone.now() - datetime.timedelta(days=days)
    moving = Upload.objects.filter(state__in=(State.WAITING, State.READING)).values_list("job", flat=True)
    DBTaskResult.objects.filter(task_path=read.module_path, enqueued_at__lt=long_ago).exclude(pk__in=moving).delete()
