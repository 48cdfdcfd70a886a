"""What the public can check of a delivery: whether a file is one of those that were handed over, and whether we said so."""

from __future__ import annotations

import json
import logging

from django.conf import settings

from campaigns.models import Delivery
from core.crypto import ed25519, timestamps
from core.crypto.timestamps import Stamp

log = logging.getLogger(__name__)


def hashes(delivery: Delivery) -> dict[str, str]:
    """{name of a file: its SHA-256}, as the signed statement has them."""
    told: dict[str, str] = json.loads(delivery.statement)["sha256"]
    return told


def file_with(delivery: Delivery, sha256: str) -> str:
    """The name of the file that has this hash, "" for none of them."""
    return next((name for name, known in hashes(delivery).items() if known == sha256.lower()), "")


def is_genuine(delivery: Delivery) -> bool:
    """Whether the statement is, letter by letter, what was signed, with a key that counts as ours."""
    assert delivery.key is not None and delivery.signed is not None
    public = bytes(delivery.key.public)
    fits = ed25519.verifies(public, delivery.statement.encode(), bytes(delivery.signed))
    return fits and ed25519.is_pinned(public)


def stamp(delivery: Delivery) -> Stamp | None:
    """When an authority stamped the statement, and who; None without one, and for one that is no stamp of these bytes by whoever
    is configured now."""
    file = settings.TIMESTAMP_AUTHORITY_CERTIFICATES
    if delivery.stamp is None or not file:
        return None
    try:
        return timestamps.verified(bytes(delivery.stamp), delivery.statement.encode(), timestamps.certificates(file))
    except (timestamps.Unverified, OSError, ValueError) as error:
        log.info("the time stamp of %s: %s", delivery, error)
        return None
