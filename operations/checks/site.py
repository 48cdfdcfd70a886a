"""The environment as a whole, and what is public about this site."""

from __future__ import annotations

import difflib
import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core.environment import is_usable, known, problems
from core.web.origins import is_address, is_public


@register("environment")
def environment(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{problem.name} {problem.reason}.", hint=problem.fix, id=f"outcry.{problem.name}")
        for problem in problems
    ]


@register("environment")
def variables_are_spelt_right(**kwargs: Any) -> list[CheckMessage]:
    """A variable that nobody reads, where the one that was meant is not set."""
    return [
        Warning(f"{name} is not read.", hint=f"Do you mean {meant}?", id="outcry.spelling")
        for name in sorted(os.environ)
        if name not in known and (meant := _meant_by(name)) and not os.environ.get(meant)
    ]


def _meant_by(name: str) -> str | None:
    bare = name.removeprefix("OUTCRY_").removeprefix("DJANGO_")
    close = [bare] if bare in known else difflib.get_close_matches(name, known, 1, 0.85)
    return close[0] if close else None


@register("environment")
def nothing_is_debugged_in_public(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and site_is_public():
        hint = "Set DJANGO_SETTINGS_MODULE to config.settings, which never does."
        return [Error("DEBUG is on: error pages show settings and personal data.", hint=hint, id="outcry.DEBUG")]
    if os.environ.get("DEBUG") or os.environ.get("DJANGO_DEBUG"):
        hint = "Take it out: error pages never show what went wrong, the log does."
        return [Warning("DEBUG is set, and not read.", hint=hint, id="outcry.DEBUG")]
    return []


@register("environment")
def secrets_differ(**kwargs: Any) -> list[CheckMessage]:
    """Each key has one use, so that who learns one of them does not have the others."""
    if not is_usable("SECRET_KEY"):
        return []
    used = [settings.SECRET_KEY, *settings.FIELD_KEYS, *(key.decode() for key in settings.HASH_KEYS.values())]
    if len(used) == len(set(used)):
        return []
    hint = "Generate one for each: docs/settings.md says how."
    return [Error("SECRET_KEY, FIELD_KEYS and HASH_KEYS share a value.", hint=hint, id="outcry.secrets")]


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
    if problems or settings.SECURE or not site_is_public():
        return []
    reason = "SITE_URL is http: what people sign, and who, can be read on the way."
    return [Warning(reason, hint="Set it to the https address.", id="outcry.W004")]


@register("environment")
def public_sites_have_a_name(**kwargs: Any) -> list[CheckMessage]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not site_is_public() or not is_address(host):
        return []
    reason = f"SITE_URL is an address, {host}: passkeys and most mail providers want a name."
    return [Warning(reason, hint="Set it to the name of the site: https://example.org", id="outcry.SITE_URL")]


@register("environment")
def public_sites_say_who_runs_them(**kwargs: Any) -> list[CheckMessage]:
    """People consent to what ORGANISATION does with their data, and must be able to ask it."""
    if not site_is_public():
        return []
    found: list[CheckMessage] = []
    if settings.ORGANISATION == settings.ADMIN_NAME:
        reason, hint = "ORGANISATION is not set.", "Set it to the name of who runs this site: people consent to it."
        found.append(Warning(reason, hint=hint, id="outcry.ORGANISATION"))
    if not settings.CONTACT:
        reason, hint = "CONTACT is not set.", "Set it to an address where people reach you: every page shows it."
        found.append(Warning(reason, hint=hint, id="outcry.CONTACT"))
    return found


@register("environment")
def places_of_standbys_are_named(**kwargs: Any) -> list[CheckMessage]:
    """Each standby is one more place where everything can be seized: people may know of it before they sign."""
    if not settings.DATABASE_STANDBYS or settings.DATA_PLACES or not is_usable("DATA_PLACES"):
        return []
    hint = "Set it to where each data host is, with semicolons: the page about data names them."
    return [Warning("DATA_PLACES is not set, and there are standbys.", hint=hint, id="outcry.DATA_PLACES")]


def site_is_public() -> bool:
    return is_public(urlsplit(settings.SITE_URL).hostname or "")
