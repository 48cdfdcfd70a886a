"""Closing a petition now, and opening it again. How long we know who signed counts from the closing, so nothing else moves it:
a trigger refuses whoever does not come through here, but for a closing that is still to come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from petitions.models import Petition


def close(petition: Petition) -> None:
    """Also one whose opening was put off: it closes after it opens."""
    now = timezone.now()
    petition.opens_at = min(petition.opens_at, now - timedelta(seconds=1))
    _set(petition, now)


def reopen(petition: Petition) -> None:
    _set(petition, None)


def _set(petition: Petition, closes_at: datetime | None) -> None:
    petition.closes_at = closes_at
    with transaction.atomic():
        _allow(str(petition.pk))
        petition.save(update_fields=["opens_at", "closes_at"])
        _allow("")


def _allow(petition: str) -> None:
    """The trigger lets this petition pass until the transaction ends, or until another one is named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('outcry.closing', %s, true)", [petition])
