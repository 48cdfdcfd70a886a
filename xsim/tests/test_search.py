"""Search, timelines and their pages."""

from datetime import timedelta
from itertools import pairwise

import pytest

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import Get, ids, message

SEARCH = "/2/tweets/search/recent"


def fill(simulator: Simulator, number: int, handle: str = "ann") -> list[str]:
    """Ids of new posts, newest first."""
    start = NOON - timedelta(hours=1)
    return [simulator.add_post(handle, f"#tag {i}", at=start - timedelta(minutes=i)).id for i in range(number)]


def pages(get: Get, path: str, token_name: str, **params: object) -> list[list[str]]:
    found, token = [], None
    while True:
        answer = get(path, **params, **({token_name: token} if token else {}))
        found.append(ids(answer))
        token = answer.json()["meta"].get("next_token")
        if token is None:
            return found


def test_an_empty_result_has_no_data(get: Get) -> None:
    assert get(SEARCH, query="#tag").json() == {"meta": {"result_count": 0}}


def test_results_are_newest_first_with_their_ends_in_meta(simulator: Simulator, get: Get) -> None:
    made = fill(simulator, 3)
    answer = get(SEARCH, query="#tag")
    assert ids(answer) == made
    assert answer.json()["meta"] == {"result_count": 3, "newest_id": made[0], "oldest_id": made[2]}


def test_only_id_text_and_edit_history_are_shown_unless_more_is_asked_for(simulator: Simulator, get: Get) -> None:
    (made,) = fill(simulator, 1)
    assert get(SEARCH, query="#tag").json()["data"] == [
        {"id": made, "text": "#tag 0", "edit_history_tweet_ids": [made]}
    ]
    (shown,) = get(SEARCH, query="#tag", tweet__fields="lang,created_at").json()["data"]
    assert (shown["lang"], shown["created_at"]) == ("en", "2026-11-22T11:00:00.000Z")


@pytest.mark.parametrize("token_name", ["next_token", "pagination_token"])
def test_search_pages_join_up_without_gap_or_overlap(simulator: Simulator, get: Get, token_name: str) -> None:
    made = fill(simulator, 25)
    found = pages(get, SEARCH, token_name, query="#tag", max_results=10)
    assert found == [made[:10], made[10:20], made[20:]]


def test_a_post_that_arrives_between_two_pages_shifts_nothing(simulator: Simulator, clock: Clock, get: Get) -> None:
    made = fill(simulator, 15)
    token = get(SEARCH, query="#tag").json()["meta"]["next_token"]
    simulator.add_post("bob", "#tag new")
    clock.advance(minutes=2)
    assert ids(get(SEARCH, query="#tag", next_token=token)) == made[10:]


def test_a_post_deleted_between_two_pages_is_missing_from_the_second(simulator: Simulator, get: Get) -> None:
    made = fill(simulator, 15)
    token = get(SEARCH, query="#tag").json()["meta"]["next_token"]
    simulator.delete_post(made[12])
    assert ids(get(SEARCH, query="#tag", next_token=token)) == made[10:12] + made[13:]


def test_a_token_of_another_request_is_refused(simulator: Simulator, get: Get) -> None:
    made = fill(simulator, 15)
    token = get(SEARCH, query="#tag").json()["meta"]["next_token"]
    assert "does not belong" in message(get(SEARCH, query="#tag -bob", next_token=token))
    assert "does not belong" in message(get(SEARCH, query="#tag", since_id=made[-1], next_token=token))


def test_a_late_indexed_post_turns_up_below_newer_ids(simulator: Simulator, clock: Clock, get: Get) -> None:
    made = fill(simulator, 2)
    late = NOON - timedelta(minutes=60, seconds=30)
    post = simulator.add_post("bob", "#tag late", at=late, indexed_at=NOON + timedelta(minutes=5))
    assert ids(get(SEARCH, query="#tag")) == made
    clock.advance(minutes=5)
    assert ids(get(SEARCH, query="#tag")) == [made[0], post.id, made[1]]


def test_only_the_newest_version_of_an_edited_post_is_found(simulator: Simulator, clock: Clock, get: Get) -> None:
    first = simulator.add_post("ann", "#tag tpyo")
    clock.advance(minutes=1)
    second = simulator.edit_post(first.id, "#tag typo")
    clock.advance(minutes=1)
    (shown,) = get(SEARCH, query="#tag").json()["data"]
    assert (shown["id"], shown["text"]) == (second.id, "#tag typo")
    assert shown["edit_history_tweet_ids"] == [first.id, second.id]


def test_authors_and_referenced_posts_are_included_once(simulator: Simulator, get: Get) -> None:
    question = simulator.add_post("bob", "a question", at=NOON - timedelta(hours=2))
    for minutes in (50, 40):
        simulator.add_post("ann", "#tag answer", at=NOON - timedelta(minutes=minutes), reply_to=question.id)
    expansions = "author_id,referenced_tweets.id,referenced_tweets.id.author_id"
    answer = get(SEARCH, query="#tag", expansions=expansions, user__fields="verified").json()
    assert [post["id"] for post in answer["includes"]["tweets"]] == [question.id]
    assert [(user["username"], user["verified"]) for user in answer["includes"]["users"]] == [
        ("ann", False),
        ("bob", False),
    ]
    assert answer["data"][0]["referenced_tweets"] == [{"type": "replied_to", "id": question.id}]


def test_entities_carry_the_places_of_tags_mentions_and_links(simulator: Simulator, get: Get) -> None:
    text = "🌱 #tag @bob https://example.org/a"
    simulator.add_user("bob", id="77")
    simulator.add_post("ann", text, at=NOON - timedelta(hours=1))
    (post,) = get(SEARCH, query="#tag", tweet__fields="entities").json()["data"]
    places = [text[item["start"] : item["end"]] for kind in post["entities"].values() for item in kind]
    assert places == ["#tag", "@bob", "https://example.org/a"]
    assert post["entities"]["mentions"][0]["id"] == "77"


def test_a_timeline_holds_one_users_posts_up_to_now(simulator: Simulator, get: Get) -> None:
    user = simulator.add_user("bob")
    fill(simulator, 3)
    made = fill(simulator, 12, "bob")
    newest = simulator.add_post("bob", "just now").id
    found = pages(get, f"/2/users/{user.id}/tweets", "pagination_token", max_results=5)
    assert [post for page in found for post in page] == [newest, *made]


def test_a_timeline_reaches_back_further_than_seven_days(simulator: Simulator, get: Get) -> None:
    old = simulator.add_post("bob", "old", at=NOON - timedelta(days=30))
    assert ids(get(f"/2/users/{old.author_id}/tweets")) == [old.id]
    assert ids(get(f"/2/users/{old.author_id}/tweets", since_id=old.id)) == []


def test_replies_and_retweets_can_be_left_out_of_a_timeline(simulator: Simulator, get: Get) -> None:
    plain = simulator.add_post("bob", "plain")
    reply = simulator.add_post("bob", "reply", reply_to=plain.id)
    retweet = simulator.add_post("bob", "retweet", retweet_of=plain.id)
    path = f"/2/users/{plain.author_id}/tweets"
    assert set(ids(get(path, exclude="replies"))) == {plain.id, retweet.id}
    assert set(ids(get(path, exclude="replies,retweets"))) == {plain.id}
    assert set(ids(get(path))) == {plain.id, reply.id, retweet.id}


def test_counts_and_search_agree_for_every_hour(simulator: Simulator, get: Get) -> None:
    fill(simulator, 40)
    for later, earlier in pairwise(range(1, 5)):
        window = {
            "start_time": f"2026-11-22T{12 - earlier:02d}:00:00Z",
            "end_time": f"2026-11-22T{12 - later:02d}:00:00Z",
        }
        counted = get("/2/tweets/counts/recent", query="#tag", **window).json()["meta"]["total_tweet_count"]
        assert counted == len(ids(get(SEARCH, query="#tag", max_results=100, **window)))
