"""*Linked* and *verified*: what is taken for a link, and what verifies it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions import budget, linking, matching, tasks
from actions.models import LinkedPost, TrackingQuery, Tweet
from actions.tests.world import LOOKUP, TEXT, UNBILLED, UNKNOWN, ago, unblock
from actions.x.answers import Post, User
from actions.x.ids import id_at
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = id_at(ago(hours=1))


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/ana/status/{0}",
        "http://x.com/ana/status/{0}",
        "https://www.x.com/ana/status/{0}",
        "x.com/ana/status/{0}",
        "https://twitter.com/ana/status/{0}",
        "https://mobile.twitter.com/ana/status/{0}",
        "  https://x.com/i/status/{0}?s=20&t=abc  ",
        "https://x.com/ana/status/{0}/photo/1",
        "https://x.com/ana/status/{0}#m",
        "https://mobile.x.com/ana/status/{0}",
        "https://x.com/ana/statuses/{0}",
        "https://x.com/i/web/status/{0}",
        "HTTPS://X.COM/ana/status/{0}",
        "Twitter.com/ana/status/{0}",
        "See what I wrote: https://x.com/ana/status/{0}",
        "\u200ehttps://x.com/ana/status/{0}",
        "<https://x.com/ana/status/{0}>.",
        "https://x.com/ana/status/{0} https://twitter.com/ana/status/{0}?s=20",
    ],
)
def test_what_is_a_link(link):
    assert linking.post_id(link.format(NUMBER)) == NUMBER


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/a/status/{0}",
        "https://x.com/a/status/{0}?s=20&t=x",
        "https://x.com/a/status/{0}/photo/1",
        "https://mobile.x.com/a/status/{0}",
        "https://twitter.com/a/status/{0}",
        "https://x.com/a/statuses/{0}",
        "https://x.com/i/web/status/{0}",
        "https://x.com/i/status/{0}",
        "https://X.com/a/status/{0}",
        "x.com/a/status/{0}",
        "Look at https://x.com/a/status/{0}",
        "\u200ehttps://x.com/a/status/{0}",
        "Link:https://x.com/a/status/{0}",
        "شاهد:https://x.com/a/status/{0}",
        "看https://x.com/a/status/{0}",
        "https://x.com/a/status/{0}،",
        "https://x.com/a/status/{0}؟",
        "https://x.com/a/status/{0}。",
        "https://x.com/a/status/{0}…",
        "（https://x.com/a/status/{0}）",
        "**https://x.com/a/status/{0}**",
        "[my post](https://x.com/a/status/{0})",
        "(https://x.com/a/status/{0}?s=20&t=…)",
        "https://x.com:443/a/status/{0}",
    ],
)
def test_every_form_in_which_a_link_comes(link):
    assert linking.post_id(link.format(1789000000000000001)) == 1789000000000000001


@pytest.mark.parametrize(
    "link",
    [
        "",
        "x",
        "https://x.com/ana",
        "https://evil.example/ana/status/{0}",
        "https://x.com.evil.example/ana/status/{0}",
        "https://evilx.com/ana/status/{0}",
        "https://x.com@evil.example/ana/status/{0}",
        "https://x.com/ana/status/0",
        "https://x.com/ana/status/12345678901234567890",
        "https://x.com/a-n-a/status/{0}",
        "javascript:alert(1)//x.com/ana/status/{0}",
        "https://x.com/ana/status/9000000000000000000",
        "https://x.com/ana/statuses",
        "https://x.com:8080/ana/status/{0}",
        "https://x.com/ana/status/{0}x",
        "https://evil.example/x.com/ana/status/{0}",
        "https://evil.example/?u=https://x.com/ana/status/{0}",
        "https://evil-x.com/ana/status/{0}",
        "https://x.com/ana/status/{0}-1",
        "https://x.com/ana/status/١٢٣",
        "https://x.com/ana/status/{0} https://x.com/ana/status/17",
    ],
)
def test_what_is_none(link):
    with pytest.raises(ValidationError):
        linking.post_id(link.format(NUMBER))


def test_a_link_counts_once_whoever_pastes_it(action):
    for _ in range(3):
        linking.link(action, NUMBER)
    assert linking.counts(action) == (1, 0)


def test_a_post_that_speaks_to_the_target_is_verified_and_offered_to_the_wall(action, simulator):
    posts = [
        simulator.add_post("ana", TEXT, at=ago(minutes=20)),
        simulator.add_post("ben", "I told .@XMPL_ministry", at=ago(minutes=21)),
        simulator.add_post("eve", "Nice weather @xmpl_ministry2", at=ago(minutes=22)),
    ]
    for post in posts:
        linking.link(action, int(post.id))
    linking.link(action, NUMBER)
    tasks.look_after_posts()
    assert linking.counts(action) == (1, 1)
    assert [row.post_id for row in Tweet.objects.candidates().filter(kind="linked")] == [int(posts[0].id)]
    assert set(LinkedPost.objects.filter(verified_at=None).values_list("note", flat=True)) == {
        "does not match the query",
        "not found at X",
    }
    assert budget.spent(action) == simulator.bill()


def test_what_is_not_found_is_looked_up_three_times_and_then_left_to_staff(action, simulator):
    linking.link(action, NUMBER)
    for _ in range(5):
        tasks.look_after_posts()
    assert sum(1 for request in simulator.requests if request.path == LOOKUP) == 3
    assert linking.counts(action) == (0, 0)
    linking.by_staff(LinkedPost.objects.get(), verified=True)
    assert linking.counts(action) == (1, 1)


@pytest.mark.parametrize(("fault", "options"), [*UNBILLED, *UNKNOWN])
def test_a_look_up_that_fails_verifies_later(action, simulator, fault, options):
    linking.link(action, int(simulator.add_post("ana", TEXT, at=ago(minutes=20)).id))
    simulator.faults.add(route=LOOKUP, fault=fault, **options)
    tasks.look_after_posts()
    assert linking.counts(action) == (1, 0)
    assert LinkedPost.objects.get().tries == 0
    unblock()
    tasks.look_after_posts()
    assert linking.counts(action) == (1, 1)


def test_staff_have_the_last_word(action):
    linking.link(action, NUMBER)
    row = LinkedPost.objects.get()
    linking.by_staff(row, verified=True)
    assert linking.counts(action) == (1, 1)
    linking.by_staff(row, verified=False)
    assert linking.counts(action) == (0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkedPost.objects.update(verified_at=timezone.now())


def test_the_link_of_a_post_that_is_gone_is_not_taken_again(action):
    from actions import compliance

    tweet = Tweet.objects.create(
        action=action, post_id=NUMBER, root_id=NUMBER, kind="linked", text=TEXT, posted_at=ago(hours=1)
    )
    compliance.bury([tweet])
    linking.link(action, NUMBER)
    assert LinkedPost.objects.count() == 0


def test_nothing_but_the_number_is_kept(action):
    linking.link(action, linking.post_id(f"https://x.com/ana_the_signer/status/{NUMBER}"))
    assert LinkedPost.objects.get().url == f"https://x.com/i/status/{NUMBER}"
    assert "ana" not in str(LinkedPost.objects.values().get())


def test_a_post_from_before_the_action_is_not_verified(action, simulator):
    old = simulator.add_post("ana", "I love .@xmpl_ministry and its bakery", at=ago(days=900))
    linking.link(action, int(old.id))
    tasks.look_after_posts()
    assert linking.counts(action) == (0, 0)
    assert LinkedPost.objects.get().note == "older than this action"


def test_a_later_version_of_a_buried_post_is_not_offered_again(action, simulator):
    from actions import compliance

    post = simulator.add_post("ana", TEXT, at=ago(minutes=20))
    tweet = Tweet.objects.create(
        action=action, post_id=int(post.id), root_id=int(post.id), kind="linked", text=TEXT, posted_at=ago(minutes=20)
    )
    compliance.bury([tweet])
    edited = simulator.edit_post(post.id, f"{TEXT} again", at=ago(minutes=10))
    linking.link(action, int(edited.id))
    tasks.look_after_posts()
    assert Tweet.objects.candidates().count() == 0


def test_pasted_links_take_nothing_from_the_wall(action, settings):
    from actions.models import Purpose

    action.budget = 21
    action.save()
    settings.X_POLL_SECONDS = 3600
    while budget.reserve(action, Purpose.LINKS, budget.worst(posts=20)):
        pass
    assert budget.reserve(action, Purpose.CARDS, budget.worst(posts=10, users=10))


@pytest.mark.parametrize("what", ["linked", "approved"])
def test_a_look_up_that_x_refuses_as_a_question_is_not_asked_for_ever(action, simulator, monkeypatch, what):
    from actions.models import Endpoint
    from actions.x.client import XClient
    from actions.x.errors import BadQuery

    asked = []

    def refuse(self, ids, with_authors=False):
        asked.append(ids)
        raise BadQuery("400 no such ids")

    monkeypatch.setattr(XClient, "posts", refuse)
    if what == "linked":
        linking.link(action, NUMBER)
    else:
        Tweet.objects.create(
            action=action, post_id=1, root_id=1, kind="matching", text="x", posted_at=timezone.now(), review="approved"
        )
    for _ in range(3):
        tasks.look_after_posts()
    assert len(asked) == 1
    assert Endpoint.objects.get(name="lookup").blocked_until > timezone.now()


@pytest.mark.requirement("A27")
def test_invented_ids_count_until_they_are_looked_up_and_no_longer(action, simulator):
    for number in range(20):
        linking.link(action, NUMBER - number)
    assert linking.counts(action) == (20, 0)
    tasks.look_after_posts()
    assert linking.counts(action) == (0, 0)


@pytest.mark.requirement("A27")
def test_a_post_that_is_claimed_for_two_campaigns_counts_where_it_matches(action, simulator):
    other = factories.tweet_action(target=action.target, hashtag="SaveTheLake", is_tracking=True)
    TrackingQuery.objects.update(since=ago(hours=5))
    post = int(simulator.add_post("ana", "Publish it .@xmpl_ministry #OpenTheRiverReport", at=ago(minutes=20)).id)
    linking.link(other, post)
    linking.link(action, post)
    assert (linking.counts(other), linking.counts(action)) == ((1, 0), (1, 0))
    tasks.look_after_posts()
    assert (linking.counts(other), linking.counts(action)) == ((0, 0), (1, 1))


QUERIES = [
    ("#River @ministry -is:retweet", "Do it @Ministry #RIVER", True), ("#River @ministry -is:retweet", "Do it @ministry", False),
    ("#River @ministry -is:retweet", "RT @ana: Do it @ministry #River", False), ("#River (@a OR @b) -is:retweet", "#river .@b", True),
    ("#River (@a OR @b) -is:retweet", "#river @c", False), ("#River", "#Rivers", False), ("@ministry", "@ministry_of_war", False),
    ('"open it" -is:retweet', "Please Open it!", True), ('"open it" -is:retweet', "it open", False), ("lake OR river", "a river", True),
    ("river -(dam OR bridge)", "river and bridge", False), ("river -(dam OR bridge)", "river", True), ("river lang:en", "river", True),
    ("river lang:en", "lake", False), ("#نهر @ministry", "@ministry #نهر", True), ("#Café", "#Cafe\u0301", True), ("from:ana river", "river", True),
    ("from:ben river", "river", False), ("(river", "river", True), ("", "x", True), ("-", "x", False),
]  # fmt: skip


@pytest.mark.parametrize(("query", "text", "expected"), QUERIES)
def test_what_matches_a_query(query, text, expected):
    post = Post(id=1, root=1, newest=1, text=text, created_at=timezone.now(), author=User(7, "Ana", "Ana"))
    assert matching.matches(query, post) is expected
