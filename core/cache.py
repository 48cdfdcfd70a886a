"""The cache may be lost at any moment: a failure is a miss."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


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
