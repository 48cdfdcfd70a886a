"""The meter for mails: the rope as a picture that travels with the mail, and the figures in words, which need no picture."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html

from campaigns import rope
from campaigns.models import Campaign
from campaigns.progress import PublicFigures, public_figures
from core import paper
from core.wording import direction

# Mails of one turn show the same figures and the same picture.
FIGURES_KEPT, PICTURE_KEPT = 60, 24 * 3600
PICTURE = '<img src="cid:meter" width="526" height="48" alt="{}">'


def for_mail(campaign: Campaign, context: dict[str, object]) -> dict[str, bytes]:
    """Puts what components/meter.html shows into `context`; the pictures that go with it, none where they can't be drawn."""
    figures = _figures(campaign.pk, campaign.safety, int(timezone.now().timestamp()) // FIGURES_KEPT)
    picture = _picture(campaign, figures)
    context["figures"] = figures
    context["rope"] = format_html(PICTURE, rope.in_words(figures)) if picture else ""
    return {"meter": picture} if picture else {}


@lru_cache(maxsize=32)
def _figures(campaign: int, safety: str, minute: int) -> PublicFigures:
    """Once a minute, safety level and process."""
    return replace(public_figures(Campaign.objects.whole().get(pk=campaign)), demands=[])


def _picture(campaign: Campaign, figures: PublicFigures) -> bytes:
    """A PNG; nothing where there is no paper."""
    language = translation.get_language() or campaign.language
    shown = {"rope": rope.draw(campaign, figures), "language": language, "text_direction": direction(language)}
    html = render_to_string("mails/meter_image.html", shown)
    key = f"mail-meter:{hashlib.sha256(html.encode()).hexdigest()[:32]}"
    picture = cache.get(key)
    if isinstance(picture, bytes):
        return picture
    if paper.available():
        try:
            picture = paper.png(html)
        except paper.Unprintable:
            return b""
        cache.set(key, picture, PICTURE_KEPT)
        return picture
    return b""
