"""Whether what was restored agrees with what was published (operations/recovery/)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from campaigns.models import Campaign
from operations.recovery.steps import proof
from petitions import disclosure
from petitions.models import Review, Signature
from progress import daily_snapshots
from progress.daily_snapshots import Authenticity
from progress.models import DailySnapshot


@proof
def nothing_that_was_published_is_missing() -> list[str]:
    newest = [
        campaign.daily_snapshots.select_related("campaign", "key").first() for campaign in Campaign.objects.whole()
    ]
    return [fault for snapshot in newest if snapshot for fault in _faults(snapshot)]


def _faults(snapshot: DailySnapshot) -> list[str]:
    if daily_snapshots.check(snapshot) == Authenticity.FORGED:
        return [f"{snapshot}: the day's figures are not as they were signed, or SNAPSHOT_KEYS lacks their key."]
    content = daily_snapshots.content(snapshot)
    signatures, as_of = content.get("signatures"), datetime.fromisoformat(str(content["as_of"]))
    told = signatures.get("confirmed") if isinstance(signatures, dict) else None
    found = _counted_at(snapshot, as_of)
    # What is told moves in steps: it may be ahead of the rows by less than one.
    if told is None or found > told - disclosure.LEAST:
        return []
    return [f"{snapshot}: {told} signatures were published, {found} are here."]


def _counted_at(snapshot: DailySnapshot, as_of: datetime) -> int:
    """How many counted then, at most: those that do not any more may have stopped since."""
    since = Q(withdrawn_at__gt=as_of) | ~Q(review=Review.NONE)
    rows = Signature.objects.filter(petition=snapshot.campaign.petition_id, confirmed_at__lte=as_of)
    return rows.filter(Q(counts=True) | since).count()
