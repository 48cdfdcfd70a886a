"""Real tweepy, over HTTP, against the simulator: what it asks, and what it makes of every fault."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from actions.x import errors
from actions.x.client import XClient
from actions.x.ids import id_at
from xsim import Simulator

NOW = datetime.now(UTC)
COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


@pytest.fixture(params=["tweet", "post"])
def x(request):
    sim = Simulator(bearer="test-bearer", vocabulary=request.param)
    for minutes in (10, 70, 75):
        sim.add_post(f"person{minutes}", f"Publish it #River {minutes}", at=NOW - timedelta(minutes=minutes))
    with sim.serve() as url:
        sim.client = XClient(url, "test-bearer", seconds=0.5)
        yield sim


def test_counts(x):
    buckets = x.client.counts("#River -is:retweet", NOW - timedelta(days=1)).buckets
    assert sum(bucket.posts for bucket in buckets) == 3
    assert all(bucket.start.tzinfo for bucket in buckets)


def test_search_pages_newest_first(x):
    for minutes in range(12):
        x.add_post("many", f"#River again {minutes}", at=NOW - timedelta(minutes=20 + minutes))
    since = id_at(NOW - timedelta(days=1))
    first = x.client.search("#River", since)
    second = x.client.search("#River", since, first.oldest)
    ids = [post.id for post in first.posts + second.posts]
    assert len(ids) == 15
    assert ids == sorted(ids, reverse=True)
    assert (first.more, first.oldest) == (True, first.posts[-1].id)
    assert second.more is False
    assert first.reads.posts == {post.id for post in first.posts}
    assert first.posts[0].author is None


def test_a_user_and_what_they_post(x):
    x.add_user("xmpl_ministry", name="Ministry", id="4711")
    x.add_post("xmpl_ministry", "We are looking into it", at=NOW - timedelta(minutes=5))
    assert x.client.user("xmpl_ministry").user.id == 4711
    assert x.client.user("nobody_here").user is None
    assert [post.text for post in x.client.posts_of(4711, id_at(NOW - timedelta(days=1))).posts] == [
        "We are looking into it"
    ]


def test_posts_by_id(x):
    post = x.add_post("a", "#River", at=NOW - timedelta(minutes=5))
    gone = x.add_post("a", "#River gone", at=NOW - timedelta(minutes=6))
    x.delete_post(gone.id)
    page = x.client.posts([int(post.id), int(gone.id)], with_authors=True)
    assert [(found.id, found.author.handle) for found in page.posts] == [(int(post.id), "a")]
    assert page.gone == {int(gone.id)}
    assert len(page.reads.users) == 1


FAULTS = [
    ("rate_limited", {"reset": "good"}, errors.RateLimited),
    ("rate_limited", {"reset": "missing"}, errors.RateLimited),
    ("rate_limited", {"reset": "malformed"}, errors.RateLimited),
    ("rate_limited", {"reset": "past"}, errors.RateLimited),
    ("usage_capped", {}, errors.QuotaExhausted),
    ("credits_depleted", {"spelling": "CreditsDepleted"}, errors.QuotaExhausted),
    ("credits_depleted", {"spelling": "credits-depleted"}, errors.QuotaExhausted),
    ("unauthorized", {}, errors.AuthRevoked),
    ("forbidden", {}, errors.Forbidden),
    ("html_503", {}, errors.Transient),
    ("html_500", {}, errors.Transient),
    ("json_list_5xx", {}, errors.Transient),
    ("stall", {"seconds": 3}, errors.Transient),
    ("reset", {}, errors.Transient),
    ("truncated_json", {"length": "cut"}, errors.Malformed),
    ("truncated_json", {"length": "full"}, errors.Transient),
    ("empty_200", {}, errors.Malformed),
    ("null_data", {}, errors.Malformed),
    ("redirect", {}, errors.Transient),
    ("lost_answer", {}, errors.Transient),
]


@pytest.mark.parametrize(("fault", "options", "error"), FAULTS)
@pytest.mark.parametrize("route", [COUNTS, SEARCH])
def test_every_fault_is_a_typed_error_within_its_time(x, route, fault, options, error):
    def ask():
        return (
            x.client.counts("#River", NOW - timedelta(days=1))
            if route == COUNTS
            else x.client.search("#River", id_at(NOW - timedelta(days=1)))
        )

    before = len(x.requests)
    x.faults.add(route=route, fault=fault, nth=1, times=1, **options)
    started = datetime.now(UTC)
    with pytest.raises(error):
        ask()
    assert datetime.now(UTC) - started < timedelta(seconds=2)
    assert len(x.requests) <= before + 1
    assert ask()


@pytest.mark.parametrize("reset", ["good", "missing", "malformed", "past"])
def test_how_long_a_rate_limit_holds(x, reset):
    x.faults.add(route=COUNTS, fault="rate_limited", reset=reset)
    with pytest.raises(errors.RateLimited) as caught:
        x.client.counts("#River", NOW - timedelta(days=1))
    assert timedelta(seconds=5) <= caught.value.wait <= timedelta(minutes=20, seconds=5)


def test_a_clock_that_is_ten_minutes_off_does_not_matter(x):
    x.faults.add(route=COUNTS, fault="date_skew", seconds=600)
    assert x.client.counts("#River", NOW - timedelta(days=1))


def test_a_stale_cursor_says_so(x):
    with pytest.raises(errors.CursorTooOld):
        x.client.search("#River", id_at(NOW - timedelta(days=9)))


def test_a_query_that_x_refuses(x):
    with pytest.raises(errors.BadQuery):
        x.client.counts("(#River", NOW - timedelta(days=1))


def test_odd_answers_are_read_as_far_as_they_go(x):
    for fault in ("unknown_fields", "missing_text", "partial_errors"):
        x.faults.add(route=SEARCH, fault=fault)
        assert isinstance(x.client.search("#River", id_at(NOW - timedelta(days=1))).posts, list)


def test_no_request_goes_anywhere_else(x):
    from core.web.transport import ForeignHost

    with pytest.raises(ForeignHost):
        x.client.tweepy.session.get("https://example.org/")


def test_the_bearer_token_is_never_logged(x, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("tweepy").setLevel(logging.WARNING)
    x.client.counts("#River", NOW - timedelta(days=1))
    assert "test-bearer" not in caplog.text


def test_nothing_is_ever_posted(x):
    assert x.posted == []
    assert not hasattr(x.client, "create_tweet")
