"""What every process of the site counts together: attempts to sign in, and how much a program asks.

It lies in a table of the database, so that a second server process, or a restart, gives nobody more attempts. Its names
hold addresses of visitors; the table only gets a fingerprint of each, made with the secret key.
"""

from __future__ import annotations

from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

TABLE = "openpractice_counted"


def key(name: str, prefix: str, version: int) -> str:
    """The name under which Django's cache keeps a value."""
    return salted_hmac("counted", f"{prefix}:{version}:{name}", algorithm="sha256").hexdigest()


class Counted(DatabaseCache):
    """Django's cache in the database, which says when it cannot write.

    Django's own keeps silent, and then a full disk would look like too many attempts.
    """

    def add(self, key, *arguments, **named):
        added = super().add(key, *arguments, **named)
        if not added and not self.has_key(key):
            _write_a_word()
        return added


def _write_a_word() -> None:
    """Raises DatabaseError, in the database's own words, where nothing can be written."""
    with transaction.atomic(), connection.cursor() as cursor:
        table = connection.ops.quote_name(TABLE)
        cursor.execute(f"DELETE FROM {table} WHERE cache_key = 'word'")  # nosec B608: a name of ours
        cursor.execute(f"INSERT INTO {table} VALUES ('word', '', '2000-01-01 00:00:00')")  # nosec B608
