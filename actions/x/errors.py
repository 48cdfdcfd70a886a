"""What can go wrong with X, and when it makes sense to ask again."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.utils import timezone

SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=20)


class XError(Exception):
    """X could not answer; `wait` is how long to leave it alone. `may_be_billed`: X may have done the work before it failed us."""

    wait = timedelta(minutes=1)
    may_be_billed = False

    @property
    def retry_at(self) -> datetime:
        return timezone.now() + self.wait


class Transient(XError):
    """A fault on the way or at X: it passes."""


class Unheard(Transient):
    """The answer was lost on its way, or is still to come."""

    may_be_billed = True


class Malformed(XError):
    """X answered with something that we can't read."""

    wait = timedelta(minutes=5)
    may_be_billed = True


class RateLimited(XError):
    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class QuotaExhausted(XError):
    """The money or the monthly cap is used up."""

    wait = timedelta(hours=1)


class AuthRevoked(XError):
    """X does not know our key (any more)."""

    wait = timedelta(hours=1)


class Forbidden(XError):
    wait = timedelta(hours=1)


class BadQuery(XError):
    """X does not understand the query: it will not do so in a minute either."""

    wait = timedelta(hours=1)


class CursorTooOld(XError):
    """The id that we go on from is older than X looks back."""

    wait = timedelta(0)


def from_response(response: requests.Response) -> XError:
    """The typed error for an answer whose status is not 200."""
    status, problem = response.status_code, _problem(response)
    message = f"{status} {problem.get('title') or response.reason}"
    if status == 429:
        if _kind(problem) == "usage-capped":
            return QuotaExhausted(message)
        return RateLimited(message, _until_reset(response))
    if status == 400:
        return (
            CursorTooOld(message) if "since_id" in _words(problem) else BadQuery(f"{message}: {_words(problem)[:200]}")
        )
    fixed = {401: AuthRevoked, 402: QuotaExhausted, 403: Forbidden}
    return fixed.get(status, Transient)(message)


def _problem(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _kind(problem: dict[str, Any]) -> str:
    """The last path segment of the problem's type: X writes it below two hosts."""
    return str(problem.get("type", "")).rstrip("/").rsplit("/", 1)[-1]


def _words(problem: dict[str, Any]) -> str:
    errors = problem.get("errors")
    messages = (
        [str(error.get("message", "")) for error in errors if isinstance(error, dict)]
        if isinstance(errors, list)
        else []
    )
    return " ".join([str(problem.get("detail", "")), *messages]).strip()


def _until_reset(response: requests.Response) -> timedelta:
    """By X's own clock, since ours may differ: at least 5 s, at most 20 min, and a little more so that not all come at once."""
    jitter = timedelta(seconds=random.uniform(0, 5))
    reset = response.headers.get("x-rate-limit-reset", "")
    if not re.fullmatch(r"\d{1,12}", reset):
        return SOONEST * 12 + jitter
    try:
        there = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        there = timezone.now()
    left = datetime.fromtimestamp(int(reset), UTC) - there
    return min(max(left, SOONEST), LATEST) + jitter
