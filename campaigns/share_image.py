"""The picture that networks show beside a link: headline, meter and milestones passed. Drawn anew when one of these changes, by a
worker; pages only show what was drawn."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from actions import length
from campaigns import rope
from campaigns.models import Campaign, ShareImage
from campaigns.progress import PublicFigures, figures_by_campaign
from core import paper, wording

WIDTH, HEIGHT = 1200, 630
TEMPLATE = "campaigns/share_image.html"


def draw_all() -> int:
    """Every public campaign in every language, where what was drawn is no longer so; how many were drawn."""
    campaigns = list(Campaign.objects.public().whole().prefetch_related("wordings"))
    figures = figures_by_campaign(campaigns)
    return sum(
        draw(campaign, figures[campaign.pk], language) for campaign in campaigns for language, _ in settings.LANGUAGES
    )


def draw(campaign: Campaign, figures: PublicFigures, language: str) -> bool:
    """Whether it had to be drawn."""
    with translation.override(language):
        html = render_to_string(TEMPLATE, _context(campaign, figures, language))
    version = hashlib.sha256(html.encode()).hexdigest()[:16]
    if ShareImage.objects.filter(campaign=campaign, language=language, version=version).exists():
        return False
    try:
        content = paper.png(html)
    except paper.Unprintable:
        return False
    ShareImage.objects.update_or_create(
        campaign=campaign, language=language, defaults={"version": version, "content": content}
    )
    return True


def version(campaign: Campaign, language: str) -> str:
    """ "" where nothing was drawn yet, as on a system without Pango."""
    drawn = ShareImage.objects.filter(campaign=campaign, language=language)
    return drawn.values_list("version", flat=True).first() or ""


def _size(headline: str) -> str:
    """How large the headline can be set, by its weight (letters of some scripts are twice as wide)."""
    weight = length.weighted_length(headline)
    return "huge" if weight <= 60 else "large" if weight <= 120 else "middle" if weight <= 190 else "small"


def _context(campaign: Campaign, figures: PublicFigures, language: str) -> dict[str, object]:
    at = figures.at_milestones()
    return {
        "campaign": campaign, "figures": at, "rope": rope.draw(campaign, at), "language": language,
        "text_direction": wording.direction(language), "organisation": settings.ORGANISATION,
        "size": _size(campaign.said.headline),
        "address": settings.SITE_URL.split("://")[1] + campaign.get_absolute_url(),
    }  # fmt: skip
