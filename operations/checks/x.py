"""What X needs; without any of it every page works."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from core.web.origins import is_public


@register("environment")
def x_login_is_whole(**kwargs: Any) -> list[CheckMessage]:
    if bool(settings.X_CLIENT_ID) == bool(settings.X_CLIENT_SECRET):
        return []
    missing = "X_CLIENT_SECRET" if settings.X_CLIENT_ID else "X_CLIENT_ID"
    reason = f"{missing} is not set: X refuses every login."
    return [Warning(reason, hint="Set both, or neither.", id=f"outcry.{missing}")]


@register("environment")
def x_is_asked_in_private(**kwargs: Any) -> list[CheckMessage]:
    address = urlsplit(settings.X_API_BASE)
    if address.scheme == "https" or not is_public(address.hostname or ""):
        return []
    reason = "X_API_BASE is http: the token crosses the internet in clear."
    return [Warning(reason, hint="Set it to https://api.x.com.", id="outcry.X_API_BASE")]
