"""The meter for mails: a picture that travels with the mail, and the figures in words, which need no picture."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import ngettext

from campaigns.models import Campaign
from core.drawing import pdf
from core.text.translations import direction
from progress import meter
from progress.figures import PublicFigures, Strand, public_figures

# Mails of one turn show the same figures and the same picture.
FIGURES_KEPT, PICTURE_KEPT = 60, 24 * 3600
PICTURE = '<img src="cid:meter" width="526" height="48" alt="{}">'


def for_mail(campaign: Campaign, context: dict[str, object], longest: float) -> dict[str, bytes]:
    """Puts what components/meter.html shows into `context`; the pictures that go with it, none where they can't be drawn within
    `longest` seconds."""
    figures = _figures(campaign.pk, campaign.safety, int(timezone.now().timestamp()) // FIGURES_KEPT)
    picture = _picture(campaign, figures, longest)
    context["figures"] = figures
    context["strands"] = in_lines(figures)
    context["meter"] = format_html(PICTURE, meter.in_words(figures)) if picture else ""
    return {"meter": picture} if picture else {}


def in_lines(figures: PublicFigures) -> list[str]:
    """For text mails: “1,234 signatures of 10,000”, and the tweets where they are known, each in a line of its own."""
    lines = []
    if figures.signatures and figures.signatures.count is not None:
        signed = ngettext(
            "%(shown)s signature of %(goal)s", "%(shown)s signatures of %(goal)s", figures.signatures.count
        )
        lines.append(signed % _numbers(figures.signatures))
    if figures.tweets and figures.tweets.count is not None:
        tweeted = ngettext("%(shown)s tweet of %(goal)s", "%(shown)s tweets of %(goal)s", figures.tweets.count)
        lines.append(tweeted % _numbers(figures.tweets))
    return lines


def _numbers(strand: Strand) -> dict[str, str]:
    return {"shown": intcomma(strand.count), "goal": intcomma(strand.goal)}


@lru_cache(maxsize=32)
def _figures(campaign: int, safety: str, minute: int) -> PublicFigures:
    """Reads the figures at most once a minute, for each safety level and process."""
    return replace(public_figures(Campaign.objects.whole().get(pk=campaign)), demands=[])


def _picture(campaign: Campaign, figures: PublicFigures, longest: float) -> bytes:
    """Draws the meter as a PNG; b"" where WeasyPrint does not run."""
    language = translation.get_language() or campaign.language
    shown = {
        "meter": meter.draw(campaign, figures, alone=True),
        "language": language,
        "text_direction": direction(language),
    }
    html = render_to_string("mails/meter_image.html", shown)
    key = f"mail-meter:{hashlib.sha256(html.encode()).hexdigest()[:32]}"
    picture = cache.get(key)
    if isinstance(picture, bytes):
        return picture
    if pdf.available():
        try:
            picture = pdf.render_png(html, longest)
        except pdf.Unprintable:
            return b""
        cache.set(key, picture, PICTURE_KEPT)
        return picture
    return b""
