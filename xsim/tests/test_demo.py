"""Generated traffic."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from xsim.corpus import Corpus, Post
from xsim.demo import Demo, Plan
from xsim.query import parse
from xsim.tests.conftest import NOON

PLAN = Plan(epoch=NOON, mention="@handle #Tag", target="handle", target_id="123")
HOUR = timedelta(hours=1)


def played(plan: Plan, *moments: timedelta) -> Corpus:
    """The corpus after the demo was asked for these moments after its epoch."""
    corpus = Corpus()
    demo = Demo(corpus, plan)
    for moment in moments:
        demo(plan.epoch + moment)
    return corpus


def contents(corpus: Corpus) -> list[tuple[str, str, str]]:
    return [(post.id, post.author_id, post.text) for post in corpus.posts.values()]


def answers(corpus: Corpus) -> list[Post]:
    return [post for post in corpus.posts.values() if post.author_id == "123"]


def test_a_restart_brings_back_the_same_posts() -> None:
    steps = [timedelta(minutes=minute) for minute in range(0, 61, 7)]
    assert contents(played(PLAN, HOUR)) == contents(played(PLAN, *steps, HOUR))


def test_another_seed_or_epoch_makes_other_posts() -> None:
    usual = contents(played(PLAN, HOUR))
    assert usual != contents(played(replace(PLAN, seed=2), HOUR))
    assert usual != contents(played(replace(PLAN, epoch=NOON - HOUR), HOUR))


def test_nothing_happens_before_the_epoch() -> None:
    assert contents(played(PLAN, -timedelta(seconds=1))) == []


def test_posts_come_at_about_the_rate_and_all_match() -> None:
    corpus = played(PLAN, 2 * HOUR)
    calls = [post for post in corpus.posts.values() if post.author_id != "123"]
    assert 0.9 * 20 * 120 < len(calls) < 1.1 * 20 * 120
    query = parse("#tag @handle -is:retweet")
    assert all(query.matches(post, corpus) for post in calls)


def test_minutes_differ_and_texts_and_authors_vary() -> None:
    corpus = played(PLAN, HOUR)
    per_minute = {post.created_at.replace(second=0, microsecond=0): 0 for post in corpus.posts.values()}
    for post in corpus.posts.values():
        per_minute[post.created_at.replace(second=0, microsecond=0)] += 1
    assert len(set(per_minute.values())) > 5
    assert len({post.author_id for post in corpus.posts.values()}) > 200
    assert len({post.text for post in corpus.posts.values()}) > 200


def test_the_target_answers_after_the_delay_and_then_about_every_ten_minutes() -> None:
    made = answers(played(PLAN, HOUR))
    assert made[0].created_at == NOON + timedelta(seconds=90)
    gaps = [later.created_at - earlier.created_at for earlier, later in pairwise(made)]
    assert len(made) == 6
    assert all(timedelta(minutes=8) <= gap <= timedelta(minutes=12) for gap in gaps)


def test_answers_are_replies_in_the_conversation_of_an_earlier_post() -> None:
    corpus = played(PLAN, HOUR)
    for answer in answers(corpus):
        ((kind, parent_id),) = answer.referenced
        parent = corpus.posts[int(parent_id)]
        assert kind == "replied_to"
        assert parent.created_at < answer.created_at
        assert (answer.conversation_id, answer.in_reply_to_user_id) == (parent.id, parent.author_id)


def test_invented_people_are_recognisable_as_such() -> None:
    corpus = played(PLAN, timedelta(0))
    others = [user for user in corpus.users.values() if user.id != "123"]
    assert all(user.username.startswith("demo_") and len(user.username) <= 15 for user in others)
    assert len({user.username for user in corpus.users.values()}) == len(corpus.users)
