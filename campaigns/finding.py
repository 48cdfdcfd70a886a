"""Campaigns that the public may see."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from campaigns.models import Campaign
from core.kept import kept


def find(slug: str) -> Campaign:
    """Returns a campaign that the public may see. Raises Http404."""
    return get_object_or_404(Campaign.objects.public().whole(), slug=slug)


@kept
def find_kept(slug: str) -> Campaign:
    """As `find`, and a second old at most: for what thousands do at once. Nobody changes what it returns: others have it too."""
    return find(slug)
