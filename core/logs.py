"""What a log line holds: one filter on every handler keeps out whatever tells who somebody is, and says whose turn the line is of.

Nothing that was typed may stand in a line: of an exception whose text could quote it, only the kind and the place are told.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, ProgrammingError
from django.http import HttpRequest

SECRET_PATH = re.compile(
    r"/(confirm|check-mail|my|not-me|unsubscribe|pledge|unpledge|press|invitation|reset/key|confirm-email)/[^/\s\"'?#]+"
)
ADDRESS = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+\.[^\s<>\"'@]+")
QUERY = re.compile(r"(/[^\s\"'?<>]*)\?[^\s\"'<>]+")
# Their first line is about machines and code; what else they say, and what any other one says, may quote a visitor.
TOLD = (
    OSError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    ImproperlyConfigured,
    AttributeError,
    ImportError,
    NameError,
    TypeError,
)
LEFT_OUT = "<left out>"
NO_TURN: Mapping[str, str] = MappingProxyType({})
# Of the request or the task that this thread is at: {"request": id}, or {"task": id, "name": name}.
_turn: ContextVar[Mapping[str, str]] = ContextVar("turn", default=NO_TURN)


def begin_turn(**ids: str) -> None:
    """Every line from now on bears these, until another turn begins."""
    _turn.set(ids)


def end_turn(**kwargs: object) -> None:
    _turn.set(NO_TURN)


def turn() -> Mapping[str, str]:
    return _turn.get()


def mask(text: str) -> str:
    return ADDRESS.sub("<address>", QUERY.sub(r"\1?<query>", SECRET_PATH.sub(r"/\1/<token>", text)))


def traceback_of(error: BaseException, tb: TracebackType | None) -> str:
    """Where it came from, oldest cause first, without the value of any variable."""
    parts, seen = [], set[int]()
    current: BaseException | None = error
    while current and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.format_tb(tb if current is error else current.__traceback__)
        parts.append("Traceback (most recent call last):\n" + "".join(frames) + _told(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nThat led to:\n\n".join(reversed(parts))


def _told(error: BaseException) -> str:
    kind = type(error)
    text = str(error).partition("\n")[0] if isinstance(error, TOLD) else ""
    return f"{kind.__module__}.{kind.__qualname__}: {text or LEFT_OUT}".removeprefix("builtins.")


def route(request: HttpRequest) -> str:
    """Which page it was, without a word that the visitor could have chosen."""
    match = request.resolver_match
    return f"/{match.route}" if match else f"<a path of {len(request.path)} characters>"


def _message(record: logging.LogRecord) -> str:
    if isinstance(record.args, Mapping) and "exc" in record.args:
        # Celery's own line about a task that failed quotes the exception.
        record.args = {**record.args, "exc": LEFT_OUT}
    message = record.getMessage()
    if record.name.startswith("_granian"):
        # An exception that nobody caught, its text among the lines: the places are told, as everywhere.
        first, *more = message.splitlines() or [""]
        message = "\n".join([first, *(line for line in more if line.startswith('  File "'))])
    request = getattr(record, "request", None)
    return message.replace(request.path, route(request)) if isinstance(request, HttpRequest) else message


class Mask(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Sets `ids` and `turn`, the same as text."""
        record.template = getattr(record, "template", str(record.msg))
        record.msg, record.args = mask(_message(record)), None
        if record.exc_info and record.exc_info[1] and not hasattr(record, "ids"):
            record.exc_text = mask(traceback_of(record.exc_info[1], record.exc_info[2]))
        ids = record.ids = turn()
        record.turn = "".join(f" {name}={value}" for name, value in ids.items())
        return True


class Json(logging.Formatter):
    """One line, one object: time, level, logger, the ids of the turn, message, and a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **getattr(record, "ids", {}),
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line)
