"""What is gone from X is gone here; what could not be asked is not taken for gone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions import budget, tasks
from actions.models import Endpoint, LinkedPost, Target, Tombstone, Tweet
from actions.tests.world import LOOKUP, TEXT, UNBILLED, UNKNOWN, ago, unblock

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(action, simulator):
    """Four posts of which three are approved, found at X, and so shown."""
    tasks.collect_posts()
    chosen = list(Tweet.objects.order_by("pk")[:3])
    Tweet.objects.filter(pk__in=[tweet.pk for tweet in chosen]).update(review="approved")
    tasks.look_after_posts()
    return list(Tweet.objects.shown().order_by("pk"))


def a_day_later(days=1):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_an_approved_post_is_shown_once_it_was_found_with_its_author(action, simulator, shown):
    assert len(shown) == 3
    assert {tweet.author_handle for tweet in shown} < {f"person{index}" for index in range(4)}
    assert shown[0].url == f"https://x.com/{shown[0].author_handle}/status/{shown[0].post_id}"
    assert budget.spent(action) == simulator.bill()


def test_until_then_it_is_not(action):
    tasks.collect_posts()
    Tweet.objects.update(review="approved")
    assert Tweet.objects.shown().count() == 0


def test_they_are_asked_about_once_a_day_a_hundred_at_once(action, simulator, shown):
    before = sum(1 for request in simulator.requests if request.path == LOOKUP)
    tasks.look_after_posts()
    assert sum(1 for request in simulator.requests if request.path == LOOKUP) == before
    with a_day_later():
        tasks.look_after_posts()
        tasks.look_after_posts()
    (asked,) = [request for request in simulator.requests if request.path == LOOKUP][before:]
    assert len(asked.params["ids"].split(",")) == 3


@pytest.mark.parametrize("how", ["deleted", "protected", "suspended", "edited"])
def test_what_is_gone_or_changed_is_blanked_at_once_and_does_not_come_back(action, simulator, shown, how):
    tweet, root, author = shown[0], shown[0].root_id, shown[0].author_handle
    {
        "deleted": lambda: simulator.delete_post(str(tweet.post_id)),
        "protected": lambda: simulator.protect_user(author),
        "suspended": lambda: simulator.suspend_user(author),
        "edited": lambda: simulator.edit_post(
            str(tweet.post_id), "Something else #OpenTheRiverReport @xmpl_ministry", at=ago(seconds=50)
        ),
    }[how]()
    with a_day_later():
        simulator.clock.advance(days=1)
        tasks.look_after_posts()
        tweet.refresh_from_db()
        assert (tweet.text, tweet.author_handle, tweet.author_name, tweet.author_id) == ("", "", "", None)
        assert (tweet.post_id, tweet.root_id) == (None, None)
        assert tweet.gone_at
        assert tweet not in Tweet.objects.shown()
        assert Tweet.objects.shown().count() == 2
        if how != "deleted":
            simulator.restore_user(author)
        unblock()
        tasks.collect_posts()
        assert not Tweet.objects.filter(root_id=root).exists()
    assert Tombstone.objects.count() == 1
    assert str(root).encode() not in bytes(Tombstone.objects.get().post_hash)


# Where `data` is null X still says in `errors` which post is gone: that is evidence.
FAILED = [fault for fault in (*UNBILLED, *UNKNOWN) if fault[0] != "null_data"]


@pytest.mark.parametrize(("fault", "options"), FAILED)
def test_a_look_up_that_fails_is_no_evidence(action, simulator, shown, fault, options):
    simulator.delete_post(str(shown[0].post_id))
    simulator.faults.add(route=LOOKUP, fault=fault, **options)
    with a_day_later():
        simulator.clock.advance(days=1)
        tasks.look_after_posts()
        assert Tombstone.objects.count() == 0
        assert Tweet.objects.shown().count() == 3
        unblock()
        tasks.look_after_posts()
        assert Tombstone.objects.count() == 1
        assert Tweet.objects.shown().count() == 2


def test_forty_eight_hours_without_an_answer_hide_the_posts_and_keep_them(action, simulator, shown):
    simulator.faults.add(route=LOOKUP, fault="html_503", times=10_000)
    with a_day_later(1.9):
        tasks.look_after_posts()
        assert Tweet.objects.shown().count() == 3
    with a_day_later(2.1):
        unblock()
        tasks.look_after_posts()
        assert Tweet.objects.shown().count() == 0
        assert Tweet.objects.approved().count() == 3
        simulator.faults.clear()
        unblock()
        tasks.look_after_posts()
        assert Tweet.objects.shown().count() == 3


def test_a_post_that_x_says_nothing_of_is_neither_gone_nor_checked(action, simulator, shown):
    simulator.faults.add(route=LOOKUP, fault="missing_text")
    with a_day_later():
        tasks.look_after_posts()
        assert Tombstone.objects.count() == 0
        assert Tweet.objects.filter(checked_at__gt=ago(hours=1)).count() == 0


def test_shown_posts_are_not_overwritten_by_what_is_collected(action, simulator, shown):
    simulator.edit_post(str(shown[0].post_id), f"{TEXT} turned around", at=ago(seconds=50))
    unblock()
    tasks.collect_posts()
    shown[0].refresh_from_db()
    assert "turned around" not in shown[0].text


def test_posts_of_a_campaign_that_is_over_are_looked_after_too(action, simulator, shown):
    action.is_tracking = False
    action.save()
    simulator.delete_post(str(shown[0].post_id))
    with a_day_later():
        simulator.clock.advance(days=1)
        tasks.look_after_posts()
        assert Tweet.objects.shown().count() == 2


def test_everything_of_x_goes_with_one_command(action, simulator, shown, capsys):
    LinkedPost.objects.create(action=action, post_id=5)
    call_command("forget_x")
    assert Tweet.objects.count() == 4
    call_command("forget_x", "--yes")
    assert "4 " in capsys.readouterr().out
    assert not Tweet.objects.exists()
    assert not LinkedPost.objects.exists()
    assert not Endpoint.objects.exists()
    assert Target.objects.get().x_user_id is None


def test_the_database_keeps_what_is_gone_blank(action):
    tweet = Tweet.objects.create(
        action=action, post_id=1, root_id=1, kind="matching", text="x", posted_at=timezone.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Tweet.objects.filter(pk=tweet.pk).update(gone_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Tweet.objects.filter(pk=tweet.pk).update(post_id=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tweet.objects.create(action=action, post_id=2, root_id=1, kind="matching", text="x", posted_at=timezone.now())
    for field, value in (("kind", "fun"), ("review", "fun")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Tweet.objects.filter(pk=tweet.pk).update(**{field: value})


def test_a_post_that_people_are_asked_to_answer_is_looked_for_at_once_and_every_day(action, simulator):
    simulator.add_user("xmpl_ministry", name="Ministry", id="4711")
    post = simulator.add_post("xmpl_ministry", "We will publish it.", at=ago(minutes=3))
    tasks.collect_replies()
    said = Tweet.objects.get(kind=Tweet.Kind.TARGET)
    Tweet.objects.update(answer="reply")
    assert not Tweet.objects.answerable()
    tasks.look_after_posts()
    assert Tweet.objects.answerable().get() == said
    with a_day_later():
        assert not Tweet.objects.answerable()
        tasks.look_after_posts()
        assert Tweet.objects.answerable().get() == said
        simulator.delete_post(post.id)
    with a_day_later(2):
        tasks.look_after_posts()
        assert not Tweet.objects.to_answer()
