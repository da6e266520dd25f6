"""What is logged, and what never is: no names, no addresses of people, no query, no path, no token, no posted value.

A request is one line with the name of its view, which says what was asked for and not about whom. A fault is told with
its traceback: places in the code and the kind of each error. What an error says in words may repeat what somebody
typed, so the words of most are left out, and those that stay are swept. Values of variables are never there.
"""

from __future__ import annotations

import logging
import re
import traceback
from contextvars import ContextVar
from types import TracebackType

from django.db import OperationalError
from pythonjsonlogger.json import JsonFormatter

KINDS = ("errors", "plain", "json")
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Their words tell of code, machines and files, and not of what was sent.
_SPEAKS = (AttributeError, NameError, ImportError, MemoryError, RecursionError, OperationalError, SyntaxError)
_SWEPT = (
    re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+"),  # addresses for email
    re.compile(r"\b\d(?:[ -]?\d){8,}\b"),  # NHS numbers, telephones
    re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}\b"),  # tokens
    re.compile(r"\?\S+"),  # queries
)
_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def swept(words: str) -> str:
    """A sentence without what could be somebody's."""
    for pattern in _SWEPT:
        words = pattern.sub("…", words)
    return words


def told(error: BaseException) -> str:
    """A fault and what led to it: where in the code, and of what kind."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [told(earlier), "which led to"] if earlier else []
    lines += [told(one) for one in getattr(error, "exceptions", ())]  # of a group
    lines.append("".join(traceback.format_tb(error.__traceback__)).rstrip())
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "\n".join([*lines, f"{kind}: {_words(error)}".removesuffix(": ")])


def _words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    return swept(str(error).partition("\n")[0]) if isinstance(error, _SPEAKS) else ""


class _Discreet(logging.Formatter):
    """Mixed into both formatters: how a fault is told, and that what is said in words is swept."""

    def format(self, record: logging.LogRecord) -> str:
        record = logging.makeLogRecord(record.__dict__)  # others may format it in their own way
        record.msg, record.args, record.exc_text = swept(record.getMessage()), None, None
        return super().format(record)

    def formatException(self, ei: _Info) -> str:
        return told(ei[1]) if ei[1] else ""


class Plain(_Discreet):
    """For whoever reads along."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {message}", style="{")


class Json(_Discreet, JsonFormatter):
    """One JSON object a line."""

    def __init__(self):
        super().__init__(
            "{asctime}{levelname}{name}{message}", style="{", timestamp=False,
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )  # fmt: skip


class Faults(logging.Filter):
    """Django's word on an answer above 499: only on a fault, and with the view's name in place of the path.

    An answer such as "not ready" was meant.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if (request := record.__dict__.pop("request", None)) is not None:  # it may pass here twice
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = f"A fault in {match.view_name if match else 'no view'}", None
        return bool(record.exc_info)


class Numbered(logging.Filter):
    """The number of the request in which something was said."""

    def filter(self, record: logging.LogRecord) -> bool:
        if number := request_id.get():
            record.request_id = number
        return True


def configured(kind: str) -> dict:
    """Django's LOGGING for one of KINDS."""
    here = "openpractice.web.config.logs"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": f"{here}.Plain"}, "json": {"()": f"{here}.Json"}},
        "filters": {"faults": {"()": f"{here}.Faults"}, "numbered": {"()": f"{here}.Numbered"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if kind == "json" else "plain",
                "filters": ["numbered"],
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": {"level": "WARNING", "propagate": True, "handlers": []},
            "django.request": {"level": "ERROR", "filters": ["faults"]},  # a mistyped address is the visitor's business
            "django.security": {"level": "CRITICAL"},  # robots knock at bare numbers, with thousands of parameters
            "django.server": {"level": "CRITICAL"},
            "urllib3": {"level": "ERROR"},  # it names addresses that it asks again
            "asyncio": {"level": "ERROR"},  # it warns of every visitor who leaves before the page is whole
            "openpractice.requests": {"level": "WARNING" if kind == "errors" else "INFO"},
        },
    }
