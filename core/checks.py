"""System checks: a wrong environment is named together with its fix, before the first request."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, OperationalError, connection

from core.crypto import keys
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
    return [Warning("SNAPSHOT_KEYS is not set.", hint=hint, id="outcry.W005")]


@register("environment")
def proxy_is_named(**kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy that ends TLS every request looks like http, unless the proxy is believed: it would be redirected for ever."""
    if problems or not settings.SECURE or settings.TRUSTED_PROXIES:
        return []
    hint = (
        "Set TRUSTED_PROXIES to the addresses of the proxy that ends TLS: 127.0.0.1/32,::1/128. "
        "Without a proxy, where the web server itself ends TLS, this may stay as it is."
    )
    reason = (
        "TRUSTED_PROXIES is not set, and SITE_URL is https: behind a proxy every page redirects to itself for ever."
    )
    return [Warning(reason, hint=hint, id="outcry.W003")]


@register("environment")
def public_sites_use_tls(**kwargs: Any) -> list[CheckMessage]:
    if problems or settings.SECURE or not _is_public(urlsplit(settings.SITE_URL).hostname or ""):
        return []
    reason = "SITE_URL is http: what people sign, and who, can be read on the way."
    return [Warning(reason, hint="Set it to the https address.", id="outcry.W004")]


def _is_public(host: str) -> bool:
    """Whether others reach it over the open internet; an onion service brings its own encryption."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".test", ".onion"))
