"""What a task has stumbled over, for those who look whether something is wrong: a row for as long as it is so, with its time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core.models import Observation

MAIL_SERVER_FAILS = "the mail server takes nothing"
RECOUNT_DIFFERS = "the recount differs"
OPENINGS_DIFFER = "the recount of openings differs"
LOOKED = "somebody looked"
BACKED_UP, BACKUP_AWAITED = "a backup was made", "backups are awaited"


def note(name: str) -> None:
    """It is so from now on, unless it was already."""
    Observation.objects.bulk_create([Observation(name=name)], ignore_conflicts=True)


def renew(name: str) -> None:
    """It is so now, whenever it was before."""
    Observation.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def clear(name: str) -> None:
    Observation.objects.filter(name=name).delete()


def since(name: str) -> datetime | None:
    return Observation.objects.filter(name=name).values_list("at", flat=True).first()
