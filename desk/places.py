"""Where the admin has what belongs to a campaign: on which of its pages, and where there."""

from __future__ import annotations

from django.urls import reverse

# What an item of the checklist speaks of (campaigns/readiness.py): the page, and the id on it.
PLACES = {
    "petition": ("petition", "id_title"),
    "action": ("action", "id_hashtag"),
    "target": ("target", "id_name"),
    "samples": ("texts", "samples-group"),
    "demands": ("change", "demands-group"),
    "headline": ("change", "id_headline"),
    "organiser": ("change", "id_organiser"),
    "safety": ("safety", "id_safety"),
    "pledge_threshold": ("safety", "id_pledge_threshold"),
    "moments": ("timeline", ""),
    "status": ("safety", "id_status"),
    "languages": ("languages", ""),
    "terms": ("terms", ""),
}


def page_of(campaign: int, page: str = "change", anchor: str = "") -> str:
    """The address of a page of the campaign with this id."""
    where = reverse(f"admin:campaigns_campaign_{page}", args=[campaign])
    return f"{where}#{anchor}" if anchor else where


def place_of(campaign: int, place: str) -> str:
    """The address at which what an item speaks of is mended; "" when that is not in the admin."""
    return page_of(campaign, *PLACES[place]) if place else ""
