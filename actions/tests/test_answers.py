"""Both vocabularies: X renames tweets to posts, one field at a time."""

from datetime import UTC, date, datetime

import pytest

from actions.x import answers
from actions.x.errors import Malformed
from actions.x.ids import id_at, time_of


@pytest.mark.parametrize("count", ["tweet_count", "post_count"])
def test_counts(count):
    body = {"data": [{"start": "2026-06-15T10:00:00.000Z", "end": "2026-06-15T11:00:00.000Z", count: 7}], "meta": {}}
    (bucket,) = answers.counts(body).buckets
    assert bucket == answers.Bucket(datetime(2026, 6, 15, 10, tzinfo=UTC), datetime(2026, 6, 15, 11, tzinfo=UTC), 7)


@pytest.mark.parametrize("history", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_posts_with_their_author_and_their_first_version(history):
    post = {"id": "12", "text": "x", "author_id": "5", "created_at": "2026-06-15T10:00:00.000Z", history: ["9", "12"]}
    body = {
        "data": [post],
        "includes": {"users": [{"id": "5", "name": "A", "username": "a"}]},
        "meta": {"next_token": "t"},
    }
    page = answers.page(body)
    (post,) = page.posts
    assert (post.id, post.root, post.newest, post.author.handle) == (12, 9, 12, "a")
    assert (page.more, page.oldest) == (True, 12)
    assert page.reads == answers.Reads(posts=frozenset({12}), users=frozenset({5}))


def test_where_a_page_ends_is_what_x_says():
    body = {"data": [{"id": "12", "text": "x"}], "meta": {"next_token": "t", "oldest_id": "7"}}
    assert answers.page(body).oldest == 7


def test_an_empty_page_has_no_data():
    assert answers.page({"meta": {"result_count": 0}}) == answers.Page([])


@pytest.mark.parametrize(
    ("kind", "gone", "unread"),
    [
        ("resource-not-found", {5}, set()),
        ("not-authorized-for-resource", {5}, set()),
        ("service-unavailable", set(), {5}),
    ],
)
@pytest.mark.parametrize("resource", ["tweet", "post"])
def test_what_x_says_of_posts_that_it_does_not_give(kind, gone, unread, resource):
    error = {"type": f"https://api.x.com/2/problems/{kind}", "resource_type": resource, "value": "5"}
    page = answers.looked_up({"errors": [error, {"resource_type": "user", "value": "9"}]})
    assert (page.gone, page.unread) == (gone, unread)


def test_the_three_signs_that_x_escapes_are_as_they_were_written():
    (post,) = answers.page({"data": [{"id": "1", "text": "a &lt;b&gt; &amp;amp; &copy;"}], "meta": {}}).posts
    assert post.text == "a <b> &amp; &copy;"


def test_usage_by_day():
    rows = [{"date": "2026-06-15T00:00:00.000Z", "usage": "7"}, {"date": "2026-06-16T00:00:00.000Z", "usage": 3}]
    body = {"data": {"daily_project_usage": {"usage": [*rows, {"date": "2026-06-17T00:00:00.000Z", "usage": None}]}}}
    assert answers.usage(body).posts == {date(2026, 6, 15): 7, date(2026, 6, 16): 3}


def test_a_post_without_a_time_has_it_in_its_id():
    moment = datetime(2026, 6, 15, 10, tzinfo=UTC)
    page = answers.page({"data": [{"id": str(id_at(moment)), "text": "x"}], "meta": {}})
    assert page.posts[0].created_at == moment == time_of(id_at(moment))


def test_unknown_fields_are_passed_over_and_posts_without_text_left_out():
    page = answers.page({"data": [{"id": "1", "text": "x", "new": {}}, {"id": "2"}], "meta": {}, "more": 1})
    assert [post.id for post in page.posts] == [1]


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        None,
        {},
        {"data": None},
        {"data": [{"start": "2026", "end": "x", "tweet_count": 1}]},
        {"data": [{"start": "2026-06-15T10:00:00Z", "end": "2026-06-15T11:00:00Z"}]},
    ],
)
def test_counts_that_can_not_be_read(body):
    with pytest.raises(Malformed):
        answers.counts(body)


@pytest.mark.parametrize(
    "body", [[], {}, {"data": [{"text": "no id"}], "meta": {}}, {"data": [{"id": "x", "text": "x"}], "meta": {}}]
)
def test_pages_that_can_not_be_read(body):
    with pytest.raises(Malformed):
        answers.page(body)


@pytest.mark.parametrize(
    "body", [{}, {"data": None}, {"errors": "x"}, {"errors": ["x"]}, {"data": [{"text": "no id"}]}]
)
def test_look_ups_that_can_not_be_read(body):
    with pytest.raises(Malformed):
        answers.looked_up(body)


def test_a_user_or_none():
    found = answers.found({"data": {"id": "7", "name": "N", "username": "u"}})
    assert (found.user, found.reads.users) == (answers.User(7, "u", "N"), {7})
    gone = {"type": "https://api.x.com/2/problems/resource-not-found", "title": "Not Found Error"}
    assert answers.found({"errors": [gone]}).user is None
    for body in ({"data": None}, {"errors": [{"type": "https://api.x.com/2/problems/service-unavailable"}]}):
        with pytest.raises(Malformed):
            answers.found(body)
