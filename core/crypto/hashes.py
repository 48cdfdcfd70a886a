"""Keyed hashes: how rows are found without keeping what they are about in clear."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def current_version() -> int:
    return max(settings.HASH_KEYS)


def keyed_hash(purpose: str, text: str, version: int | None = None) -> bytes:
    """32 bytes, different for every purpose. KeyError for a version that HASH_KEYS lacks."""
    key = settings.HASH_KEYS[current_version() if version is None else version]
    return hmac.digest(key, f"{purpose}\0{text}".encode(), hashlib.sha256)
