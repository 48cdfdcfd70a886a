"""One request to X at a time and endpoint. A task never waits: what X refuses is noted with the time to ask again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from django.conf import settings
from django.utils import timezone

from actions import budget, permitting
from actions.models import Endpoint, Purpose, TweetAction
from actions.x.answers import Reads
from actions.x.client import XClient, from_settings
from actions.x.errors import AuthRevoked, BadQuery, CursorTooOld, XError
from core import switches
from core.owners import owner_of
from core.switches import Switch

log = logging.getLogger(__name__)


class Billed(Protocol):
    @property
    def reads(self) -> Reads: ...


Answer = TypeVar("Answer", bound=Billed)


@dataclass(frozen=True)
class Payer:
    """Who pays for a request, for what, and how much it is at the worst (US dollars)."""

    action: TweetAction
    purpose: Purpose
    worst: Decimal


def ask(endpoint: str, payer: Payer, question: Callable[[XClient], Answer]) -> Answer | None:
    """X's answer; None when nothing is connected, staff have switched it off, nobody has read X's terms, the endpoint is blocked,
    there is no money for it, or X refused (then it is blocked from now on).

    Raises CursorTooOld and BadQuery: they are about this question, not about X, and whoever asks knows what to do.
    """
    client = from_settings()
    if client is None or is_off(payer.action):
        return None
    if not permitting.may_ask(payer.action, payer.purpose) or is_blocked(endpoint):
        return None
    charge = budget.reserve(payer.action, payer.purpose, payer.worst)
    if charge is None:
        return None
    try:
        answer = question(client)
    except XError as error:
        if not error.may_be_billed:
            budget.forgive(charge)
        if isinstance(error, CursorTooOld | BadQuery):
            raise
        block(endpoint, error)
        return None
    budget.settle(charge, answer.reads)
    _unblock(endpoint)
    return answer


def ask_free(endpoint: str, question: Callable[[XClient], Answer]) -> Answer | None:
    """The same for a question that X does not bill."""
    client = from_settings()
    if client is None or is_off() or is_blocked(endpoint):
        return None
    try:
        answer = question(client)
    except XError as error:
        block(endpoint, error)
        return None
    _unblock(endpoint)
    return answer


def is_off(action: TweetAction | None = None) -> bool:
    """Whether staff have switched it off, for whoever runs this action or for the site; looked up anew each second."""
    switches.look(unless_within=1.0)
    off = switches.where_off(Switch.TRACKING)
    return None in off or (action is not None and bool(off) and Switch.TRACKING in owner_of(action).paused)


def is_blocked(endpoint: str) -> bool:
    return Endpoint.objects.filter(name=endpoint, blocked_until__gt=timezone.now()).exists()


def is_connected() -> bool:
    """Whether there is a key, and X took it when it was last used."""
    return (
        bool(settings.X_BEARER_TOKEN) and not Endpoint.objects.filter(reason__startswith=AuthRevoked.__name__).exists()
    )


def block(endpoint: str, error: XError) -> None:
    """Leave this endpoint alone for as long as the error says."""
    reason = f"{type(error).__name__}: {error}"[:300]
    log.warning("X %s: %s", endpoint, reason)
    _note(endpoint, blocked_until=error.retry_at, reason=reason)


def _unblock(endpoint: str) -> None:
    # It took our key: what another endpoint said of it before is past.
    revoked = Endpoint.objects.filter(reason__startswith=AuthRevoked.__name__).exclude(name=endpoint)
    revoked.update(reason="", blocked_until=None)
    _note(endpoint, blocked_until=None, reason="", answered_at=timezone.now())


def _note(endpoint: str, **what: datetime | str | None) -> None:
    Endpoint.objects.bulk_create(
        [Endpoint(name=endpoint, **what)], update_conflicts=True, unique_fields=["name"], update_fields=list(what)
    )
