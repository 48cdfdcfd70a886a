"""Random worlds: posts early, late, edited and deleted, X away for up to ten days, faults in any order. What X can still give is
stored as it is; what it can't is noted as lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from actions import tasks, volume
from actions.models import Charge, Endpoint, Gap, PaidRead, TrackingQuery, Tweet, TweetAction
from actions.tests.world import COUNTS, SEARCH, TEXT, UNBILLED, UNKNOWN
from actions.x.ids import LOOKS_BACK
from tests import factories
from xsim import Clock, Simulator

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 0, 5, tzinfo=UTC)
ODD = [
    ("partial_errors", {}),
    ("missing_text", {}),
    ("unknown_fields", {}),
    ("repeated_token", {}),
    ("duplicate_across_pages", {}),
]
FAULTS = [
    *((SEARCH, *fault) for fault in (*UNBILLED, *UNKNOWN, *ODD)),
    *((COUNTS, *fault) for fault in (*UNBILLED, *UNKNOWN)),
]
FAULTS = [fault for fault in FAULTS if fault[1] != "stall"]

posts = st.integers(1, 40).map(lambda number: ("posts", number))
late = st.integers(1, 9).map(lambda minutes: ("late", minutes))
edits, deletions = st.just(("edit", None)), st.just(("delete", None))
faults = st.sampled_from(FAULTS).map(lambda fault: ("fault", fault))
pauses = st.sampled_from([1, 3, 24, 100, 167, 200, 240]).map(lambda hours: ("away", hours))
steps = st.lists(st.one_of(posts, posts, late, edits, deletions, faults, faults, pauses), min_size=3, max_size=14)


class World:
    def __init__(self, conf):
        self.now, self.x = START, Simulator(bearer="test-bearer", clock=Clock(START))
        conf.X_POLL_SECONDS, conf.X_POSTS_PER_DAY, conf.X_TIMEOUT = 1, 100_000, 0.5
        self.action = factories.tweet_action(is_tracking=True)
        TrackingQuery.objects.update(since=START)
        self.number = 0

    def post(self, minutes=1, **fields):
        self.number += 1
        at = max(self.now - timedelta(minutes=minutes, seconds=self.number % 50), START)
        return self.x.add_post(f"p{self.number % 7}", f"{TEXT} {self.number}", at=at, **fields)

    def own(self):
        return [post for post in self.x.corpus.posts.values() if post.exists(self.now)]

    def do(self, step, argument):
        if step == "posts":
            for _ in range(argument):
                self.post()
        elif step == "late":
            self.post(argument, indexed_at=self.now + timedelta(minutes=30))
        elif step == "fault":
            route, fault, options = argument
            self.x.faults.add(route=route, fault=fault, **options)
        elif step == "away":
            self.now += timedelta(hours=argument)
        elif self.own():
            # X lets people edit for an hour.
            newest = max(self.own(), key=lambda post: int(post.id))
            if step == "delete":
                self.x.delete_post(newest.id, at=self.now)
            elif newest.created_at > self.now - timedelta(minutes=50):
                self.x.edit_post(newest.id, f"{TEXT} edited {self.number}", at=self.now - timedelta(seconds=45))

    def poll(self):
        self.x.clock.set(self.now)
        with time_machine.travel(self.now, tick=False):
            tasks.poll_volume()
            tasks.collect_posts()

    def settle(self):
        """The faults are over: everything that was begun comes to its end."""
        self.x.faults.clear()
        for _ in range(30):
            Endpoint.objects.all().delete()
            self.now += timedelta(minutes=1)
            self.poll()
            if not Gap.objects.open().exists():
                return
        raise AssertionError("gaps that do not close")


def seen_in_time(world, post):
    """Whether X has shown this post while somebody could still ask for it, and not too late after it was made."""
    return not any(gap.after_id < int(post.id) < gap.before_id for gap in Gap.objects.lost())


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_stored_is_what_x_can_still_give_and_the_rest_is_noted_as_lost(steps, settings):
    for model in (Tweet, Gap, PaidRead, Endpoint, TweetAction):
        model.objects.all().delete()
    settings.X_BEARER_TOKEN = "test-bearer"
    world = World(settings)
    with world.x.serve() as url:
        settings.X_API_BASE = url
        for step, argument in steps:
            world.do(step, argument)
            world.now += timedelta(minutes=35)
            world.poll()
            Endpoint.objects.all().delete()
        world.settle()

    truth = {min(map(int, post.edit_ids)): post for post in world.own() if world.x.corpus.is_current(post, world.now)}
    stored = {tweet.root_id: tweet for tweet in Tweet.objects.all()}
    for root, post in truth.items():
        if seen_in_time(world, post):
            assert root in stored, (steps, post.created_at, post.indexed_at)
            assert stored[root].text == post.text
    once = {min(map(int, post.edit_ids)) for post in world.x.corpus.posts.values()}
    assert set(stored) <= once

    with time_machine.travel(world.now, tick=False):
        query, floor = world.action.queries.get(), world.now - LOOKS_BACK
        counted = sum(
            1
            for post in world.own()
            if world.x.corpus.is_current(post, world.now)
            and post.created_at < world.now - timedelta(seconds=30)
            and not any(start <= post.created_at < end for start, end in volume.missing(query, world.now))
            and post.created_at >= floor + timedelta(hours=1)
        )
        recent = query.volumes.filter(start__gte=floor.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
        assert sum(recent.values_list("posts", flat=True)) == counted
        unknown = sum(charge.reserved for charge in Charge.objects.filter(actual=None))
        total = sum((charge.actual or 0) for charge in Charge.objects.all())
        assert total <= world.x.bill() <= total + unknown
