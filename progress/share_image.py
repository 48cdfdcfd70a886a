"""The picture that networks show beside a link: headline, meter and milestones passed. Drawn anew when one of these changes, by a
worker; pages only show what was drawn."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from itertools import chain, product

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from actions import length
from campaigns.models import Campaign
from core.drawing import pdf
from core.text import translations
from progress import meter
from progress.figures import PublicFigures, figures_by_campaign
from progress.models import ShareImage

WIDTH, HEIGHT = 1200, 630
# Seconds of one turn of drawing.
TURN = 10.0
# How many seconds a picture waits that took too long, and until when which one does: (campaign, language).
WAITS = 300.0
_too_slow: dict[tuple[int, str], float] = {}
TEMPLATE = "progress/share_image.html"
# How large a headline is set, and up to which weight.
SIZES, WEIGHTS = ["huge", "large", "middle", "small", "tiny"], [60, 120, 190]

log = logging.getLogger(__name__)


def draw_all(within: float = TURN) -> int:
    """Draws the images of all public campaigns and languages that are out of date, open ones first; returns how many were drawn.

    `within`: seconds of drawing after which none is begun, so that reminders in the same queue do not wait behind all of them. What
    took too long waits for some minutes, and holds up none of the others.
    """
    spent, drawn = 0.0, 0
    campaigns = list(Campaign.objects.public().open_first().whole().prefetch_related("translations"))
    figures = figures_by_campaign(campaigns)
    with pdf.Press(pdf.UNHURRIED) as press:
        for campaign, (language, _) in product(campaigns, settings.LANGUAGES):
            began = time.monotonic()
            if spent >= within:
                break
            if _too_slow.get((campaign.pk, language), 0) > began:
                continue
            try:
                is_new = took = draw(press, campaign, figures[campaign.pk], language)
            except pdf.Busy:
                _too_slow[campaign.pk, language] = began + WAITS
                is_new, took = False, True
            drawn += is_new
            spent += time.monotonic() - began if took else 0
    return drawn


def draw(press: pdf.Press, campaign: Campaign, figures: PublicFigures, language: str) -> bool:
    """Draws the image if it is out of date; returns whether there is a new one. Raises pdf.Busy when that took too long."""
    with translation.override(language):
        pages = _pages(campaign, _context(campaign, figures, language))
        first = next(pages)
        version = hashlib.sha256(first.encode()).hexdigest()[:16]
        if ShareImage.objects.filter(campaign=campaign, language=language, version=version).exists():
            return False
        content = _largest_that_fits(press, chain([first], pages))
    # What can't be set at all is noted, and waits for another text.
    if content is None:
        log.warning("no share image of %s in %s: its headline does not fit", campaign.slug, language)
        content = b""
    ShareImage.objects.update_or_create(
        campaign=campaign, language=language, defaults={"version": version, "content": content}
    )
    return bool(content)


def specimen(campaign: Campaign, language: str) -> bytes | None:
    """Returns the image of a draft, marked as one and not stored; None where its headline does not fit. Raises pdf.Busy."""
    figures = figures_by_campaign([campaign])[campaign.pk]
    with translation.override(language), pdf.Press() as press:
        return _largest_that_fits(press, _pages(campaign, _context(campaign, figures, language) | {"is_draft": True}))


def _pages(campaign: Campaign, context: dict[str, object]) -> Iterator[str]:
    """The page with its headline as large as its length lets one hope for, then ever smaller."""
    for size in SIZES[_first_size(campaign) :]:
        yield render_to_string(TEMPLATE, context | {"size": size})


def _largest_that_fits(press: pdf.Press, pages: Iterable[str]) -> bytes | None:
    for page in pages:
        try:
            return press.png(page)
        except pdf.Busy:
            raise
        except pdf.Unprintable:
            continue
    return None


def version(campaign: Campaign, language: str) -> str:
    """Returns the version of the image; "" where there is none: not drawn yet, no Pango, or too long a headline."""
    drawn = ShareImage.objects.filter(campaign=campaign, language=language).exclude(content=b"")
    return drawn.values_list("version", flat=True).first() or ""


def _first_size(campaign: Campaign) -> int:
    """Which size to try first, by the headline's weight (letters of some scripts are twice as wide)."""
    weight = length.weighted_length(campaign.translated.headline)
    return next((place for place, most in enumerate(WEIGHTS) if weight <= most), len(WEIGHTS))


def _context(campaign: Campaign, figures: PublicFigures, language: str) -> dict[str, object]:
    at = figures.at_milestones(campaign.policy.rounding)
    return {
        "campaign": campaign,
        "figures": at,
        "meter": meter.draw(campaign, at, alone=True),
        "language": language,
        "text_direction": translations.direction(language),
        "organisation": settings.ORGANISATION,
        "result": at.result if campaign.is_over else None,
        "address": settings.SITE_URL.split("://")[1] + campaign.get_absolute_url(),
    }
