"""What is too much, or finds no room, never reaches the application whole, and each gets its answer."""

from __future__ import annotations

import asyncio
import errno
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from openpractice.web.config.bodies import MARK, Limited


def asked(
    path: str, pieces: list[bytes], declared: int | None = None, trouble: OSError | None = None
) -> tuple[dict, bytes]:
    """Send a body in pieces through the guard; gives the mark and the bytes that the application behind it saw."""
    seen: dict[str, Any] = {"body": b""}

    async def application(scope, receive, send):
        if trouble and MARK not in scope:
            await receive()
            raise trouble
        more = True
        while more:
            message = await receive()
            seen["body"] += message.get("body", b"")
            more = message.get("more_body", False)
        seen["mark"] = scope.get(MARK)

    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages[-1]["more_body"] = False
    given = iter(messages)

    async def receive():
        return next(given, {"type": "http.disconnect"})

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    with ThreadPoolExecutor(1) as apart:  # in this thread a browser of another test may have a loop of its own
        apart.submit(lambda: asyncio.run(Limited(application)(scope, receive, None))).result()
    assert next(given, None) is None, "the body was not read to its end, so the browser would not hear the answer"
    return seen["mark"], seen["body"]


@pytest.fixture(autouse=True)
def _small(settings):
    settings.LARGEST_UPLOAD, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000, 10_000


def test_what_is_small_enough_comes_through_unchanged():
    assert asked("/uploads/", [b"a" * 500_000, b"b" * 500_000]) == (None, b"a" * 500_000 + b"b" * 500_000)
    assert asked("/own/key/", [b"a" * 9_000], 9_000) == (None, b"a" * 9_000)


@pytest.mark.parametrize("declared", [None, 2_000_000])
def test_what_is_too_much_is_cut_off(declared):
    mark, body = asked("/uploads/", [b"a" * 400_000] * 5, declared)
    assert mark == 413
    assert len(body) <= 1_100_000


def test_only_files_may_be_large():
    assert asked("/own/key/", [b"a" * 20_000])[0] == 413


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503)])
def test_no_room_while_it_comes_in_is_answered(number, status):
    assert asked("/uploads/", [b"a" * 1000] * 3, trouble=OSError(number, "trouble")) == (status, b"")


def test_other_trouble_is_not_hidden():
    with pytest.raises(OSError, match="trouble"):
        asked("/uploads/", [b"a"], trouble=OSError(errno.EPIPE, "trouble"))
