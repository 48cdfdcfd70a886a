"""A switch is set: for one campaign or for the whole site, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign, SwitchState
from core import changes, switches
from core.switches import State, Switch

# Longer than any link lives that was spared.
REMEMBERED = timedelta(days=30)


def switch(campaign: Campaign | None, which: Switch, is_off: bool, by: User, reason: str) -> SwitchState | None:
    """Sets it, and returns its state; None when somebody has done so already. Every process hears of it within seconds."""
    try:
        with transaction.atomic():
            state = _set(campaign, which, is_off, by, reason)
    except IntegrityError:
        # At this very moment, for the first time.
        return None
    if state:
        switches.look()
        changes.changed()
    return state


def _set(campaign: Campaign | None, which: Switch, is_off: bool, by: User, reason: str) -> SwitchState | None:
    before = SwitchState.objects.select_for_update().filter(campaign=campaign, switch=which).first()
    if is_off == (before is not None and before.is_off):
        return None
    state = before or SwitchState(campaign=campaign, switch=which)
    state.is_off, state.since, state.by, state.reason = is_off, timezone.now(), by, reason
    state.save()
    return state


def states() -> Iterable[State]:
    """What is off, and what was of late, in one query."""
    rows = SwitchState.objects.filter(Q(is_off=True) | Q(since__gt=timezone.now() - REMEMBERED)).order_by("pk")
    for row in rows.select_related("by"):
        yield State(
            switch=Switch(row.switch),
            campaign=row.campaign_id,
            is_off=row.is_off,
            since=row.since,
            by=row.by.email or row.by.username,
            reason=row.reason,
        )
