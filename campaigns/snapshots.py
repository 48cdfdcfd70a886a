"""A dated copy of the public figures, signed, that stays at its address: what a report may cite, and what nobody can change later."""

from __future__ import annotations

import json
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Campaign, Snapshot, Status
from campaigns.progress import as_json, public_figures
from core import seals


def due() -> list[Campaign]:
    """Live campaigns without a snapshot of today, and closed ones that have none since they closed."""
    campaigns = Campaign.objects.exclude(status__in=[Status.DRAFT, Status.INTEREST]).whole()
    return [campaign for campaign in campaigns if _is_due(campaign)]


def _is_due(campaign: Campaign) -> bool:
    newest = campaign.snapshots.first()
    if newest is None:
        return True
    if campaign.is_live:
        return newest.day < today(campaign)
    # What was taken while it was live is not its last word.
    return json.loads(newest.content)["status"] == Status.LIVE and newest.day < today(campaign)


def take(campaign: Campaign) -> Snapshot | None:
    """The snapshot of today in the campaign's zone; None where there is one already."""
    content = json.dumps(as_json(campaign, public_figures(campaign)), ensure_ascii=False, sort_keys=True, indent=1)
    key = seals.current()
    snapshot = Snapshot(
        campaign=campaign, day=today(campaign), content=content, key=key, signature=seals.sign(key, content.encode())
    )
    try:
        with transaction.atomic():
            snapshot.save(force_insert=True)
    except IntegrityError:
        return None
    return snapshot


def today(campaign: Campaign) -> date:
    return timezone.now().astimezone(campaign.zone).date()


def is_genuine(snapshot: Snapshot) -> bool:
    """Whether the row is, letter by letter, what was signed."""
    return seals.is_ours(snapshot.key, snapshot.content.encode(), bytes(snapshot.signature))
