"""Between a restore and the moment somebody opens it the site is closed: pages answer 503, /readyz too, and workers do nothing."""

from __future__ import annotations

from core.models import Closed


def is_closed() -> bool:
    return Closed.objects.exists()


def close() -> None:
    Closed.objects.create()


def open_again() -> bool:
    """Whether it was closed."""
    return bool(Closed.objects.all().delete()[0])
