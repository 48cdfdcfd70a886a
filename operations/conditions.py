"""What may be wrong with what every room needs."""

from __future__ import annotations

import shutil
import socket
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import observations
from operations.known_conditions import condition
from operations.recovery import journal

# Whoever makes backups makes one a day at least.
BACKUP_LASTS = timedelta(hours=25)
# Lines are in the file seconds after they were noted.
JOURNAL_LATE = timedelta(minutes=5)
# A disk is nearly full when less than a twentieth of it is free, and less than 5 GB.
SHARE, ENOUGH = 20, 5 * 1024**3


@condition(
    "mail_server",
    _("The mail server does not accept mail"),
    _(
        "Look at EMAIL_URL, at the server, and at the workers' log. No mail is lost: all go out once the server "
        "accepts them."
    ),
    patience=timedelta(minutes=5),
)
def the_mail_server_takes_nothing() -> bool:
    return observations.since(observations.MAIL_SERVER_FAILS) is not None


@condition(
    "backup",
    _("There is no new backup"),
    _(
        "Look at the backup's log (journalctl -u outcry-backup). Often a disk is full, BACKUP_RECIPIENTS is "
        "wrong, or pg_dump is too old."
    ),
    patience=timedelta(hours=1),
)
def no_backup_was_made_lately() -> bool:
    """Where BACKUP_RECIPIENTS says that there are any; the first one has as long as all others, from the first look on."""
    if not settings.BACKUP_RECIPIENTS:
        observations.clear(observations.BACKUP_AWAITED)
        return False
    observations.note(observations.BACKUP_AWAITED)
    begun = observations.since(observations.BACKED_UP) or observations.since(observations.BACKUP_AWAITED)
    return begun is not None and timezone.now() - begun > BACKUP_LASTS


@condition(
    "journal",
    _("The journal of what people took back is not being written"),
    _(
        "Look at JOURNAL_PATH, its disk, and the workers' log. Nothing is lost yet: the database holds what people "
        "took back until we write it down."
    ),
)
def the_journal_is_behind() -> bool:
    """Where JOURNAL_PATH says that there is one."""
    oldest = journal.oldest_unwritten() if settings.JOURNAL_PATH else None
    return oldest is not None and timezone.now() - oldest > JOURNAL_LATE


@condition(
    "disk",
    _("The disk is nearly full"),
    _("Make room on this machine, or give it a larger disk: old logs and temporary files first."),
    where=socket.gethostname,
)
def the_disk_is_nearly_full() -> bool:
    """Of this machine: the worker's. That of the database is watched where it is."""
    folders: list[Any] = [settings.BASE_DIR, tempfile.gettempdir(), settings.JOURNAL_PATH]
    return any(nearly_full(str(folder)) for folder in folders if folder and Path(folder).exists())


def nearly_full(folder: str) -> bool:
    usage = shutil.disk_usage(folder)
    return usage.free < min(usage.total // SHARE, ENOUGH)
