"""Once an hour: what may be told of those who pledge, open a composer or link their post (petitions/disclosure.py)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from actions import linking, opening
from campaigns import pledging
from campaigns.models import Campaign
from petitions import disclosure
from petitions.disclosure import rounded_down
from progress.models import HourlyFigures


def due(now: datetime) -> QuerySet[Campaign]:
    """Returns the campaigns whose figures were not taken in this hour yet."""
    return Campaign.objects.whole().filter(Q(hourly=None) | Q(hourly__taken_at__lt=disclosure.full_hour(now)))


def take(campaign: Campaign) -> None:
    """Stores the figures of this hour, once: a second call in the same hour changes nothing."""
    now, action = timezone.now(), campaign.tweet_action
    before = HourlyFigures.objects.filter(campaign=campaign).first()
    if before and before.taken_at >= disclosure.full_hour(now):
        return
    linked, verified = linking.counts(action) if action else (0, 0)
    figures = {
        "taken_at": now,
        "opened": rounded_down(opening.opened(action)) if action else 0,
        "linked": rounded_down(linked),
        "verified": rounded_down(verified),
        "pledged": rounded_down(pledging.exact([campaign]).get(campaign.pk, 0)),
        "by_target": _by_target(campaign, before.by_target if before else {}, now),
    }
    HourlyFigures.objects.update_or_create(campaign=campaign, defaults=figures)


def _by_target(campaign: Campaign, told: dict[str, int], now: datetime) -> dict[str, int]:
    """{target's id: opened}, where there are several."""
    action = campaign.tweet_action
    if action is None or len(action.targets) < 2:
        return {}
    if campaign.policy.rounding > 1:
        return {str(target): rounded_down(number) for target, number in opening.opened_by_target(action).items()}
    until = disclosure.cut(opening.opened_by_hour(action), now, campaign.is_over)
    actual = {str(target): number for target, number in opening.opened_by_target(action, until).items()}
    return disclosure.cells(told, actual)


def by_target(campaign: Campaign) -> dict[int, int | None]:
    """{target's id: opened}, where there are several; None: fewer than may be told."""
    action, hourly = campaign.tweet_action, getattr(campaign, "hourly", None)
    if action is None or len(action.targets) < 2:
        return {}
    told = hourly.by_target if hourly else {}
    rounding = campaign.policy.rounding
    return {
        target.pk: told.get(str(target.pk), 0) // rounding * rounding if rounding > 1 else told.get(str(target.pk))
        for target in action.targets
    }
