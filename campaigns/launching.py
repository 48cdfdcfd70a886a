"""A campaign goes live, or is opened again: once, however often somebody presses."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from campaigns import readiness, status
from campaigns.models import Campaign, Status


class NotReady(Exception):
    """Something is lacking that is required, or that nobody has waved through."""


def launch(number: int, waived: Collection[str] = ()) -> bool:
    """Makes the campaign with this id live; returns False when it was live already. `waived`: keys of the checklist that may be
    lacking. Raises NotReady, and then nothing has changed."""
    with transaction.atomic():
        campaign = Campaign.objects.whole().select_for_update(of=("self",), no_key=True).get(pk=number)
        if campaign.is_live:
            return False
        items = readiness.checklist(campaign)
        if readiness.missing(items) or {item.key for item in readiness.doubts(items)} - set(waived):
            raise NotReady
        if campaign.tweet_action and campaign.launched_at is None:
            campaign.tweet_action.terms_wanted = True
            campaign.tweet_action.save(update_fields=["terms_wanted"])
        before, campaign.status = campaign.status, Status.LIVE
        if campaign.launched_at:
            campaign.save(update_fields=["status"])
        # The first time this stores both, so that its history has one entry.
        status.apply(campaign, before)
    return True
