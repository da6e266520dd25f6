"""Where an organisation's own data lie: in a folder of its own, so that its facts never lie beside another's."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from openpractice.kinds import Refused
from openpractice.store.place import everybodys_own
from openpractice.web.organisations.models import Organisation

# A folder's name is made of the code, so nothing may stand in it that means something else to a file system.
_CODE = re.compile(r"[A-Z0-9_-]{1,40}")


def everybodys() -> Path:
    """The folder that holds the folders of all who hold data of their own here."""
    return everybodys_own(Path(settings.HOME))


def home_of(organisation: Organisation) -> Path:
    """The folder of an organisation's own store, which need not exist yet. Raises Refused for a code that names none."""
    if not _CODE.fullmatch(organisation.code):
        raise Refused(
            f"The code of {organisation} is “{organisation.code}”. To hold data of its own, an organisation needs a code "
            "of capital letters, digits and hyphens, such as its ODS code."
        )
    return everybodys() / organisation.code
