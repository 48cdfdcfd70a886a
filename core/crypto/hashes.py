"""Keyed hashes: how rows are found without keeping what they are about in clear."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from core.privacy.addresses import RULE, RULES, canonical, spellings


def current_version() -> int:
    return max(settings.HASH_KEYS)


def keyed_hash(purpose: str, text: str, version: int | None = None) -> bytes:
    """32 bytes, different for every purpose. KeyError for a version that HASH_KEYS lacks."""
    key = settings.HASH_KEYS[current_version() if version is None else version]
    return hmac.digest(key, f"{purpose}\0{text}".encode(), hashlib.sha256)


def address_hash(address: str, version: int | None = None, rule: int = RULE) -> bytes:
    return keyed_hash("address", canonical(address, rule), version)


def address_hashes(address: str, rules: tuple[int, ...] = RULES) -> list[bytes]:
    """The address under every key in force and every rule, for look-ups while one of them is being replaced.

    Under an older rule it may share a hash with another mailbox: core/privacy/mailboxes.py tells them apart.
    """
    ways = dict.fromkeys(way for rule in rules for way in spellings(address, rule))
    return [keyed_hash("address", way, version) for version in settings.HASH_KEYS for way in ways]
