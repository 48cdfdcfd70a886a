"""Through which link somebody came: a word in the path that staff chose, or one of our own links'. It says nothing of who passed
the link on, and stands in no parameter."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from campaigns.models import Campaign, Source
from campaigns.models.sources import BUILT_IN
from core.kept import kept
from petitions.disclosure import DIRECT


@kept
def _chosen(campaign: int) -> frozenset[str]:
    """The words of staff. A second old at most."""
    return frozenset(Source.objects.filter(campaign=campaign).values_list("word", flat=True))


def is_known(campaign: Campaign, word: str) -> bool:
    """Never where the safety level keeps no sources: links lead to the bare page there. DIRECT names those without a source."""
    if word == DIRECT or not word or not campaign.policy.sources:
        return False
    return word in BUILT_IN or word in _chosen(campaign.pk)


def path(campaign: Campaign, word: str) -> str:
    """The path of the campaign's page, in the active language, for links that stand in this place."""
    return (
        reverse("campaign_from", args=[campaign.slug, word]) if campaign.policy.sources else campaign.get_absolute_url()
    )


def url(campaign: Campaign, word: str) -> str:
    return settings.SITE_URL + path(campaign, word)
