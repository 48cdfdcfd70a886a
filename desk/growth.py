"""Today against yesterday: how many signatures and posts came on each, in the days of the campaign's own zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils import timezone

from actions import volume
from campaigns.models import Campaign
from petitions.models import Tally

# The longest that two days can be.
TWO_DAYS = timedelta(hours=50)


class Growth(NamedTuple):
    """`today`: so far; `yesterday`: the whole day."""

    today: int
    yesterday: int


def signed(campaigns: Sequence[Campaign]) -> dict[int, Growth]:
    """Signatures that count by the day of their confirmation, by the campaign's id; without levels that tell no days (S11)."""
    zones = {c.petition_id: c.zone for c in campaigns if c.petition_id and c.policy.rounding == 1}
    cells = Tally.objects.filter(petition__in=zones, start__gte=timezone.now() - TWO_DAYS).order_by()
    rows = cells.values_list("petition", "start").annotate(total=Sum("signatures"))
    by_petition = _by_day(rows, zones)
    return {c.pk: by_petition[c.petition_id] for c in campaigns if c.petition_id in zones}


def posted(campaigns: Sequence[Campaign]) -> dict[int, Growth]:
    """Posts that match, as X counts them by the hour, by the campaign's id; without campaigns that have no tweet action."""
    zones = {c.tweet_action_id: c.zone for c in campaigns if c.tweet_action_id}
    buckets = volume.counted([c.tweet_action for c in campaigns if c.tweet_action])
    buckets = buckets.filter(start__gte=timezone.now() - TWO_DAYS).order_by()
    by_action = _by_day(buckets.values_list("query__action", "start", "posts"), zones)
    return {c.pk: by_action[c.tweet_action_id] for c in campaigns if c.tweet_action_id in zones}


def _by_day(rows: Iterable[tuple[int, datetime, int]], zones: dict[int, ZoneInfo]) -> dict[int, Growth]:
    """Adds up (owner, start, number) by owner."""
    now, numbers = timezone.now(), Counter[tuple[int, int]]()
    for owner, start, number in rows:
        today = now.astimezone(zones[owner]).date()
        numbers[owner, (today - start.astimezone(zones[owner]).date()).days] += number
    return {owner: Growth(numbers[owner, 0], numbers[owner, 1]) for owner in zones}
