"""Work on the disk, told in two entries of the record: that it begins, before anything changes, and that it is done.

No transaction of the database is open meanwhile, so nobody who signs in or uploads waits for it. What was cut off has
the first entry only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write

BEGUN = {
    Action.KEY_ROTATED: Action.KEY_ROTATION_BEGUN,
    Action.KEPT_LONG_ENOUGH: Action.KEPT_LONG_ENOUGH_BEGUN,
    Action.OWN_DATA_DELETED: Action.OWN_DATA_DELETION_BEGUN,
}


@dataclass(frozen=True)
class Deed:
    """What somebody does to an organisation's folder; without anybody, the installation does it by itself."""

    done: Any
    code: str
    by: Any = None

    def begin(self, **detail: str | int) -> None:
        self._write(BEGUN[self.done], detail)

    def end(self, **detail: str | int) -> None:
        self._write(self.done, detail)

    @transaction.atomic(durable=True)
    def _write(self, action: Any, detail: dict[str, str | int]) -> None:
        who, acting_for = ("", self.code) if self.by else ("the installation", "")
        write(action, by=self.by, who=who, acting_for=acting_for, about=self.code, **detail)  # type: ignore[arg-type]
