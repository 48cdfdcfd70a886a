"""Retention: what was never confirmed, and who signed, is forgotten when its time has come."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.owners import owner_is_none_of
from core.switches import Switch, where_off
from petitions import caps, signing
from petitions.models import (
    OWN_PAGE_LIVES,
    LinkRequest,
    Mailing,
    Petition,
    SecondLook,
    Signature,
    StandingDecision,
    sparing_links,
)

# What one turn takes at most, so that it ends within its time limit.
ROWS = 5_000


def forget() -> int:
    """What was never confirmed goes 7 days after its mail; who signed is forgotten when the safety level says so.

    How many signatures that were.
    """
    now = timezone.now()
    # Which rows, and which petitions, is asked first: PostgreSQL can't tell how few they are, and would read all signatures.
    lapsing = Signature.objects.lapsed(now).filter(owner_is_none_of(Signature, "petition", sparing_links()))
    lapsed = list(lapsing.values_list("pk", flat=True)[:ROWS])
    deleted, _ = Signature.objects.filter(pk__in=lapsed).delete()
    over = list(Petition.objects.past_retention(now).values_list("pk", flat=True))
    past = list(Signature.objects.kept().filter(petition__in=over).values_list("pk", flat=True)[:ROWS])
    blanked = signing.blank(Signature.objects.filter(pk__in=past))
    # A release that knows none may have erased their signatures.
    SecondLook.objects.exclude(signature__erased_at=None).delete()
    signing.forget_sources(Petition.objects.keeping_no_sources())
    StandingDecision.objects.past_retention(now).delete()
    Mailing.objects.filter(begun_at__lt=now - caps.REMEMBERED).delete()
    old = OWN_PAGE_LIVES + timedelta(days=1)
    if None not in where_off(Switch.MAIL, old):
        LinkRequest.objects.filter(asked_at__lt=now - old).delete()
    return deleted + blanked
