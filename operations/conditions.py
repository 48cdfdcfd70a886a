"""What may be wrong with what every room needs."""

from __future__ import annotations

import shutil
import socket
import tempfile
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core import observations
from operations.known_conditions import condition

# A disk is nearly full when less than a twentieth of it is free, and less than 5 GB.
SHARE, ENOUGH = 20, 5 * 1024**3


@condition(
    "mail_server",
    _("The mail server takes no mail"),
    _("Look at EMAIL_URL, at the server, and at what the workers log. No mail is lost: all go out once it takes them."),
    patience=timedelta(minutes=5),
)
def the_mail_server_takes_nothing() -> bool:
    return observations.since(observations.MAIL_SERVER_FAILS) is not None


@condition(
    "disk",
    _("The disk is nearly full"),
    _("Make room on this machine, or give it a larger disk: old logs and temporary files first."),
    where=socket.gethostname,
)
def the_disk_is_nearly_full() -> bool:
    """Of this machine: the worker's. That of the database is watched where it is."""
    return any(map(nearly_full, (str(settings.BASE_DIR), tempfile.gettempdir())))


def nearly_full(folder: str) -> bool:
    usage = shutil.disk_usage(folder)
    return usage.free < min(usage.total // SHARE, ENOUGH)
