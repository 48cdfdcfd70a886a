"""What may be wrong with what comes from X. Nothing, where none is connected or nobody tracks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions import budget
from actions.models import Endpoint, Purpose, TrackingQuery, TweetAction
from core import observations, switches
from core.owners import owner_is_none_of
from core.switches import Switch
from operations.known_conditions import condition


@condition(
    "x_silent",
    _("X has not answered for a long time"),
    _(
        "See “How X answers” in the admin for what X said last. Until it answers again, pages show the last "
        "figure and its age."
    ),
)
def x_is_silent() -> bool:
    """For three turns, and an hour at least; what there is no money for is not asked, and is another incident. Nor is what staff have
    switched off, or had within that time."""
    patience = max(3 * timedelta(seconds=settings.X_POLL_SECONDS), timedelta(hours=1))
    asked = owner_is_none_of(TrackingQuery, "action", switches.where_off(Switch.TRACKING, patience))
    begun = TrackingQuery.objects.current().filter(asked).aggregate(since=Min("since"))["since"]
    if not settings.X_BEARER_TOKEN or begun is None or money_is_used_up():
        return False
    answered: datetime | None = Endpoint.objects.aggregate(at=Max("answered_at"))["at"]
    return bool(max(answered or begun, begun) < timezone.now() - patience)


@condition(
    "x_money",
    _("The budget for X is used up"),
    _("We count no more posts until the month is over. Raise the budget of the tweet action, or wait."),
)
def money_is_used_up() -> bool:
    """Of any action that tracks, for what is given up last but one: the count."""
    tracking = TweetAction.objects.filter(is_tracking=True, budget__gt=0) if settings.X_BEARER_TOKEN else ()
    return any(Purpose.COUNTS in budget.given_up(action) for action in tracking)


@condition(
    "recount_of_openings",
    _("The recount differs from the published figures"),
    _("Last night's log names each difference. Nothing was changed: find out why before you correct anything."),
)
def the_recount_differs() -> bool:
    return observations.since(observations.OPENINGS_DIFFER) is not None
