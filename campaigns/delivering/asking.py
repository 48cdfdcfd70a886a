"""Begins a delivery. Names alone need no second person, as with exports: there is no address in it."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from actions.models import Target
from campaigns.models import Campaign, Delivery
from core.drawing import pdf


class NoTarget(Exception):
    """Without a petition or a target there is nothing to hand over, or nobody to hand it to."""


class NoRecipient(Exception):
    """EXPORT_RECIPIENTS is not set: there is nobody to seal it for."""


class NoPdf(Exception):
    """This server can't print."""


def ask(campaign: Campaign, by: User) -> Delivery:
    """The workers write it from now on. Raises NoTarget, NoRecipient, NoPdf."""
    target, now = require_what_it_needs(campaign), timezone.now()
    return Delivery.objects.create(
        campaign=campaign, target=target, asked_by=by, asked_at=now, expires_at=now + Delivery.LIVES
    )


def require_what_it_needs(campaign: Campaign) -> Target:
    """To whom it would go. Raises NoTarget, NoRecipient, NoPdf."""
    target = campaign.target
    if campaign.petition is None or target is None or not campaign.was_public:
        raise NoTarget
    if not settings.EXPORT_RECIPIENTS:
        raise NoRecipient
    if not pdf.available():
        raise NoPdf
    return target
