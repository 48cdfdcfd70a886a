"""*Opened*: how often a composer was opened from our page. Not a post: what is posted, only the network knows.

Openings are added up in cells, by quarter of an hour, network and target; a trigger adds these up by target in the same statement
(actions/migrations/0002), and there figures are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncHour
from django.utils import timezone

from actions.models import Opening, OpeningTally, OpeningTallyByTarget, SampleTweet, Target, TweetAction
from core.prepared import insert

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
    targets = OpeningTallyByTarget.objects.filter(action__in=actions)
    return dict(targets.values_list("action").annotate(total=Sum("opened")))


def opened(action: TweetAction) -> int:
    return opened_by_action([action]).get(action.pk, 0)


def opened_by_target(action: TweetAction, until: datetime | None = None) -> dict[int, int]:
    """{target id: opened, before `until`}; openings from before there were several targets are nobody's."""
    rows = action.opening_tallies_by_target.exclude(target=None).filter(opened__gt=0)
    if until is None:
        return dict(rows.values_list("target", "opened"))
    cells = OpeningTally.objects.filter(action=OuterRef("action"), target=OuterRef("target"), start__gte=until)
    since = cells.values("target").annotate(total=Sum("opened")).values("total")
    rows = rows.annotate(before=F("opened") - Coalesce(Subquery(since), 0)).filter(before__gt=0)
    return dict(rows.values_list("target", "before"))


def opened_by_hour(action: TweetAction) -> dict[datetime, int]:
    """{start: opened} by UTC hour: once an hour at most, where there are several targets."""
    hour = TruncHour("start", tzinfo=UTC)
    return dict(action.opening_tallies.values_list(hour).annotate(total=Sum("opened")).order_by(hour))
