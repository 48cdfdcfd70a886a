"""*Matching*, from the simulator into the database, fault by fault: afterwards stored = truth."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from actions import budget, tasks, tracking, volume
from actions.models import Charge, Contamination, Endpoint, TrackingQuery, TweetAction, Volume
from actions.tests.world import COUNTS, TEXT, UNBILLED, UNKNOWN, ago
from actions.x import answers
from actions.x.errors import Malformed
from tests import factories

pytestmark = pytest.mark.django_db


def test_volume_is_what_x_counts(action):
    tasks.poll_volume()
    assert volume.matching(action) == 4
    assert volume.as_of(action) > ago(minutes=1)


def test_before_the_first_answer_it_is_unknown_not_zero(action):
    assert volume.matching(action) is None
    assert volume.as_of(action) is None


def test_asking_again_overwrites_and_adds_nothing(action, simulator):
    tasks.poll_volume()
    tasks.poll_volume()
    assert volume.matching(action) == 4
    simulator.add_post("late", f"{TEXT} late", at=ago(minutes=66))
    tasks.poll_volume()
    assert volume.matching(action) == 5


def test_a_count_that_goes_down_goes_down(action, simulator):
    post = simulator.add_post("gone", f"{TEXT} gone", at=ago(minutes=65))
    tasks.poll_volume()
    assert volume.matching(action) == 5
    simulator.delete_post(post.id)
    tasks.poll_volume()
    assert volume.matching(action) == 4


def test_a_changed_query_is_a_new_version_and_the_old_numbers_stay(action, simulator):
    tasks.poll_volume()
    tracking.set_query(action, "#AnotherTag -is:retweet")
    simulator.add_post("later", "#AnotherTag", at=timezone.now() + timedelta(seconds=1))
    tasks.poll_volume()
    assert list(action.queries.values_list("version", "query")) == [
        (1, "#OpenTheRiverReport @xmpl_ministry -is:retweet"),
        (2, "#AnotherTag -is:retweet"),
    ]
    assert volume.matching(action) == 4
    assert action.query == "#AnotherTag -is:retweet"


def test_the_same_query_is_no_new_version(action):
    tracking.set_query(action, action.query)
    assert action.queries.count() == 1


def test_the_query_of_several_targets_names_them_all(action):
    action.more_targets.add(factories.target(x_handle="xmpl_council"))
    assert tracking.default_query(action) == "#OpenTheRiverReport (@xmpl_ministry OR @xmpl_council) -is:retweet"


@pytest.mark.parametrize("query", ["#River", "x" * 513, "#River is:retweet"])
def test_a_query_that_would_make_the_public_number_a_lie_is_refused(query):
    with pytest.raises(ValidationError):
        tracking.validate(query)


def test_counting_starts_with_the_query_and_later_on_the_hour():
    now = datetime(2026, 6, 15, 10, 20, tzinfo=UTC)
    assert volume.first_start(TrackingQuery(since=now - timedelta(days=1)), now) == now - timedelta(days=1)
    assert volume.first_start(TrackingQuery(since=now - timedelta(days=30)), now) == datetime(
        2026, 6, 8, 11, tzinfo=UTC
    )


@pytest.mark.parametrize(("fault", "options"), [*UNBILLED, *UNKNOWN])
def test_a_fault_blocks_the_endpoint_and_heals_by_itself(action, simulator, fault, options):
    simulator.faults.add(route=COUNTS, fault=fault, **options)
    tasks.poll_volume()
    assert volume.matching(action) is None
    endpoint = Endpoint.objects.get(name="counts")
    assert endpoint.blocked_until > timezone.now()
    assert endpoint.reason
    asked = len(simulator.requests)
    tasks.poll_volume()
    assert len(simulator.requests) == asked
    with time_machine.travel(endpoint.blocked_until + timedelta(seconds=1)):
        tasks.poll_volume()
    assert volume.matching(action) == 4
    endpoint.refresh_from_db()
    assert (endpoint.blocked_until, endpoint.reason) == (None, "")


@pytest.mark.parametrize(
    ("fault", "options"), [("fewer_counts", {}), ("unknown_fields", {}), ("date_skew", {"seconds": 600})]
)
def test_an_answer_that_is_odd_or_wrong_for_once_is_overwritten_by_the_next(action, simulator, fault, options):
    simulator.faults.add(route=COUNTS, fault=fault, **options)
    tasks.poll_volume()
    assert Endpoint.objects.get(name="counts").blocked_until is None
    tasks.poll_volume()
    assert volume.matching(action) == 4


@pytest.mark.parametrize(("fault", "options"), UNBILLED)
def test_what_x_refuses_costs_nothing_and_the_ledger_equals_its_bill(action, simulator, fault, options):
    simulator.faults.add(route=COUNTS, fault=fault, **options)
    tasks.poll_volume()
    assert budget.spent(action) == simulator.bill() == 0
    Endpoint.objects.all().delete()
    tasks.poll_volume()
    assert budget.spent(action) == simulator.bill() > 0


@pytest.mark.parametrize(("fault", "options"), UNKNOWN)
def test_what_nobody_knows_the_end_of_stays_charged(action, simulator, fault, options):
    simulator.faults.add(route=COUNTS, fault=fault, **options)
    tasks.poll_volume()
    (charge,) = Charge.objects.all()
    assert charge.actual is None
    assert simulator.bill() <= budget.spent(action) == charge.reserved


def test_without_a_key_nothing_is_asked(action, simulator, settings):
    settings.X_BEARER_TOKEN = ""
    for task in (
        tasks.poll_volume,
        tasks.collect_posts,
        tasks.collect_replies,
        tasks.look_after_posts,
        tasks.reconcile,
    ):
        task()
    assert simulator.requests == []
    assert Charge.objects.count() == 0


def test_what_is_not_tracked_is_not_asked_for(action, simulator):
    TweetAction.objects.update(is_tracking=False)
    tasks.poll_volume()
    tasks.collect_posts()
    tasks.collect_replies()
    assert simulator.requests == []


def test_volume_buckets_are_unique(action):
    tasks.poll_volume()
    assert Volume.objects.count() == Volume.objects.values("query", "start").distinct().count() > 0
    first = Volume.objects.first()
    with pytest.raises(IntegrityError):
        Volume.objects.create(query=first.query, start=first.start, end=first.end, posts=1, fetched_at=first.fetched_at)


@pytest.mark.parametrize(
    ("busy", "minutes", "due"), [(False, 59, False), (False, 60, True), (True, 14, False), (True, 15, True)]
)
def test_x_is_asked_every_hour_and_four_times_an_hour_while_a_day_of_action_lasts(settings, busy, minutes, due):
    settings.X_POLL_SECONDS = 3600
    now = timezone.now()
    action = factories.tweet_action(is_tracking=True, busy_until=now + timedelta(hours=1) if busy else None)
    query = action.queries.get()
    query.fetched_at = now - timedelta(minutes=minutes)
    assert volume.is_due(query, now) is due


def test_a_contaminated_span_is_left_out_and_told_apart(action):
    tasks.poll_volume()
    now = timezone.now()
    whole = Contamination.objects.create(
        action=action, start=ago(minutes=75), end=ago(minutes=61), reason="A troll farm posts the same text."
    )
    touched = sum(bucket.posts for bucket in Volume.objects.filter(start__lt=whole.end, end__gt=whole.start))
    assert touched >= 2
    assert volume.matching(action) == 4 - touched
    (span,) = volume.left_out(action)
    assert (span.posts, span.reason) == (touched, whole.reason)
    assert span.marked_at >= now
    assert sum(posts for _, posts in volume.by_hour(action)) == 4 - touched
    Contamination.objects.filter(pk=whole.pk).update(start=ago(days=1))
    assert volume.matching(action) == 4 - volume.left_out(action)[0].posts


def test_all_of_it_contaminated_is_none_left_not_unknown(action):
    tasks.poll_volume()
    Contamination.objects.create(action=action, start=ago(days=1), end=timezone.now(), reason="Machines.")
    assert volume.matching(action) == 0


@pytest.mark.parametrize("fields", [{"reason": ""}, {"start": ago(hours=1), "end": ago(hours=2)}])
def test_a_span_has_a_reason_and_an_end_after_its_start(action, fields):
    with pytest.raises(IntegrityError):
        Contamination.objects.create(
            **{"action": action, "start": ago(hours=2), "end": ago(hours=1), "reason": "x"} | fields
        )


def test_what_x_was_not_asked_about_in_time_is_known_to_be_missing(action):
    tasks.poll_volume()
    query = action.queries.get()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    assert volume.missing(query, timezone.now()) == []
    query.since = hour - timedelta(days=9)
    query.volumes.all().delete()
    for days, length in ((9, 1), (8, 2)):
        start = hour - timedelta(days=days)
        for offset in range(length):
            query.volumes.create(
                start=start + timedelta(hours=offset), end=start + timedelta(hours=offset + 1), posts=1, fetched_at=hour
            )
    first, second = volume.missing(query, hour)
    assert first == (hour - timedelta(days=9) + timedelta(hours=1), hour - timedelta(days=8))
    assert second[0] == hour - timedelta(days=8) + timedelta(hours=2)
    assert hour - second[1] < timedelta(days=7)


def test_a_query_that_x_refuses_is_noted_and_holds_up_nobody_else(simulator, settings):
    settings.X_POLL_SECONDS = 1
    bad = factories.tweet_action(is_tracking=True, query="((#Bad -is:retweet")
    good = factories.tweet_action(is_tracking=True, target=bad.target)
    TrackingQuery.objects.update(since=ago(hours=2))
    simulator.add_post("ana", TEXT, at=ago(minutes=30))
    for _ in range(2):
        tasks.poll_volume()
        tasks.collect_posts()
    assert volume.matching(good) == 1
    assert volume.matching(bad) is None
    assert "400" in bad.queries.get().refused
    assert sum(1 for request in simulator.requests if "((#Bad" in str(request.params)) <= 2
    tracking.set_query(bad, "#OpenTheRiverReport -is:retweet")
    TrackingQuery.objects.filter(action=bad, until=None).update(since=ago(hours=2))
    tasks.poll_volume()
    assert volume.matching(bad) == 1


def test_a_query_that_has_just_begun_is_not_asked_about_too_early(action, simulator):
    TrackingQuery.objects.update(since=timezone.now() - timedelta(seconds=5))
    tasks.poll_volume()
    assert TrackingQuery.objects.get().refused == ""
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        simulator.clock.advance(minutes=2)
        tasks.poll_volume()
    assert TrackingQuery.objects.get().refused == ""
    assert volume.matching(action) == 0


def test_no_post_is_counted_under_two_versions(simulator, settings):
    settings.X_POLL_SECONDS = 1
    action = factories.tweet_action(is_tracking=True)
    since = ago(hours=4).replace(minute=0, second=0, microsecond=0)
    changed = since + timedelta(hours=1, minutes=30)
    TrackingQuery.objects.update(since=since)
    for minutes in range(0, 180, 10):
        simulator.add_post("ana", f"{TEXT} at {minutes}", at=since + timedelta(minutes=minutes, seconds=1))
    tasks.poll_volume()
    query = TrackingQuery.objects.get()
    query.until = changed
    query.save()
    Volume.objects.all().delete()
    TrackingQuery.objects.update(fetched_at=None)
    TrackingQuery.objects.create(action=action, version=2, query="#OpenTheRiverReport -is:retweet", since=changed)
    tasks.poll_volume()
    assert volume.matching(action) == 18


def test_a_former_version_that_was_never_read_is_read_as_long_as_x_remembers(action, simulator):
    TrackingQuery.objects.update(until=ago(minutes=90))
    TrackingQuery.objects.create(action=action, version=2, query="#Another -is:retweet", since=ago(minutes=90))
    tasks.poll_volume()
    assert volume.matching(action) == 1


def test_what_was_posted_before_the_close_is_counted_to_the_end(simulator):
    from campaigns import status
    from campaigns.models import Status

    campaign = factories.campaign(tweet_action=factories.tweet_action(is_tracking=True))
    TrackingQuery.objects.update(since=ago(hours=1))
    simulator.add_post("ana", TEXT, at=ago(minutes=5))
    campaign.status = Status.CLOSED
    status.apply(campaign)
    tasks.poll_volume()
    assert volume.matching(campaign.tweet_action) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=20)):
        tasks.poll_volume()
        asked = len(simulator.requests)
        tasks.poll_volume()
    assert len(simulator.requests) == asked


def test_a_query_that_is_only_prepared_is_not_asked(simulator):
    action = factories.tweet_action(is_tracking=False)
    action.queries.all().delete()
    tracking.prepare(action, "#River -is:retweet")
    tracking.prepare(action, "#River -is:retweet")
    assert (action.query, action.queries.count()) == ("#River -is:retweet", 1)
    tasks.poll_volume()
    assert simulator.requests == []


GARBAGE = [
    {"data": [{"start": "2026-06-15T10:00:00Z", "end": "2026-06-15T11:00:00Z", "tweet_count": None}]},
    {"data": [{"start": "2026-06-15T11:00:00Z", "end": "2026-06-15T10:00:00Z", "tweet_count": 1}]},
    {"data": [{"start": "2026-06-15T10:00:00Z", "end": "2026-06-15T11:00:00Z", "tweet_count": -1}]},
    {"data": ["x"]},
    {"data": {"x": 1}},
    {"data": [None]},
    {"meta": []},
    {"data": [{"id": "1", "text": "x"}], "includes": []},
    {"data": [{"id": "99999999999999999999", "text": "x"}]},
    {"data": [{"id": "1", "text": "x", "created_at": "2026"}]},
]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_malformed_as_a_count_and_never_anything_worse(body):
    with pytest.raises(Malformed):
        answers.counts(body)
    with contextlib.suppress(Malformed):
        assert all(post.text for post in answers.page(body).posts)


def test_what_the_database_could_not_keep_is_mended():
    post = {"id": "5", "text": "a\0b", "author_id": "7"}
    body = {"data": [post], "includes": {"users": [{"id": "7", "username": "x" * 30, "name": "n"}]}, "meta": {}}
    (found,) = answers.page(body).posts
    assert (found.text, found.author.handle) == ("ab", "")


def test_a_key_that_works_again_anywhere_is_connected(action):
    from actions import asking

    Endpoint.objects.create(name="search", reason="AuthRevoked: 401", blocked_until=ago(days=9))
    assert not asking.is_connected()
    tasks.poll_volume()
    assert asking.is_connected()


def test_a_former_version_is_asked_about_once_more_when_it_has_settled(action, simulator):
    tasks.poll_volume()
    query = TrackingQuery.objects.get()
    query.until = timezone.now().replace(microsecond=0)
    query.save()
    asked = len(simulator.requests)
    for minutes, more in ((2, 0), (10, 0), (16, 1), (20, 1)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            simulator.clock.set(timezone.now())
            tasks.poll_volume()
        assert len(simulator.requests) == asked + more
