"""One request to X at a time and endpoint. A task never waits: what X refuses is noted with the time to ask again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.utils import timezone

from actions.models import Endpoint
from actions.x.client import XClient, from_settings
from actions.x.errors import BadQuery, CursorTooOld, XError

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


def ask(endpoint: str, question: Callable[[XClient], Answer]) -> Answer | None:
    """X's answer; None when nothing is connected, the endpoint is blocked, or X refused (then it is blocked from now on).

    Raises CursorTooOld and BadQuery: they are about this question, not about X, and whoever asks knows what to do.
    """
    client, now = from_settings(), timezone.now()
    if client is None or Endpoint.objects.filter(name=endpoint, blocked_until__gt=now).exists():
        return None
    try:
        answer = question(client)
    except (CursorTooOld, BadQuery):
        raise
    except XError as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        log.warning("X %s: %s", endpoint, reason)
        Endpoint.objects.update_or_create(name=endpoint, defaults={"blocked_until": error.retry_at, "reason": reason})
        return None
    Endpoint.objects.update_or_create(
        name=endpoint, defaults={"blocked_until": None, "reason": "", "answered_at": timezone.now()}
    )
    return answer
