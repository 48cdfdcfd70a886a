"""Campaigns that the public may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.shortcuts import get_object_or_404
from django.utils import timezone

from campaigns.models import Campaign, Status
from core.kept import kept
from core.switches import Switch, UnderMaintenance

_previewing = ContextVar("previewing", default=False)


@contextmanager
def previewing() -> Iterator[None]:
    """Inside, `find` returns a draft as it would be on its first day: config/previews.py shows it to staff."""
    token = _previewing.set(True)
    try:
        yield
    finally:
        _previewing.reset(token)


def find(slug: str) -> Campaign:
    """Returns a campaign that the public may see. Raises Http404, UnderMaintenance."""
    if not _previewing.get():
        return unless_off(get_object_or_404(Campaign.objects.public().whole(), slug=slug))
    found = get_object_or_404(Campaign.objects.whole(), slug=slug, status=Status.DRAFT)
    found.status, found.launched_at = Status.LIVE, timezone.now()
    return found


def unless_off(campaign: Campaign) -> Campaign:
    """Returns it. Raises UnderMaintenance."""
    if Switch.MAINTENANCE in campaign.paused:
        raise UnderMaintenance
    return campaign


@kept
def find_kept(slug: str) -> Campaign:
    """As `find`, and a second old at most: for what thousands do at once. Nobody changes what it returns: others have it too."""
    return find(slug)
