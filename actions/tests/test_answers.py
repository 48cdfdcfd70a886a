"""Both vocabularies: X renames tweets to posts, one field at a time."""

from datetime import UTC, datetime

import pytest

from actions.x import answers
from actions.x.errors import Malformed
from actions.x.ids import id_at, time_of


@pytest.mark.parametrize("count", ["tweet_count", "post_count"])
def test_counts(count):
    body = {"data": [{"start": "2026-06-15T10:00:00.000Z", "end": "2026-06-15T11:00:00.000Z", count: 7}], "meta": {}}
    (bucket,) = answers.buckets(body)
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
    assert page.next_token == "t"
    assert (page.posts[0].id, page.posts[0].root, page.posts[0].author_handle) == (12, 9, "a")


def test_an_empty_page_has_no_data():
    assert answers.page({"meta": {"result_count": 0}}) == answers.Page([], None)


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
        answers.buckets(body)


@pytest.mark.parametrize(
    "body", [[], {}, {"data": [{"text": "no id"}], "meta": {}}, {"data": [{"id": "x", "text": "x"}], "meta": {}}]
)
def test_pages_that_can_not_be_read(body):
    with pytest.raises(Malformed):
        answers.page(body)


def test_a_user_or_none():
    assert answers.user({"data": {"id": "7", "name": "N", "username": "u"}}) == answers.User(7, "u", "N")
    assert answers.user({"errors": [{"title": "Not Found Error"}]}) is None
