"""Hashes of mail addresses: rows are found by them, under every key and every rule for what is one mailbox."""

from __future__ import annotations

from django.conf import settings

from core.crypto.hashes import keyed_hash
from core.privacy.addresses import RULE, RULES, canonical, spellings


def address_hash(address: str, version: int | None = None, rule: int = RULE) -> bytes:
    """32 bytes that every spelling of one mailbox shares. KeyError for a version that HASH_KEYS lacks."""
    return keyed_hash("address", canonical(address, rule), version)


def address_hashes(address: str, rules: tuple[int, ...] = RULES) -> list[bytes]:
    """The address under every key in force and every rule, for look-ups while one of them is being replaced.

    Under an older rule it may share a hash with another mailbox: core/privacy/mailboxes.py tells them apart.
    """
    ways = dict.fromkeys(way for rule in rules for way in spellings(address, rule))
    return [keyed_hash("address", way, version) for version in settings.HASH_KEYS for way in ways]
