"""What every process of the site counts together: attempts to sign in, and how much a program asks.

It lies in a table of the database, so that a second server process, or a restart, gives nobody more attempts. Its names
hold addresses of visitors; the table only gets a fingerprint of each, made with the secret key.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac

TABLE = "openpractice_counted"


def key(name: str, prefix: str, version: int) -> str:
    """The name under which Django's cache keeps a value."""
    return salted_hmac("counted", f"{prefix}:{version}:{name}", algorithm="sha256").hexdigest()
