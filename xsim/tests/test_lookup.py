"""Looking up posts and users."""

from xsim import Clock, Simulator
from xsim.tests.helpers import Get, ids


def test_posts_come_in_the_order_asked_for_and_the_missing_ones_as_errors(simulator: Simulator, get: Get) -> None:
    first, second = simulator.add_post("ann", "one"), simulator.add_post("ann", "two")
    answer = get("/2/tweets", ids=f"{second.id},12345,{first.id}")
    assert ids(answer) == [second.id, first.id]
    (error,) = answer.json()["errors"]
    assert error["type"].endswith("/resource-not-found")
    assert error["resource_id"] == "12345"


def test_when_all_are_missing_there_is_no_data(get: Get) -> None:
    answer = get("/2/tweets", ids="12345")
    assert answer.status_code == 200
    assert list(answer.json()) == ["errors"]


def test_a_single_post_stands_alone(simulator: Simulator, get: Get) -> None:
    question = simulator.add_post("bob", "a question")
    post = simulator.add_post("ann", "one", reply_to=question.id)
    answer = get(f"/2/tweets/{post.id}", tweet__fields="lang", expansions="author_id,referenced_tweets.id").json()
    assert answer["data"]["id"] == post.id
    assert answer["data"]["lang"] == "en"
    assert [user["username"] for user in answer["includes"]["users"]] == ["ann"]
    assert [other["id"] for other in answer["includes"]["tweets"]] == [question.id]
    assert "errors" not in answer


def test_a_single_post_that_is_missing_is_an_error(get: Get) -> None:
    answer = get("/2/tweets/12345")
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["value"]) == ("id", "12345")
    assert list(answer.json()) == ["errors"]


def test_an_edit_still_to_come_is_not_given_away(simulator: Simulator, clock: Clock, get: Get) -> None:
    first = simulator.add_post("ann", "one")
    second = simulator.edit_post(first.id, "two", at=clock.now().replace(minute=5))
    path, asked = f"/2/tweets/{first.id}", {"expansions": "edit_history_tweet_ids", "tweet__fields": "edit_controls"}
    answer = get(path, **asked).json()
    assert answer["data"]["edit_history_tweet_ids"] == [first.id]
    assert answer["data"]["edit_controls"]["edits_remaining"] == 5
    assert list(answer) == ["data"]
    clock.advance(minutes=5)
    answer = get(path, **asked).json()
    assert answer["data"]["edit_history_tweet_ids"] == [first.id, second.id]
    assert answer["data"]["edit_controls"]["edits_remaining"] == 4
    assert [post["text"] for post in answer["includes"]["tweets"]] == ["two"]


def test_a_deleted_post_is_gone_with_all_its_versions(simulator: Simulator, clock: Clock, get: Get) -> None:
    first = simulator.add_post("ann", "one")
    clock.advance(minutes=1)
    second = simulator.edit_post(first.id, "two")
    both = f"{first.id},{second.id}"
    assert ids(get("/2/tweets", ids=both)) == [first.id, second.id]
    simulator.delete_post(second.id)
    assert ids(get("/2/tweets", ids=both)) == []


def test_a_deletion_can_lie_in_the_future(simulator: Simulator, clock: Clock, get: Get) -> None:
    post = simulator.add_post("ann", "one")
    later = clock.now().replace(hour=13)
    simulator.delete_post(post.id, at=later)
    assert ids(get("/2/tweets", ids=post.id)) == [post.id]
    clock.set(later)
    assert ids(get("/2/tweets", ids=post.id)) == []


def test_a_user_is_found_by_name_in_any_case(simulator: Simulator, get: Get) -> None:
    simulator.add_user("StateDept", name="A department", id="42")
    assert get("/2/users/by/username/statedept").json() == {
        "data": {"id": "42", "name": "A department", "username": "StateDept"}
    }


def test_unknown_users_are_errors(get: Get) -> None:
    assert get("/2/users/by/username/nobody").json()["errors"][0]["resource_type"] == "user"
    assert get("/2/users/99/tweets").json()["errors"][0]["value"] == "99"


def test_the_apps_own_token_has_no_me(get: Get) -> None:
    answer = get("/2/users/me")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/unsupported-authentication")
