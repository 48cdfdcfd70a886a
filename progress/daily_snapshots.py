"""A dated copy of the public figures, signed, that stays at its URL: what a report may cite. A letter that
is changed later is found out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Campaign, Status
from core.crypto import ed25519
from petitions import disclosure
from progress.figures import as_json, public_figures, without_times
from progress.models import DailySnapshot


def due() -> list[Campaign]:
    """Live campaigns without a snapshot of today, and closed ones whose figures have moved since the last: links are confirmed,
    and X settles its counts, for days after the end."""
    campaigns = Campaign.objects.exclude(status__in=[Status.DRAFT, Status.INTEREST]).whole()
    return [campaign for campaign in campaigns if campaign.policy.daily_snapshots and _is_due(campaign)]


def published(campaign: Campaign) -> QuerySet[DailySnapshot]:
    """Returns the public snapshots, newest first; none where totals are told in steps: they would tell the day of each step."""
    return campaign.daily_snapshots.all() if campaign.policy.daily_snapshots else campaign.daily_snapshots.none()


def _is_due(campaign: Campaign) -> bool:
    newest = campaign.daily_snapshots.first()
    if newest is None:
        return True
    if newest.day >= today(campaign):
        return False
    return campaign.is_live or without_times(content(newest)) != without_times(_told(campaign))


def take(campaign: Campaign) -> DailySnapshot | None:
    """The snapshot of today in the campaign's zone; None where there is one already."""
    told = _told(campaign)
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)
    key, day = ed25519.current(), datetime.fromisoformat(str(told["as_of"])).astimezone(campaign.zone).date()
    signature = ed25519.sign(key, content.encode())
    snapshot = DailySnapshot(campaign=campaign, day=day, content=content, key=key, signature=signature)
    try:
        with transaction.atomic():
            snapshot.save(force_insert=True)
    except IntegrityError:
        return None
    return snapshot


def _told(campaign: Campaign) -> dict[str, Any]:
    """Returns the public figures; numbers of people move from one day to the next only as `disclosure.steady` lets them."""
    figures, newest = public_figures(campaign), campaign.daily_snapshots.first()
    before = content(newest) if newest else {}

    def steady(part: str, key: str, number: int | None) -> int | None:
        told = side.get(key) if isinstance(side := before.get(part), dict) else None
        return None if number is None else disclosure.steady(told if isinstance(told, int) else 0, number)

    if campaign.petition and figures.signatures:
        confirmed = steady("signatures", "confirmed", disclosure.until_told(campaign.petition))
        strand = replace(figures.signatures, count=confirmed)
        figures = replace(figures, signatures=strand, confirmed_as_of=campaign.petition.told_until)
    figures = replace(
        figures,
        paper=steady("signatures", "paper", figures.paper),
        opened=steady("tweets", "opened", figures.opened),
        linked=steady("tweets", "linked", figures.linked),
        verified=steady("tweets", "verified", figures.verified),
    )
    return as_json(campaign, figures)


def content(snapshot: DailySnapshot) -> dict[str, Any]:
    """Reads the content of a snapshot; {} when somebody has overwritten it with what is none."""
    try:
        content = json.loads(snapshot.content)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def today(campaign: Campaign) -> date:
    return timezone.now().astimezone(campaign.zone).date()


class Authenticity(StrEnum):
    """What a look at the signature says. UNCONFIRMED: it fits, and this site has not said yet which keys are its own."""

    GENUINE = "genuine"
    UNCONFIRMED = "unconfirmed"
    FORGED = "forged"


def check(snapshot: DailySnapshot) -> Authenticity:
    """Whether the row is, letter by letter, what was signed, for this campaign and day, with a key of ours."""
    public = bytes(snapshot.key.public)
    fits = ed25519.verifies(public, snapshot.content.encode(), bytes(snapshot.signature)) and _is_of_its_day(snapshot)
    if fits and ed25519.is_pinned(public):
        return Authenticity.GENUINE
    return Authenticity.UNCONFIRMED if fits and not settings.SNAPSHOT_KEYS else Authenticity.FORGED


def _is_of_its_day(snapshot: DailySnapshot) -> bool:
    """Whether what was signed is about this campaign and this day, and was not moved here from another row."""
    content = json.loads(snapshot.content)
    signed = datetime.fromisoformat(content["as_of"]).date()
    # The zone of a campaign may have been set right since.
    return content["campaign"] == snapshot.campaign.slug and abs(signed - snapshot.day) <= timedelta(days=1)
