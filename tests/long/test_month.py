"""A month of a campaign on the virtual clock: what X costs, and what is given up when there is too little."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from actions import budget, tasks
from actions.models import Purpose, TrackingQuery, Tweet
from actions.tests.world import TEXT
from tests import factories
from xsim import Clock, Simulator

pytestmark = pytest.mark.django_db


def a_month(settings, dollars, posts_a_day):
    """June 2026 on the virtual clock, hour by hour: a busy campaign, two days of action, a target that talks, 20 posts shown."""
    settings.X_BEARER_TOKEN, settings.X_POLL_SECONDS = "test-bearer", 3600
    start, stopped = datetime(2026, 6, 1, tzinfo=UTC), {}
    simulator = Simulator(bearer="test-bearer", clock=Clock(start))
    simulator.add_user("xmpl_ministry", id="4711")
    action = factories.tweet_action(is_tracking=True, budget=Decimal(dollars))
    TrackingQuery.objects.update(since=start)
    with simulator.serve() as url:
        settings.X_API_BASE = url
        for hour in range(30 * 24):
            now = start + timedelta(hours=hour, minutes=1)
            simulator.clock.set(now)
            for index in range(posts_a_day // 24):
                simulator.add_post("crowd", f"{TEXT} {hour} {index}", at=now - timedelta(minutes=index + 2))
            if hour % 6 == 0:
                simulator.add_post("xmpl_ministry", f"We talk {hour}", at=now - timedelta(minutes=3))
            with time_machine.travel(now, tick=False):
                action.busy_until = now + timedelta(hours=1) if hour // 24 in (14, 15) else None
                action.save()
                for _ in range(4 if action.busy_until else 1):
                    TrackingQuery.objects.update(fetched_at=None) if action.busy_until else None
                    tasks.poll_volume()
                tasks.collect_posts()
                tasks.collect_replies()
                fresh = Tweet.objects.candidates()[: 20 if hour == 48 else 0]
                Tweet.objects.filter(pk__in=[tweet.pk for tweet in fresh]).update(review="approved")
                tasks.look_after_posts()
                for purpose in budget.given_up(action):
                    stopped.setdefault(purpose, hour)
    return simulator, action, stopped, start + timedelta(days=29)


def test_a_month_of_the_default_plan_stays_within_its_money(settings):
    simulator, action, stopped, end = a_month(settings, 21, 240)
    with time_machine.travel(end):
        assert budget.spent(action) == simulator.bill() <= 21
    assert stopped == {}
    assert action.tweets.approved().count() == 20
    assert action.queries.get().volumes.count() >= 29 * 24


def test_a_month_with_five_dollars_gives_up_in_the_stated_order_and_says_so(settings):
    simulator, action, stopped, end = a_month(settings, 5, 240)
    with time_machine.travel(end):
        assert budget.spent(action) == simulator.bill() <= 5
    order = [purpose for purpose in Purpose if purpose in stopped]
    assert order[0] == Purpose.SAMPLE
    assert Purpose.COMPLIANCE not in stopped
    assert [stopped[purpose] for purpose in order] == sorted(stopped[purpose] for purpose in order)
    assert action.queries.get().volumes.count() >= 25 * 24
