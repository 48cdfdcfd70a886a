"""Keyed hashes: how rows are found without keeping what they are about in clear."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from core.addresses import canonical


def current_version() -> int:
    return max(settings.HASH_KEYS)


def keyed_hash(purpose: str, text: str, version: int | None = None) -> bytes:
    """32 bytes, different for every purpose. KeyError for a version that HASH_KEYS lacks."""
    key = settings.HASH_KEYS[current_version() if version is None else version]
    return hmac.digest(key, f"{purpose}\0{text}".encode(), hashlib.sha256)


def address_hash(address: str, version: int | None = None) -> bytes:
    return keyed_hash("address", canonical(address), version)


def address_hashes(address: str) -> list[bytes]:
    """The address under every key in force, for look-ups while a key is being replaced."""
    return [address_hash(address, version) for version in settings.HASH_KEYS]
