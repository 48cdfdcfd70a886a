"""The cache may be lost at any moment: a failure is a miss. So is what we did not write: nothing in Valkey is ever run."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


# In front of bytes, which JSON does not have; no JSON begins so.
BYTES = b"\0"


class Foreign(RedisError):
    """Something in the cache that is none of ours."""


class Json:
    """How values stand in Valkey: JSON, and bytes as they are. Django's own way is pickle, which runs what it reads."""

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:
            return value  # as Valkey counts
        return BYTES + value if isinstance(value, bytes) else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        if data.startswith(BYTES):
            return data[1:]
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Foreign from error


def _forgiving(method: Callable[..., Any], failed: Any) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            log.warning("cache: %s", type(error).__name__)
            return failed(*args, **kwargs) if callable(failed) else failed

    return call


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._options = {**params.get("OPTIONS", {}), "serializer": Json}

    add = _forgiving(RedisCache.add, True)
    get = _forgiving(RedisCache.get, lambda self, key, default=None, version=None: default)
    set = _forgiving(RedisCache.set, None)
    touch = _forgiving(RedisCache.touch, False)
    delete = _forgiving(RedisCache.delete, False)
    get_many = _forgiving(RedisCache.get_many, lambda *args, **kwargs: {})
    has_key = _forgiving(RedisCache.has_key, False)
    incr = _forgiving(RedisCache.incr, lambda self, key, delta=1, version=None: delta)
    set_many = _forgiving(RedisCache.set_many, lambda *args, **kwargs: [])
    delete_many = _forgiving(RedisCache.delete_many, None)
