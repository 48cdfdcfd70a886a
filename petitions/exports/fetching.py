"""Gives a part out: once, to whoever asked for it, while it lives, and to nobody when somebody in it has left since."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from petitions.exports.people import is_stale
from petitions.exports.purposes import fits
from petitions.models import Export, ExportPart

State = Export.State


class NotYours(Exception):
    """Whoever asked for it fetches it."""


class Gone(Exception):
    """It was fetched, has expired, or is not written yet."""


class Stale(Exception):
    """Somebody in it has taken the consent back: it is written anew."""


@dataclass(frozen=True)
class Fetched:
    name: str
    content: bytes


def fetch(export: Export, number: int, by: User) -> Fetched:
    """Spends the part. Raises NotYours, Gone, Stale."""
    if export.asked_by_id != by.pk:
        raise NotYours
    with transaction.atomic():
        export.refresh_from_db(from_queryset=Export.objects.select_for_update(no_key=True))
        part = export.parts.filter(number=number).first()
        if part is None or part.content is None or export.state != State.READY or export.is_over or not fits(export):
            raise Gone
        if is_stale(part):
            raise Stale
        fetched = Fetched(f"outcry-export-{export.name}-{number}.{export.format}.age", bytes(part.content))
        _spend(export, part, by)
    return fetched


def write_anew(export: Export) -> None:
    """The parts that somebody has left are written again, without whoever left."""
    with transaction.atomic():
        export.refresh_from_db(from_queryset=Export.objects.select_for_update(no_key=True))
        stale = [part.pk for part in export.parts.exclude(content=None).defer("content") if is_stale(part)]
        if export.state == State.READY and stale:
            export.parts.filter(pk__in=stale).update(content=None)
            export.state = State.WRITING
            export.save(update_fields=["state"])


def _spend(export: Export, part: ExportPart, by: User) -> None:
    part.content, part.fetched_at, part.fetched_by = None, timezone.now(), by
    part.save(update_fields=["content", "fetched_at", "fetched_by"])
    if not export.parts.filter(fetched_at=None).exists():
        export.state = State.FETCHED
        export.save(update_fields=["state"])
