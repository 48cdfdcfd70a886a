"""System checks: a wrong environment is named together with its fix, before the first request."""

from __future__ import annotations

from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, OperationalError, connection

from core import keys
from core.environment import problems


@register("environment")
def environment(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{problem.name} {problem.reason}.", hint=problem.fix, id=f"outcry.{problem.name}")
        for problem in problems
    ]


@register(Tags.database)
def keys_fit_the_data(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if not databases or problems:
        return []
    try:
        if "core_keyproof" not in connection.introspection.table_names():
            return []
        wrong = keys.wrong_keys()
    except OperationalError as error:
        return [
            Error(f"DATABASE_URL: {error}".strip(), hint="Start PostgreSQL, or set it right.", id="outcry.DATABASE_URL")
        ]
    except DatabaseError:
        return []
    return [
        Error(
            f"{name} does not fit the data in this database.",
            hint="Restore the keys from their backup.",
            id=f"outcry.{name}",
        )
        for name in wrong
    ]


@register("environment")
def broker_keeps_its_tasks(**kwargs: Any) -> list[CheckMessage]:
    """The broker must refuse new keys when it is full, never drop old ones."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except (redis.RedisError, ValueError) as error:
        hint = "Signing goes on without it; mails, counts and tracking wait for it."
        return [Warning(f"REDIS_URL: {error}", hint=hint, id="outcry.W001")]
    if policy == "noeviction":
        return []
    return [Error(f"REDIS_URL: maxmemory-policy is {policy}.", hint="Set it to noeviction.", id="outcry.E002")]


@register("environment")
def snapshots_can_be_confirmed(**kwargs: Any) -> list[CheckMessage]:
    if settings.SNAPSHOT_KEYS:
        return []
    hint = "Set it to what `python manage.py snapshot_keys` prints: until then pages can't say whose signature a snapshot bears."
    return [Warning("SNAPSHOT_KEYS is not set.", hint=hint, id="outcry.W003")]
