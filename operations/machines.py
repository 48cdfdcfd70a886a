"""Which machines run the site, and whether all of them were given the same keys: with others a link that one has made is unknown to
the next, and what one has encrypted nobody else reads."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from socket import gethostname
from threading import Thread

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from operations.models import Machine

log = logging.getLogger(__name__)
# Seconds between two notes of a machine that it is there; which of the others are believed to be.
EVERY, BELIEVED = 3600.0, timedelta(hours=3)


def begin(after: float = 0) -> None:
    """From so many seconds on this machine is known to run the site, for as long as this process lives."""
    Thread(target=_watch, args=[after], name="machine", daemon=True).start()


def note() -> None:
    """Raises nothing: whoever can't write it now will within the hour."""
    try:
        now = timezone.now()
        Machine.objects.update_or_create(name=gethostname(), defaults={"keys": fingerprints(), "seen_at": now})
        # Each container has a name of its own, and comes once.
        Machine.objects.filter(seen_at__lt=now - BELIEVED).delete()
        for machine, names in differing():
            log.error("%s of this machine differ from those of %s", " and ".join(names), machine)
    except Error as error:
        log.warning("this machine can't be noted: %s", type(error).__name__)


def differing() -> Iterator[tuple[str, list[str]]]:
    """Each other machine that has been seen of late and has other keys, and the names of these."""
    ours = fingerprints()
    for machine in Machine.objects.exclude(name=gethostname()).filter(seen_at__gt=timezone.now() - BELIEVED):
        names = [name for name, digest in ours.items() if machine.keys.get(name) != digest]
        if names:
            yield machine.name, names


def fingerprints() -> dict[str, str]:
    """By the name of its variable: 16 digits that say whether two values are the same, and nothing else about them."""
    values = {
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "HASH_KEYS": ",".join(f"{version}:{key.hex()}" for version, key in sorted(settings.HASH_KEYS.items())),
        "SNAPSHOT_KEYS": ",".join(sorted(f"{day}:{key.hex()}" for key, day in settings.SNAPSHOT_KEYS.items())),
    }
    return {
        name: hmac.digest(value.encode(), name.encode(), hashlib.sha256).hex()[:16] for name, value in values.items()
    }


def _watch(after: float) -> None:
    time.sleep(after)
    while True:
        note()
        connection.close()
        time.sleep(EVERY)
