"""The figures as they were last known, kept beside the database: what a page can still say when everything else fails."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.core.cache import cache

from campaigns.models import Campaign
from progress.figures import PublicFigures, figures_by_campaign

KEY, KEPT = "last-known", 6 * 3600


class LastKnown(TypedDict):
    headline: str
    language: str
    signatures: int | None
    tweets: int | None
    as_of: datetime


def remember() -> None:
    """Stores the figures of every campaign that is public now, and forgets all others."""
    campaigns = list(Campaign.objects.public().whole())
    by_campaign = figures_by_campaign(campaigns)
    known = {campaign.slug: _known(campaign, by_campaign[campaign.pk]) for campaign in campaigns}
    cache.set(KEY, {slug: {**row, "as_of": row["as_of"].isoformat()} for slug, row in known.items()}, KEPT)


def _known(campaign: Campaign, figures: PublicFigures) -> LastKnown:
    return {
        "headline": campaign.headline,
        "language": campaign.language,
        "signatures": figures.signatures.count if figures.signatures else None,
        "tweets": figures.tweets.count if figures.tweets else None,
        "as_of": figures.as_of,
    }


def recall(slug: str) -> LastKnown | None:
    """Returns what was stored last, without asking the database; None for an unknown campaign, or for an entry that is not ours."""
    try:
        row = cache.get(KEY)[slug]
        return {
            "headline": str(row["headline"]),
            "language": str(row["language"]),
            "signatures": _number(row["signatures"]),
            "tweets": _number(row["tweets"]),
            "as_of": datetime.fromisoformat(row["as_of"]),
        }
    except (KeyError, TypeError, ValueError, IndexError):
        return None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
