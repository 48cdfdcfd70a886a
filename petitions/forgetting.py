"""Retention: what was never confirmed, and who signed, is forgotten when its time has come."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from petitions import caps, signing
from petitions.models import OWN_PAGE_LIVES, LinkRequest, Mailing, Signature, StandingDecision

# What one turn takes at most, so that it ends within its time limit.
ROWS = 5_000


def forget() -> int:
    """What was never confirmed goes 7 days after its mail; who signed is forgotten when the safety level says so.

    How many signatures that were.
    """
    now = timezone.now()
    lapsed = Signature.objects.lapsed(now).values("pk")[:ROWS]
    deleted, _ = Signature.objects.filter(pk__in=lapsed).delete()
    past = Signature.objects.past_retention(now).values("pk")[:ROWS]
    blanked = signing.blank(Signature.objects.filter(pk__in=past))
    StandingDecision.objects.past_retention(now).delete()
    Mailing.objects.filter(begun_at__lt=now - caps.REMEMBERED).delete()
    LinkRequest.objects.filter(asked_at__lt=now - OWN_PAGE_LIVES - timedelta(days=1)).delete()
    return deleted + blanked
