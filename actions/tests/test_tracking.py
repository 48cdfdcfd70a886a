"""Volume and posts, from the simulator into the database, fault by fault: afterwards stored = truth."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions import asking, tasks, tracking, volume
from actions.models import Endpoint, Target, TrackingQuery, Tweet, TweetAction, Volume
from actions.x import answers
from actions.x.errors import Malformed
from actions.x.ids import id_at
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
COUNTS, SEARCH, TIMELINE = "/2/tweets/counts/recent", "/2/tweets/search/recent", "/2/users/{id}/tweets"
TEXT = "Publish it .@xmpl_ministry #OpenTheRiverReport"


def ago(**span):
    return datetime.now(UTC) - timedelta(**span)


@pytest.fixture
def action(simulator, settings):
    settings.X_POSTS_PER_DAY = 1_000
    made = factories.tweet_action(is_tracking=True)
    TrackingQuery.objects.update(since=ago(hours=5))
    for index, minutes in enumerate((5, 65, 70, 200)):
        simulator.add_post(f"person{index}", f"{TEXT} {index}", at=ago(minutes=minutes))
    return made


def unblock():
    Endpoint.objects.update(blocked_until=None)


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


FAULTS = [
    ("rate_limited", {"reset": "good"}), ("rate_limited", {"reset": "missing"}), ("rate_limited", {"reset": "malformed"}),
    ("rate_limited", {"reset": "past"}), ("usage_capped", {}), ("credits_depleted", {}), ("unauthorized", {}), ("forbidden", {}),
    ("html_503", {}), ("json_list_5xx", {}), ("reset", {}), ("truncated_json", {}), ("empty_200", {}), ("null_data", {}), ("lost_answer", {}),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "options"), FAULTS)
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


def test_without_a_key_nothing_is_asked(action, simulator, settings):
    settings.X_BEARER_TOKEN = ""
    tasks.poll_volume()
    tasks.collect_posts()
    tasks.collect_replies()
    assert simulator.requests == []


def test_what_is_not_tracked_is_not_asked_for(action, simulator):
    TweetAction.objects.update(is_tracking=False)
    tasks.poll_volume()
    tasks.collect_posts()
    tasks.collect_replies()
    assert simulator.requests == []


def test_posts_are_collected_once(action):
    tasks.collect_posts()
    tasks.collect_posts()
    assert Tweet.objects.filter(kind="matching").count() == 4
    newest = Tweet.objects.first()
    assert (newest.author_handle, newest.text) == ("person0", f"{TEXT} 0")


def test_many_pages_are_read_in_one_round(action, simulator):
    for index in range(27):
        simulator.add_post("busy", f"{TEXT} busy {index}", at=ago(minutes=30, seconds=index))
    tasks.collect_posts()
    assert Tweet.objects.count() == 31
    query = TrackingQuery.objects.get()
    assert (query.next_token, query.round_since_id) == ("", None)
    assert query.committed_id == Tweet.objects.order_by("-post_id").first().post_id


@pytest.mark.parametrize("fault", ["unauthorized", "html_503", "reset", "truncated_json", "lost_answer"])
def test_a_round_that_breaks_off_goes_on_where_it_stood(action, simulator, fault):
    for index in range(27):
        simulator.add_post("busy", f"{TEXT} busy {index}", at=ago(minutes=30, seconds=index))
    simulator.faults.add(route=SEARCH, fault=fault, nth=3)
    tasks.collect_posts()
    query = TrackingQuery.objects.get()
    assert Tweet.objects.count() == 20
    assert query.committed_id is None
    assert query.next_token
    simulator.add_post("fresh", f"{TEXT} fresh", at=ago(seconds=40))
    unblock()
    tasks.collect_posts()
    tasks.collect_posts()
    assert Tweet.objects.count() == 32


def test_a_post_that_is_found_late_is_not_missed(action, simulator):
    simulator.add_post("late", f"{TEXT} late", at=ago(minutes=8), indexed_at=datetime.now(UTC) + timedelta(seconds=1))
    tasks.collect_posts()
    assert Tweet.objects.count() == 4
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3)):
        tasks.collect_posts()
    assert Tweet.objects.count() == 5


def test_an_edited_post_is_one_row_with_its_newest_words(action, simulator):
    post = simulator.add_post("editor", f"{TEXT} frist", at=ago(minutes=9))
    tasks.collect_posts()
    simulator.edit_post(post.id, f"{TEXT} first", at=ago(minutes=8))
    tasks.collect_posts()
    (row,) = Tweet.objects.filter(author_handle="editor")
    assert row.text == f"{TEXT} first"
    assert row.root_id == int(post.id)


def test_an_older_version_that_is_read_later_changes_nothing(action):
    from actions import collect

    moment, query = ago(minutes=9), TrackingQuery.objects.get()
    versions = [answers.Post(number, 5, text, moment, None, "a") for number, text in ((7, "new"), (5, "old"))]
    for post in versions:
        collect._save(query, answers.Page([post], None), 1, lambda _: Tweet(kind="matching", query=query))
    assert (Tweet.objects.get().post_id, Tweet.objects.get().text) == (7, "new")


def test_a_cursor_older_than_seven_days_starts_again_where_x_still_looks(action, caplog):

    TrackingQuery.objects.update(committed_id=id_at(ago(days=9)))
    tasks.collect_posts()
    assert Tweet.objects.count() == 4
    assert "are lost" in caplog.text


@pytest.mark.parametrize("limit", [5, 10, 25])
def test_no_more_posts_are_read_a_day_than_the_money_allows(action, simulator, settings, limit):
    settings.X_POSTS_PER_DAY = limit
    for index in range(60):
        simulator.add_post("busy", f"{TEXT} busy {index}", at=ago(minutes=30, seconds=index))
    for _ in range(4):
        tasks.collect_posts()
    assert Tweet.objects.count() <= limit
    action.refresh_from_db()
    assert action.posts_read <= limit
    settings.X_POSTS_PER_DAY = limit + 20
    tasks.collect_posts()
    assert limit // 10 * 10 < Tweet.objects.count() <= limit + 20


def test_what_is_read_again_costs_again(action, simulator, settings):
    tasks.collect_posts()
    tasks.collect_posts()
    action.refresh_from_db()
    assert Tweet.objects.count() == 4
    assert action.posts_read > 4


def test_what_the_target_says_is_collected_for_staff(action, simulator):
    simulator.add_user("xmpl_ministry", name="Ministry", id="4711")
    simulator.add_post("xmpl_ministry", "We will publish it. #OpenTheRiverReport @xmpl_ministry", at=ago(minutes=3))
    tasks.collect_posts()
    tasks.collect_replies()
    tasks.collect_replies()
    (said,) = Tweet.objects.filter(kind="target")
    assert said.text.startswith("We will publish it.")
    assert said.url == f"https://x.com/xmpl_ministry/status/{said.post_id}"
    assert Target.objects.get().x_user_id == 4711
    assert sum(1 for request in simulator.requests if "username" in request.path) == 1


def test_a_target_that_x_does_not_know_is_asked_about_once(action, simulator):
    tasks.collect_replies()
    tasks.collect_replies()
    target = Target.objects.get()
    assert (target.x_user_id, target.refused) == (None, "X knows no such handle.")
    assert len(simulator.requests) == 1


def test_candidates_go_after_fourteen_days_and_what_the_target_said_stays(action):
    old = timezone.now() - timedelta(days=15)
    common = {"text": "x", "posted_at": old, "collected_at": old}
    Tweet.objects.create(post_id=1, root_id=1, kind="matching", **common)
    Tweet.objects.create(post_id=2, root_id=2, kind="target", **common)
    tasks.forget_openings()
    assert list(Tweet.objects.values_list("post_id", flat=True)) == [2]


def test_an_answer_without_posts_moves_nothing(action):
    assert asking.ask("search", lambda x: x.search("#NobodySaysThis", id_at(ago(hours=1)))).posts == []


def test_volume_buckets_are_unique(action):
    tasks.poll_volume()
    assert Volume.objects.count() == Volume.objects.values("query", "start").distinct().count() > 0


def test_a_corrected_handle_is_another_account(action, simulator):
    for name, number in (("xmpl_ministry", "4711"), ("other_min", "4712")):
        simulator.add_user(name, name=name, id=number)
        simulator.add_post(name, f"words of {name}", at=ago(minutes=3))
    tasks.collect_replies()
    Target.objects.update(x_handle="other_min")
    tasks.collect_replies()
    said = Tweet.objects.filter(kind="target").values_list("author_handle", "text")
    assert set(said) == {("xmpl_ministry", "words of xmpl_ministry"), ("other_min", "words of other_min")}
    assert Target.objects.get().x_user_id == 4712


def test_a_query_that_x_refuses_is_noted_and_holds_up_nobody_else(simulator, settings):
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


def test_a_place_in_the_round_that_x_has_forgotten_is_read_again_from_the_beginning(action, simulator):
    TrackingQuery.objects.update(next_token="long-forgotten", round_since_id=id_at(ago(hours=5)))
    tasks.collect_posts()
    assert Tweet.objects.count() == 4


def test_no_post_is_counted_under_two_versions(simulator):
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
    {"data": ["x"]}, {"data": {"x": 1}}, {"data": [None]}, {"meta": []}, {"data": [{"id": "1", "text": "x"}], "includes": []},
    {"data": [{"id": "99999999999999999999", "text": "x"}]}, {"data": [{"id": "1", "text": "x", "created_at": "2026"}]},
]  # fmt: skip


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_malformed_as_a_count_and_never_anything_worse(body):
    with pytest.raises(Malformed):
        answers.buckets(body)
    with contextlib.suppress(Malformed):
        assert all(post.text for post in answers.page(body).posts)


def test_what_the_database_could_not_keep_is_mended():
    post = {"id": "5", "text": "a\0b", "author_id": "7"}
    body = {"data": [post], "includes": {"users": [{"id": "7", "username": "x" * 30, "name": "n"}]}, "meta": {}}
    (found,) = answers.page(body).posts
    assert (found.text, found.author_handle) == ("ab", "")
