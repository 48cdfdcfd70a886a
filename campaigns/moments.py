"""Moving a moment, and with it what hangs on it; after a look at what would change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models import TweetAction
from campaigns.models import Campaign, KeyMoment


@dataclass(frozen=True)
class Shift:
    """One thing that moves: a row, the field that says when, and both times."""

    row: Model
    field: str
    label: Any
    before: datetime
    after: datetime


def plan(moment: KeyMoment, starts_at: datetime) -> list[Shift]:
    """All that moves with the moment when it is moved to `starts_at`: its own end, updates that are not published yet, a hashtag
    that is kept back until it begins. Reminders need no entry: they look at the moment when they go."""
    by, now = starts_at - moment.starts_at, timezone.now()
    shifts = [Shift(moment, "starts_at", _("The moment begins"), moment.starts_at, starts_at)]
    if moment.ends_at:
        shifts.append(Shift(moment, "ends_at", _("It ends"), moment.ends_at, moment.ends_at + by))
    for update in moment.updates.filter(published_at__gt=now):
        assert update.published_at is not None
        shifts.append(Shift(update, "published_at", update.title, update.published_at, update.published_at + by))
    action = moment.campaign.tweet_action
    if action and action.hashtag_from == moment.starts_at and action.hides_hashtag:
        shifts.append(Shift(action, "hashtag_from", _("The hashtag is shown"), moment.starts_at, starts_at))
    return shifts


def move(moment: KeyMoment, starts_at: datetime, because: str) -> list[Shift]:
    """Move it and all that hangs on it, in one commit; the page says from when, and why."""
    with transaction.atomic():
        moment = (
            KeyMoment.objects.select_for_update(of=("self",)).select_related("campaign__tweet_action").get(pk=moment.pk)
        )
        shifts = plan(moment, starts_at)
        moment.moved_from, moment.moved_because = moment.starts_at, because
        for shift in shifts:
            row = moment if shift.row.pk == moment.pk and isinstance(shift.row, KeyMoment) else shift.row
            setattr(row, shift.field, shift.after)
        for row in {id(shift.row): shift.row for shift in shifts if not isinstance(shift.row, KeyMoment)}.values():
            # Nothing else of it: a mailing may be stopped at this moment.
            row.save(update_fields=[shift.field for shift in shifts if shift.row is row])
        moment.save()
    return shifts


def out_of_season(campaign: Campaign, now: datetime) -> Collection[int]:
    """Ids of samples that belong to moments, none of which lasts now."""
    current = KeyMoment.objects.current(now).filter(campaign=campaign)
    bound = campaign.moments.exclude(samples=None).values_list("samples", flat=True)
    return set(bound) - set(current.values_list("samples", flat=True))


def keep_busy(now: datetime) -> None:
    """Tell each tweet action until when its day of action lasts: X is asked more often as long."""
    busy: dict[int, datetime] = {}
    for moment in KeyMoment.objects.days_of_action().current(now).select_related("campaign"):
        action = moment.campaign.tweet_action_id
        if action and moment.campaign.is_live:
            busy[action] = max(busy.get(action, now), moment.lasts_until)
    for action_id, until in busy.items():
        TweetAction.objects.filter(pk=action_id).exclude(busy_until=until).update(busy_until=until)
    TweetAction.objects.exclude(pk__in=busy).exclude(busy_until=None).update(busy_until=None)
