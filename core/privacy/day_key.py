"""The key of a UTC day, which client addresses are hashed with: kept in Valkey, sealed with FIELD_KEYS, until its day ends.

It is in no database and so in no dump: once the day is over nobody can make its hashes again. While Valkey is away each process
goes on with the key that it has, or makes one of its own, so that limits are then counted per process. A Valkey that is back, or
was wiped, gets the key of the first process that looks, and the others take that one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import redis
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils import timezone

from core.crypto.fields import fernet

log = logging.getLogger(__name__)
# Seconds between two looks: while Valkey answers, so that processes agree again after it was wiped; and while it is away, so that
# nobody who signs waits for it each time.
LOOK, RETRY = 10, 5


@dataclass(frozen=True)
class DayKey:
    """`look_again`: when to ask Valkey the next time, in monotonic seconds."""

    day: date
    key: bytes
    look_again: float


_lock = threading.Lock()
_remembered: DayKey | None = None


def day_key(day: date) -> bytes:
    """32 bytes for this UTC day, the same in every process as long as Valkey answers."""
    global _remembered
    known = _remembered if _remembered and _remembered.day == day else None
    if known and time.monotonic() < known.look_again:
        return known.key
    # One thread asks; those that know a key go on with it meanwhile.
    if not _lock.acquire(blocking=known is None):
        assert known is not None
        return known.key
    try:
        # Another thread may have asked while this one waited.
        if _remembered is None or _remembered.day != day or _remembered is known:
            _remembered = _shared(day, known.key if known else os.urandom(32))
        return _remembered.key
    finally:
        _lock.release()


def forget() -> None:
    """Let this process ask anew, as one that has just started does."""
    global _remembered
    _remembered = None


def seal_anew(day: date) -> int:
    """Put the day's key in Valkey under the newest of FIELD_KEYS: 1 if an older one sealed it. What none of them opens goes, so that
    processes agree on another key instead of each having its own. Raises RedisError while Valkey is away."""
    client, name = _client(settings.REDIS_URL), f"outcry:day-key:{day}"
    sealed = client.get(name)
    if not isinstance(sealed, bytes):
        return 0
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(sealed)
        return 0
    except InvalidToken:
        pass
    try:
        client.set(name, fernet().rotate(sealed), xx=True, keepttl=True)
    except InvalidToken:
        client.delete(name)
    return 1


def _shared(day: date, offered: bytes) -> DayKey:
    """The day's key in Valkey: `offered`, unless another process was first."""
    name, sealed = f"outcry:day-key:{day}", fernet().encrypt(f"{day} {offered.hex()}".encode())
    try:
        client = _client(settings.REDIS_URL)
        client.set(name, sealed, nx=True, ex=_until_its_end(day))
        return DayKey(day, _opened(day, client.get(name)), time.monotonic() + LOOK)
    except (redis.RedisError, InvalidToken, ValueError) as error:
        log.warning("day key: %s, so this process uses its own", type(error).__name__)
        return DayKey(day, offered, time.monotonic() + RETRY)


def _opened(day: date, sealed: object) -> bytes:
    """Raises InvalidToken or ValueError for what we did not seal for this day."""
    if not isinstance(sealed, bytes):
        raise ValueError("no key")
    sealed_for, key = fernet().decrypt(sealed).decode().split()
    if sealed_for != str(day):
        raise ValueError("the key of another day")
    return bytes.fromhex(key)


def _until_its_end(day: date) -> int:
    """Seconds, at least one."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return max(int((end - timezone.now()).total_seconds()), 1)


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.2)
