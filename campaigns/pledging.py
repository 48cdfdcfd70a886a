"""“I will take part”: said, confirmed by the mailbox, taken back. Each is one fact and one commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from campaigns.models import Campaign, Pledge
from core.privacy.mailboxes import for_address, hashed, make_room
from operations.recovery import journal
from operations.recovery.journal import Verb
from petitions import consent, disclosure


class Promise(TypedDict):
    email: str
    network: str
    remind: str


class AlreadyPledged(Exception):
    """This mail address stands already, through this link or another one."""


class LinkExpired(Exception):
    """The mail is older than 7 days."""


def pledge(campaign: Campaign, promise: Promise, language: str, mail_at: datetime | None = None) -> Pledge:
    """One INSERT, whoever it is and whatever is there already; its mail is due at `mail_at`, or at once."""
    return Pledge.objects.create(
        campaign=campaign,
        email=promise["email"],
        network=promise["network"],
        remind=promise["remind"],
        **hashed(promise["email"]),
        language=language,
        mail_due_at=mail_at or timezone.now(),
    )


def confirm(pledge: Pledge) -> None:
    """Makes the pledge stand. Raises AlreadyPledged, LinkExpired."""
    if pledge.confirmed_at:
        raise AlreadyPledged
    if pledge.link_expired:
        raise LinkExpired
    # While a hash key or the rule is being replaced the constraint sees two addresses where there is one mailbox.
    standing = Pledge.objects.standing().filter(campaign=pledge.campaign_id)
    if for_address(standing, pledge.email).exists():
        raise AlreadyPledged
    words = consent.current(consent.PLEDGING)
    try:
        with transaction.atomic():
            rows = Pledge.objects.filter(pk=pledge.pk, confirmed_at=None)
            changed = rows.update(**hashed(pledge.email), confirmed_at=timezone.now(), consent_text=words)
    except IntegrityError as error:
        if make_room(standing, pledge.email):
            confirm(pledge)
            return
        raise AlreadyPledged from error
    if not changed:
        raise AlreadyPledged


def take_back(pledge: Pledge) -> None:
    """Deletes the pledge, and the reminders that wait with it."""
    with transaction.atomic():
        rows = Pledge.objects.filter(pk=pledge.pk)
        journal.note(Verb.FORGET, rows)
        rows.delete()


def exact(campaigns: Sequence[Campaign]) -> dict[int, int]:
    """{campaign id: pledges confirmed by their mailbox}; those without pledges are left out."""
    rows = Pledge.objects.standing().filter(campaign__in=campaigns).values_list("campaign").annotate(number=Count("pk"))
    return dict(rows)


def counts(campaigns: Sequence[Campaign]) -> dict[int, int]:
    """{campaign id: pledges confirmed by their mailbox}, as the safety level tells them."""
    live, told = exact(campaigns), dict[int, int]()
    for campaign in campaigns:
        hourly = getattr(campaign, "hourly", None)
        told[campaign.pk] = disclosure.total(
            campaign.policy, live.get(campaign.pk, 0), hourly.pledged if hourly else None
        )
    return told


def count(campaign: Campaign) -> int:
    return counts([campaign])[campaign.pk]
