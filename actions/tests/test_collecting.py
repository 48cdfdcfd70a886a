"""Posts themselves, fault by fault: afterwards stored = truth, or what is not to be had any more is noted as lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from actions import budget, tasks
from actions.models import Charge, Endpoint, Gap, Target, TrackingQuery, Tweet
from actions.tests.world import SEARCH, TEXT, TIMELINE, UNBILLED, UNKNOWN, USER, ago, unblock
from actions.x.ids import id_at
from tests import factories

pytestmark = pytest.mark.django_db


def busy(simulator, number=27, minutes=30, **fields):
    return [
        simulator.add_post("busy", f"{TEXT} busy {index}", at=ago(minutes=minutes, seconds=index), **fields)
        for index in range(number)
    ]


def stored():
    return set(Tweet.objects.filter(kind="matching").values_list("root_id", flat=True))


def truth(simulator):
    """What X shows of everything that matches, by the first id of each chain of edits."""
    now = simulator.clock.now()
    posts = [simulator.corpus.posts[number] for number in simulator.corpus.posts]
    return {min(map(int, post.edit_ids)) for post in posts if post.exists(now) and "#OpenTheRiverReport" in post.text}


def collect(rounds=1):
    for _ in range(rounds):
        unblock()
        tasks.collect_posts()


def test_posts_are_collected_once(action, simulator):
    collect(2)
    assert stored() == truth(simulator)
    assert Tweet.objects.count() == 4
    assert Tweet.objects.first().text == f"{TEXT} 0"
    assert TrackingQuery.objects.get().history.count() == 1, "asking is no change to the query"


def test_authors_are_not_paid_for_before_anybody_wants_to_show_a_post(action, simulator):
    collect()
    assert set(Tweet.objects.values_list("author_handle", "author_id")) == {("", None)}
    assert "user" not in simulator.ledger.units
    assert budget.spent(action) == simulator.bill()


def test_many_pages_are_read_at_once_and_leave_no_gap(action, simulator):
    busy(simulator)
    collect()
    assert stored() == truth(simulator)
    assert Gap.objects.count() == 0
    assert TrackingQuery.objects.get().committed_id == Tweet.objects.order_by("-post_id").first().post_id


@pytest.mark.parametrize(("fault", "options"), [*UNBILLED, *UNKNOWN, ("stale_since_id", {})])
@pytest.mark.parametrize("nth", [1, 3])
def test_what_breaks_off_goes_on_where_it_stood(action, simulator, fault, options, nth):
    busy(simulator)
    simulator.faults.add(route=SEARCH, fault=fault, nth=nth, **options)
    started = timezone.now()
    tasks.collect_posts()
    assert timezone.now() - started < timedelta(seconds=10)
    if fault != "stale_since_id":
        assert len(stored()) == (0 if nth == 1 else 20)
        assert Gap.objects.open().count() == (0 if nth == 1 else 1)
        asked = len(simulator.requests)
        tasks.collect_posts()
        assert len(simulator.requests) == asked
    simulator.add_post("fresh", f"{TEXT} fresh", at=ago(seconds=40))
    collect(2)
    assert stored() == truth(simulator)
    assert Gap.objects.open().count() == 0
    known = sum(charge.actual or 0 for charge in Charge.objects.all())
    assert known <= budget.spent(action)
    if (fault, options) in UNBILLED:
        assert budget.spent(action) == simulator.bill()


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("partial_errors", {}),
        ("missing_text", {}),
        ("unknown_fields", {}),
        ("repeated_token", {}),
        ("date_skew", {"seconds": 600}),
        ("duplicate_across_pages", {}),
    ],
)
@pytest.mark.parametrize("nth", [1, 2])
def test_an_odd_page_loses_nothing(action, simulator, fault, options, nth):
    busy(simulator)
    simulator.faults.add(route=SEARCH, fault=fault, nth=nth, **options)
    collect(8)
    assert stored() == truth(simulator)
    assert Gap.objects.count() == 0
    assert budget.spent(action) == simulator.bill()


def test_a_post_that_never_has_a_text_is_given_up_after_a_day(action, simulator):
    simulator.faults.add(route=SEARCH, fault="missing_text", times=10_000)
    collect(3)
    assert stored() == set()
    Gap.objects.update(noted_at=ago(days=2))
    collect(4)
    assert Gap.objects.open().count() == 0
    assert Gap.objects.lost().count() == 4


def test_a_post_that_is_found_late_is_not_missed(action, simulator):
    simulator.add_post("late", f"{TEXT} late", at=ago(minutes=8), indexed_at=datetime.now(UTC) + timedelta(seconds=1))
    collect()
    assert len(stored()) == 4
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3)):
        collect()
        assert stored() == truth(simulator)


def test_a_post_that_is_deleted_between_two_pages_is_not_there(action, simulator):
    posts = busy(simulator)
    simulator.after(SEARCH, 1, lambda: simulator.delete_post(posts[15].id))
    collect(2)
    assert stored() == truth(simulator)
    assert int(posts[15].id) not in stored()


def test_a_post_that_comes_between_two_pages_is_read_next_time(action, simulator):
    busy(simulator)
    simulator.after(SEARCH, 1, lambda: simulator.add_post("fresh", f"{TEXT} fresh", at=ago(seconds=40)))
    collect(2)
    assert stored() == truth(simulator)


def test_an_edited_post_is_one_row_with_its_newest_words(action, simulator):
    post = simulator.add_post("editor", f"{TEXT} frist", at=ago(minutes=9))
    collect()
    simulator.edit_post(post.id, f"{TEXT} first", at=ago(minutes=8))
    collect()
    (row,) = Tweet.objects.filter(root_id=int(post.id))
    assert row.text == f"{TEXT} first"
    assert row.post_id > row.root_id


def test_a_cursor_older_than_seven_days_goes_on_where_x_still_looks_and_says_what_is_lost(action, simulator):
    TrackingQuery.objects.update(committed_id=id_at(ago(days=9)), since=ago(days=20))
    collect()
    assert stored() == truth(simulator)
    (lost,) = Gap.objects.lost()
    assert abs(lost.start - ago(days=9, minutes=10)) < timedelta(minutes=1)
    assert abs(lost.end - ago(days=7)) < timedelta(minutes=5)
    collect()
    assert Gap.objects.count() == 1


def test_a_gap_that_grows_too_old_is_lost_as_far_as_it_is_too_old(action, simulator):
    query = TrackingQuery.objects.get()
    Gap.objects.create(query=query, after_id=id_at(ago(days=9)), before_id=id_at(ago(days=8)))
    Gap.objects.create(query=query, after_id=id_at(ago(days=8)), before_id=id_at(ago(days=6)))
    collect()
    assert Gap.objects.open().count() == 0
    lost = sorted((gap.start, gap.end) for gap in Gap.objects.lost())
    assert len(lost) == 2
    assert abs(lost[1][1] - ago(days=7)) < timedelta(minutes=5)


@pytest.mark.parametrize("limit", [10, 25])
def test_no_more_posts_are_read_a_day_than_the_plan_says_and_the_rest_is_a_gap(action, simulator, settings, limit):
    settings.X_POSTS_PER_DAY = limit
    busy(simulator, 60)
    collect(4)
    assert Tweet.objects.count() == limit // 10 * 10
    assert simulator.ledger.units["post"] <= limit
    assert Gap.objects.open().count() == 1
    settings.X_POSTS_PER_DAY = 1_000
    collect(2)
    assert stored() == truth(simulator)
    assert Gap.objects.count() == 0


def test_after_a_pause_the_newest_posts_come_before_the_old_gap(action, simulator, settings):
    settings.X_POSTS_PER_DAY = 20
    busy(simulator, 60, minutes=120)
    collect()
    fresh = simulator.add_post("fresh", f"{TEXT} fresh", at=ago(seconds=40))
    settings.X_POSTS_PER_DAY = 30
    collect()
    assert int(fresh.id) in stored()
    assert Gap.objects.open().exists()


def test_what_is_read_again_on_the_same_day_costs_nothing(action, simulator):
    collect(3)
    assert budget.spent(action) == simulator.bill() == simulator.ledger.prices["post"] * 4


def test_what_the_target_says_is_collected_for_staff(action, simulator):
    simulator.add_user("xmpl_ministry", name="Ministry", id="4711")
    simulator.add_post("xmpl_ministry", "We will publish it. #OpenTheRiverReport @xmpl_ministry", at=ago(minutes=3))
    collect()
    tasks.collect_replies()
    tasks.collect_replies()
    (said,) = Tweet.objects.filter(kind="target")
    assert said.text.startswith("We will publish it.")
    assert said.url == f"https://x.com/xmpl_ministry/status/{said.post_id}"
    assert Tweet.objects.unseen().get() == said
    assert Target.objects.get().x_user_id == 4711
    assert sum(1 for request in simulator.requests if "username" in request.path) == 1
    assert budget.spent(action) == simulator.bill()


@pytest.mark.parametrize("route", [USER, TIMELINE])
@pytest.mark.parametrize(("fault", "options"), [*UNBILLED, *UNKNOWN])
def test_no_fault_keeps_the_target_from_being_heard(action, simulator, route, fault, options):
    simulator.add_user("xmpl_ministry", name="Ministry", id="4711")
    for index in range(12):
        simulator.add_post("xmpl_ministry", f"We think about it {index}", at=ago(minutes=3, seconds=index))
    simulator.faults.add(route=route, fault=fault, **options)
    tasks.collect_replies()
    assert Tweet.objects.filter(kind="target").count() == 0
    assert Endpoint.objects.get(name="user" if route == USER else "timeline").blocked_until > timezone.now()
    unblock()
    tasks.collect_replies()
    assert Tweet.objects.filter(kind="target").count() == 12
    assert Gap.objects.count() == 0


def test_a_target_that_x_does_not_know_is_asked_about_once(action, simulator):
    tasks.collect_replies()
    tasks.collect_replies()
    target = Target.objects.get()
    assert (target.x_user_id, target.refused) == (None, "X knows no such handle.")
    assert len(simulator.requests) == 1


def test_every_target_is_listened_to_once_whoever_addresses_it(action, simulator):
    council = factories.target(x_handle="xmpl_council")
    action.more_targets.add(council)
    factories.tweet_action(is_tracking=True, target=council)
    for name, number in (("xmpl_ministry", "4711"), ("xmpl_council", "4712")):
        simulator.add_user(name, name=name, id=number)
        simulator.add_post(name, f"words of {name}", at=ago(minutes=3))
    TrackingQuery.objects.update(since=ago(hours=1))
    tasks.collect_replies()
    assert sorted(Tweet.objects.filter(kind="target").values_list("author_handle", flat=True)) == [
        "xmpl_council",
        "xmpl_ministry",
    ]
    assert sum(1 for request in simulator.requests if request.path.endswith("/tweets")) == 2


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


def test_a_timeline_is_looked_at_every_five_minutes_and_the_sample_every_hour(action, simulator, settings):
    settings.X_POLL_SECONDS = 3600
    simulator.add_user("xmpl_ministry", id="4711")
    tasks.collect_posts()
    tasks.collect_replies()
    asked = len(simulator.requests)
    for minutes, more in ((4, 0), (6, 1)):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            tasks.collect_posts()
            tasks.collect_replies()
        assert len(simulator.requests) == asked + more


def test_candidates_go_after_fourteen_days_and_what_is_chosen_or_the_targets_stays(action):
    old = timezone.now() - timedelta(days=15)
    common = {"action": action, "text": "x", "posted_at": old, "collected_at": old}
    Tweet.objects.create(post_id=1, root_id=1, kind="matching", **common)
    Tweet.objects.create(post_id=2, root_id=2, kind="target", **common)
    Tweet.objects.create(post_id=3, root_id=3, kind="matching", review="approved", **common)
    Tweet.objects.create(post_id=4, root_id=4, kind="linked", review="refused", **common)
    tasks.forget()
    assert set(Tweet.objects.values_list("post_id", flat=True)) == {2, 3}


def test_a_gap_that_nobody_could_pay_for_is_lost_when_it_is_too_old(action):
    query = TrackingQuery.objects.get()
    Gap.objects.create(query=query, after_id=id_at(ago(days=30)), before_id=id_at(ago(days=29)))
    action.budget = 0
    action.save()
    tasks.collect_posts()
    assert Gap.objects.lost().count() == 1


def test_where_the_first_action_can_not_pay_the_second_one_listens(action, simulator):
    simulator.add_user("xmpl_ministry", id="4711")
    simulator.add_post("xmpl_ministry", "We answer", at=ago(minutes=3))
    factories.tweet_action(is_tracking=True, target=action.target)
    TrackingQuery.objects.update(since=ago(hours=1))
    action.budget = 0
    action.save()
    tasks.collect_replies()
    assert Tweet.objects.get(kind="target").text == "We answer"


def test_a_user_whom_x_can_not_find_just_now_is_not_unknown(action, simulator):
    from actions.x import answers
    from actions.x.errors import Malformed

    with pytest.raises(Malformed):
        answers.found({"errors": [{"type": "https://api.x.com/2/problems/service-unavailable"}]})
