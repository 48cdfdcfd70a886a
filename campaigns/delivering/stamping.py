"""Asks an authority, where one is configured, for a time stamp (RFC 3161) of what a pack says of itself.

One that is away keeps no pack: it is asked every five minutes for an hour, then the pack goes with our signature alone, and staff
read so.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models import Delivery
from core.crypto import timestamps
from core.web import transport

log = logging.getLogger(__name__)
AGAIN, TRIES = timedelta(minutes=5), 12


class NotYet(Exception):
    """No time stamp this time; it is asked for again."""


def may_be_written(now: datetime) -> Q:
    """Those whose authority has not just said no."""
    return Q(stamp_tried_at=None) | Q(stamp_tried_at__lte=now - AGAIN)


def stamp(delivery: Delivery, statement: bytes) -> bytes | None:
    """The authority's answer (DER), verified. None without an authority, and once it has been asked in vain for an hour. Raises
    NotYet. Never inside a transaction: it waits for somebody else. Whoever writes the pack ends the count of tries with it."""
    tried = Delivery.objects.filter(pk=delivery.pk)
    if not settings.TIMESTAMP_AUTHORITY:
        # Nobody is asked any more, so nobody is to blame.
        tried.exclude(stamp_tries=0).update(stamp_tries=0, stamp_tried_at=None)
        return None
    if delivery.stamp_tries >= TRIES:
        return None
    # Before: what breaks a process here does so twelve times at most.
    tried.update(stamp_tries=F("stamp_tries") + 1, stamp_tried_at=timezone.now())
    try:
        answer = _ask(statement)
    except (transport.NoAnswer, timestamps.Unverified, OSError, ValueError) as error:
        log.warning("no time stamp for %s, try %d: %s", delivery, delivery.stamp_tries + 1, error)
        raise NotYet from error
    return answer


def _ask(statement: bytes) -> bytes:
    """Raises NoAnswer, Unverified; OSError, ValueError where our own file of certificates can't be read."""
    file = settings.TIMESTAMP_AUTHORITY_CERTIFICATES
    trusted = timestamps.certificates(file) if file else []
    asked = timestamps.request(statement)
    answer = transport.post(settings.TIMESTAMP_AUTHORITY, asked.as_bytes(), "application/timestamp-query")
    timestamps.verified(answer, statement, trusted, asked.nonce)
    return answer
