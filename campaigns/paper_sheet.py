"""The sheet on which people sign on paper: what is signed, empty lines, and what becomes of it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from campaigns import sourcing
from campaigns.models import Campaign
from campaigns.models.sources import PAPER
from core.drawing import qr
from core.text.translations import direction

# Easily counted; so many fit below a short text, with room for a hand and for what becomes of the sheet.
LINES = 10


def page(campaign: Campaign) -> str:
    """The HTML that becomes a PDF, in the language of the campaign."""
    assert campaign.petition is not None
    language = campaign.interface_language
    with translation.override(language):
        url = sourcing.url(campaign, PAPER)
        context = {
            "campaign": campaign,
            "petition": campaign.petition,
            "target": campaign.target,
            "url": url,
            "code": qr.data_url(url),
            "lines": range(LINES),
            "days": campaign.policy.kept_after_closing.days,
            "organisation": settings.ORGANISATION,
            "contact": settings.CONTACT,
            "keeps_pictures": bool(settings.EXPORT_RECIPIENTS),
            "LANGUAGE_CODE": language,
            "text_direction": direction(language),
        }
        return render_to_string("campaigns/sheet.html", context)
