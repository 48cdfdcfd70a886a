"""The figures as they were last known, kept beside the database: what a page can still say when everything else fails."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.core.cache import cache

from campaigns.models import Campaign
from campaigns.progress import figures_by_campaign

KEY, KEPT = "last-known:{}", 7 * 24 * 3600


class LastKnown(TypedDict):
    headline: str
    signatures: int | None
    tweets: int | None
    as_of: datetime


def remember() -> None:
    """Of every public campaign."""
    campaigns = list(Campaign.objects.public().whole())
    by_campaign = figures_by_campaign(campaigns)
    for campaign in campaigns:
        figures = by_campaign[campaign.pk]
        known: LastKnown = {
            "headline": campaign.headline,
            "signatures": figures.signatures.count if figures.signatures else None,
            "tweets": figures.tweets.count if figures.tweets else None,
            "as_of": figures.as_of,
        }
        cache.set(KEY.format(campaign.slug), known, KEPT)


def recall(slug: str) -> LastKnown | None:
    """None for a campaign that nobody remembers. Asks no database."""
    known: LastKnown | None = cache.get(KEY.format(slug))
    return known
