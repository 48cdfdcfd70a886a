"""What would be missing on the day on which a backup, or an export, is needed."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from operations.recovery import sealing


@register("recovery")
def recipients_can_be_sealed_for(**kwargs: Any) -> list[CheckMessage]:
    """Those of backups, and those of exports."""
    wrong: list[CheckMessage] = []
    for name in ("BACKUP_RECIPIENTS", "EXPORT_RECIPIENTS"):
        try:
            sealing.recipients(getattr(settings, name))
        except sealing.SealError as error:
            hint = "Copy it once more from where it was made: `python manage.py backup --new-identity`, or age-keygen."
            wrong.append(Error(f"{name}: {error}", hint=hint, id=f"outcry.{name}"))
    return wrong


@register("recovery")
def what_people_take_back_is_noted(**kwargs: Any) -> list[CheckMessage]:
    """A web host needs no such folder: only where it is set, or where backups are made, it is asked for."""
    folder = settings.JOURNAL_PATH
    if folder is None:
        if not settings.BACKUP_RECIPIENTS:
            return []
        hint = "Set it to a folder on another disk: a backup that is restored would bring back what people took back."
        return [Warning("JOURNAL_PATH is not set, and backups are made.", hint=hint, id="outcry.W006")]
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        hint = "Let the workers' user write there; only they do."
        return [Warning(f"JOURNAL_PATH: {folder} can't be written to.", hint=hint, id="outcry.W007")]
    return []
