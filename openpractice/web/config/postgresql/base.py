"""A connection that remembers what it was last told, and is told anew before a question when that has changed.

One round trip for a request of somebody who is signed in, none for anybody else.
"""

from __future__ import annotations

from django.db.backends.postgresql import base

from openpractice.web.config.seeing import NOTHING, SETTING, wanted

FRESH = ("%s", (NOTHING,))  # a new connection has been told nothing, and so sees nothing


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection. A rollback takes back what was told inside the transaction, so afterwards nothing is known."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.told: tuple | None = FRESH
        self.execute_wrappers.append(tell)

    def connect(self):
        self.told = FRESH
        super().connect()

    def _rollback(self):
        self.told = None
        return super()._rollback()

    def _savepoint_rollback(self, sid):
        self.told = None
        super()._savepoint_rollback(sid)

    def say(self, what: tuple) -> None:
        value, values = what
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(f"SELECT set_config('{SETTING}', {value}, false)", values)
        self.told = what


def tell(execute, sql, params, many, context):
    """Before a question: say whose rows may be seen, unless the connection knows, or is broken and will answer nothing."""
    connection = context["connection"]
    if (what := wanted()) != connection.told and not connection.needs_rollback:
        connection.say(what)
    return execute(sql, params, many, context)
