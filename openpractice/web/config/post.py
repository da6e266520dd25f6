"""The post: a letter by email, which may fail without holding up what it tells of."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import send_mail

log = logging.getLogger(__name__)


def posted(subject: str, letter: str, to: Sequence[str], *, or_else: str) -> bool:
    """Send a letter; whether it went. If not, the log says what that means, and why."""
    try:
        send_mail(subject, letter, None, list(to))
    except Exception:  # whatever a mail server does, people come in and patients are seen
        log.exception(or_else)
        return False
    return True
