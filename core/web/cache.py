"""The cache may be lost at any moment: a failure is a miss, and for some seconds nobody waits for it again. What we did not
write is a miss too: nothing in Valkey is ever run."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis import exceptions
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
# A Valkey that hangs costs its time limit once in so many seconds and process, and not with every look-up of every visitor.
REST = 2
_resting: dict[str, float] = {}


# In front of bytes, which JSON does not have; no JSON begins so.
BYTES = b"\0"
# How the keys of its limits begin.
ALLAUTH = "allauth:rl:"


class Foreign(RedisError):
    """Something in the cache that is none of ours."""


class Unkept(RedisError):
    """A value that JSON does not have: it is not kept, and whoever asks for it next works it out again."""


class Json:
    """How values stand in Valkey: JSON, and bytes as they are. Django's own way is pickle, which runs what it reads."""

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:
            return value  # as Valkey counts
        try:
            return BYTES + value if isinstance(value, bytes) else json.dumps(value).encode()
        except TypeError as error:
            raise Unkept from error

    def loads(self, data: bytes) -> Any:
        if data.startswith(BYTES):
            return data[1:]
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Foreign from error


def _forgiving(method: Callable[..., Any], failed: Any) -> Callable[..., Any]:
    @wraps(method)
    def call(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        where = str(self._servers)
        if time.monotonic() >= _resting.get(where, 0):
            try:
                return method(self, *args, **kwargs)
            except RedisError as error:
                if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError):
                    _resting[where] = time.monotonic() + REST
                log.warning("cache: %s", type(error).__name__)
        return failed(self, *args, **kwargs) if callable(failed) else failed

    return call


def wake() -> None:
    """Try every Valkey again at once."""
    _resting.clear()


def _count(self: RedisCache, key: str, timeout: int, times: int = 1) -> int:
    """How often this key was counted, these times included; forgotten `timeout` seconds after the first. None without Valkey."""
    key = self.make_and_validate_key(key)
    # Both in one question, and first until when: a count that nobody forgets is never left behind.
    asked = self._cache.get_client(key, write=True).pipeline(transaction=False)
    asked.set(key, 0, ex=timeout, nx=True)
    asked.incrby(key, times)
    return int(asked.execute()[1])


def _advance(self: RedisCache, key: str, least: int, timeout: int) -> int:
    """The next number of this key, `least` or more. None while Valkey is away."""
    try:
        number = int(RedisCache.incr(self, key))
    except ValueError:
        number = 0
    if number >= least:
        RedisCache.touch(self, key, timeout)
        return number
    RedisCache.set(self, key, least, timeout=timeout)
    return least


def _get(self: RedisCache, key: str, default: Any = None, version: int | None = None) -> Any:
    value = RedisCache.get(self, key, default, version)
    # allauth computes with the moments that it finds under its own keys, whatever stands there.
    if str(key).startswith(ALLAUTH) and not (
        isinstance(value, list) and all(type(row) in (int, float) for row in value)
    ):
        return default
    return value


class Client(RedisCacheClient):
    """Of the one server that there is. Django makes a new client for each question, which takes half of its time."""

    @cached_property
    def _only_one(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._only_one


class ForgivingRedisCache(RedisCache):
    _servers: list[str]

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
        self._options = {**params.get("OPTIONS", {}), "serializer": Json}

    add = _forgiving(RedisCache.add, True)
    get = _forgiving(_get, lambda self, key, default=None, version=None: default)
    set = _forgiving(RedisCache.set, None)
    touch = _forgiving(RedisCache.touch, False)
    delete = _forgiving(RedisCache.delete, False)
    get_many = _forgiving(RedisCache.get_many, lambda *args, **kwargs: {})
    has_key = _forgiving(RedisCache.has_key, False)
    incr = _forgiving(RedisCache.incr, lambda self, key, delta=1, version=None: delta)
    set_many = _forgiving(RedisCache.set_many, lambda *args, **kwargs: [])
    delete_many = _forgiving(RedisCache.delete_many, None)
    count = _forgiving(_count, None)
    advance = _forgiving(_advance, None)
