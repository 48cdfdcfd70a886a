"""Who else gets data of people, as this site is set up: the page about data names them. Whoever adds a service that learns of
anything registers it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Receiver:
    """`name`: a host or a service; `what` it learns, in words."""

    name: str
    what: Promise | str


_known: list[Callable[[], Receiver | None]] = []


def receives_data(function: Callable[[], Receiver | None]) -> Callable[[], Receiver | None]:
    """Register `function`, which answers None while its receiver is not connected."""
    _known.append(function)
    return function


def receivers() -> Iterator[Receiver]:
    """Those that are connected now."""
    for find in _known:
        if found := find():
            yield found


@receives_data
def mail_server() -> Receiver | None:
    """It sends what we write: nobody is asked for an address otherwise."""
    host = str(getattr(settings, "EMAIL_HOST", ""))
    if not settings.EMAIL_URL.startswith("smtp") or not host:
        return None
    return Receiver(host, _("sends our mails: it learns your address and what we write to you."))


@receives_data
def error_reports() -> Receiver | None:
    host = urlsplit(getattr(settings, "SENTRY_DSN", "")).hostname
    return (
        Receiver(host, _("gets reports of faults in this software, without names, addresses or comments."))
        if host
        else None
    )


@receives_data
def time_stamp_authority() -> Receiver | None:
    host = urlsplit(settings.TIMESTAMP_AUTHORITY).hostname
    return (
        Receiver(
            host,
            _(
                "stamps what we hand to the target of a petition. It learns a fingerprint of that, and nothing about you."
            ),
        )
        if host
        else None
    )


@receives_data
def x() -> Receiver | None:
    if not settings.X_BEARER_TOKEN:
        return None
    return Receiver(
        "X", _("is asked for public posts. It learns which hashtags we look for, and nothing about who signed.")
    )
