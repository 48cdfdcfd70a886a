"""What time stamps need. Warnings: without one a pack goes with our signature alone, and signing never waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from core.crypto import timestamps
from core.environment import is_usable

NAME = "TIMESTAMP_AUTHORITY_CERTIFICATES"


@register("environment")
def time_stamps_can_be_verified(**kwargs: Any) -> list[CheckMessage]:
    if not is_usable("TIMESTAMP_AUTHORITY") or not is_usable(NAME):
        return []
    return list(_wrong_with(settings.TIMESTAMP_AUTHORITY, settings.TIMESTAMP_AUTHORITY_CERTIFICATES))


def _wrong_with(authority: str, file: Any) -> Iterator[CheckMessage]:
    if bool(authority) != bool(file):
        missing = NAME if authority else "TIMESTAMP_AUTHORITY"
        reason = f"{missing} is not set: nothing is stamped."
        yield Warning(reason, hint="Set both, or neither: docs/operations.md.", id=f"outcry.{missing}")
        return
    if not file:
        return
    hint = "Set it to a file that Outcry may read, with the certificates of the authority's CA as PEM."
    try:
        timestamps.certificates(file)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no certificates in it"
        yield Warning(f"{NAME}: {file} can't be used ({why}).", hint=hint, id=f"outcry.{NAME}")
