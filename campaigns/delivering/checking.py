"""What the public can check of a delivery: whether a file is one of those that were handed over, and whether we said so."""

from __future__ import annotations

import json

from campaigns.models import Delivery
from core.crypto import ed25519


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
