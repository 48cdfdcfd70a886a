"""*Opened*: how often a composer was opened from our page. Not a post: what is posted, only the network knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncHour
from django.utils import timezone

from actions.models import Opening, OpeningTally, SampleTweet, Target, TweetAction
from core.inserting import insert

BATCH = 5_000
SETTLE = """
WITH due AS (
    SELECT id FROM actions_opening WHERE NOT counted ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), flipped AS (
    UPDATE actions_opening AS opening SET counted = true FROM due WHERE opening.id = due.id
    RETURNING opening.action_id, opening.network, opening.target_id, opening.minute
), upserted AS (
    INSERT INTO actions_openingtally AS tally (action_id, start, network, target_id, opened)
    SELECT action_id, date_bin('15 minutes', minute, TIMESTAMPTZ 'epoch'), network, target_id, count(*)
    FROM flipped GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (action_id, start, network, target_id) DO UPDATE SET opened = tally.opened + excluded.opened
)
SELECT count(*) FROM flipped
"""


def record(
    action: TweetAction, sample: SampleTweet | None, network: str, client: bytes, target: Target | None = None
) -> None:
    """One statement; a second opening by the same client in the same minute changes nothing, whatever it opens."""
    minute = timezone.now().replace(second=0, microsecond=0)
    opening = Opening(action=action, sample=sample, target=target, network=network, client_hash=client, minute=minute)
    insert(opening, "DO NOTHING")


def settle(batch: int = BATCH) -> int:
    """Tally at most `batch` openings; the number taken."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [batch])
        return int(cursor.fetchone()[0])


def opened_by_action(actions: Iterable[TweetAction]) -> dict[int, int]:
    totals = OpeningTally.objects.filter(action__in=actions).values_list("action").annotate(total=Sum("opened"))
    return dict(totals)


def opened(action: TweetAction) -> int:
    return opened_by_action([action]).get(action.pk, 0)


def opened_by_target(action: TweetAction, until: datetime | None = None) -> dict[int, int]:
    """{target id: opened, before `until`}; openings from before there were several targets are nobody's."""
    rows = action.opening_tallies.exclude(target=None)
    if until is not None:
        rows = rows.filter(start__lt=until)
    return dict(rows.values_list("target").annotate(total=Sum("opened")))


def opened_by_hour(action: TweetAction) -> dict[datetime, int]:
    """{start: opened} by UTC hour."""
    hour = TruncHour("start", tzinfo=UTC)
    return dict(action.opening_tallies.values_list(hour).annotate(total=Sum("opened")).order_by(hour))
