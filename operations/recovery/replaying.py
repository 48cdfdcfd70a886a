"""What people took back since a backup was made is taken back again. Twice does no harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.privacy.personal_data import with_address
from operations.models import JournalEntry
from operations.recovery import journal
from operations.recovery.journal import OVERLAP, Verb

Replay = Callable[[JournalEntry], object]
_replays: dict[Verb, Replay] = {}


def replays(verb: Verb) -> Callable[[Replay], Replay]:
    """Register how an entry of this verb is done again, where its row is still as the backup had it."""

    def register(function: Replay) -> Replay:
        _replays[verb] = function
        return function

    return register


def replay(folder: Path, since: datetime) -> tuple[Counter[str], int]:
    """Do again what the journal knows and a backup begun at `since` does not; how many entries by verb, and how many of its lines
    could not be read or done."""
    entries, unreadable = journal.read(folder)
    done = Counter[str]()
    for entry in entries:
        if entry.at >= since - OVERLAP:
            try:
                done[entry.verb] += _once(entry)
            except (ValueError, ValidationError):
                unreadable += 1
    return +done, unreadable


@transaction.atomic
def _once(entry: JournalEntry) -> bool:
    """False for what the backup, or an earlier replay, has already."""
    entry.written_at = timezone.now()
    if JournalEntry.objects.filter(pk=entry.pk).exists():
        return False
    entry.save(force_insert=True)
    _replays[Verb(entry.verb)](entry)
    return True


@replays(Verb.FORGET)
def _forget(entry: JournalEntry) -> None:
    """Of the models that keep an address, and of no other: a journal that somebody has written into deletes nothing else."""
    model = apps.get_model(entry.model)
    if model in with_address():
        model._default_manager.filter(pk=entry.row).delete()
