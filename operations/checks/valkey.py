"""What the broker is: Valkey or Redis, which must refuse what is new when it is full, never drop what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core.environment import is_usable
from core.web.origins import is_public

OLDEST = (6, 2)


@register("environment")
def broker_keeps_its_tasks(**kwargs: Any) -> list[CheckMessage]:
    if not is_usable("REDIS_URL"):
        return []
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return list(wrong_with(client.info()))
    except redis.AuthenticationError as error:
        hint = "Set it to redis://:password@host:6379/0, or redis://user:password@…"
        return [Error(f"REDIS_URL: {error}", hint=hint, id="outcry.REDIS_URL")]
    except (redis.RedisError, ValueError) as error:
        hint = "Signing goes on without it; mails, counts and tracking wait for it."
        return [Warning(f"REDIS_URL: {error}", hint=hint, id="outcry.W001")]


def wrong_with(info: Mapping[str, Any]) -> Iterator[CheckMessage]:
    """`info`: its own answer to INFO."""
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield Error(f"REDIS_URL: maxmemory-policy is {policy}.", hint="Set it to noeviction.", id="outcry.E002")
    if info.get("role", "master") != "master":
        yield Error(
            "REDIS_URL: it is a replica, and takes no tasks.", hint="Set it to the primary.", id="outcry.REDIS_URL"
        )
    version = str(info.get("redis_version", ""))
    if _numbers(version) < OLDEST:
        hint = "Upgrade it to Valkey, or to Redis 6.2 or newer."
        yield Warning(f"REDIS_URL: version {version} is not tested with.", hint=hint, id="outcry.broker_version")
    if info.get("rdb_last_bgsave_status", "ok") != "ok":
        hint = 'Make room on its disk, or turn snapshots off (`save ""`): nothing is lost without them.'
        yield Warning(
            "REDIS_URL: its last snapshot failed, so it may refuse tasks.", hint=hint, id="outcry.broker_disk"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


@register("environment")
def broker_is_asked_in_private(**kwargs: Any) -> list[CheckMessage]:
    address = urlsplit(settings.REDIS_URL)
    if address.scheme != "redis" or not is_public(address.hostname or ""):
        return []
    reason = "REDIS_URL: tasks and the password cross the internet in clear."
    return [Warning(reason, hint="Use rediss://, or a private network.", id="outcry.broker_tls")]
