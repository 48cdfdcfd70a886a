"""A campaign is announced, goes live, or is opened again: once, however often somebody presses."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from campaigns import readiness, status
from campaigns.models import Campaign, Status
from campaigns.readiness import Item


class NotReady(Exception):
    """Something is lacking that is required, or that nobody has waved through."""


def announce(number: int, waived: Collection[str] = ()) -> bool:
    """Makes the draft with this id public, so that people can pledge; returns False when it was no draft. `waived`, NotReady: as
    below."""
    with transaction.atomic():
        campaign = status.locked(number)
        if campaign.status != Status.DRAFT:
            return False
        _require(readiness.to_announce(campaign), waived)
        _move(campaign, Status.INTEREST)
    return True


def may_recall(campaign: Campaign) -> bool:
    """Whether it was announced and no more: what was live stays public."""
    return campaign.status == Status.INTEREST and campaign.launched_at is None


def recall(number: int) -> bool:
    """Makes an announced campaign a draft again; its pledges wait. Returns False when there was nothing to recall."""
    with transaction.atomic():
        campaign = status.locked(number)
        if not may_recall(campaign):
            return False
        _move(campaign, Status.DRAFT)
    return True


def launch(number: int, waived: Collection[str] = ()) -> bool:
    """Makes the campaign with this id live; returns False when it was live already. `waived`: keys of the checklist that may be
    lacking. Raises NotReady, and then nothing has changed."""
    with transaction.atomic():
        campaign = status.locked(number)
        if campaign.is_live:
            return False
        _require(readiness.checklist(campaign), waived)
        if campaign.tweet_action and campaign.launched_at is None:
            campaign.tweet_action.terms_wanted = True
            campaign.tweet_action.save(update_fields=["terms_wanted"])
        before, campaign.status = campaign.status, Status.LIVE
        if campaign.launched_at:
            campaign.save(update_fields=["status"])
        # The first time this stores both, so that its history has one entry.
        status.apply(campaign, before)
    return True


def _require(items: Collection[Item], waived: Collection[str]) -> None:
    if readiness.missing(items) or {item.key for item in readiness.doubts(items)} - set(waived):
        raise NotReady


def _move(campaign: Campaign, to: Status) -> None:
    before, campaign.status = campaign.status, to
    campaign.save(update_fields=["status"])
    status.apply(campaign, before)
