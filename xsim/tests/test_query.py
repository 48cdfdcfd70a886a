"""What the query language matches."""

from typing import Any

import pytest

from xsim import Simulator
from xsim.query import parse
from xsim.terms import QueryError


def matches(query: str, text: str, **details: Any) -> bool:
    simulator = Simulator()
    for handle in ("ann", "bob"):
        simulator.add_user(handle)
    if details.pop("as_reply", False):
        details["reply_to"] = simulator.add_post("bob", "a question").id
    if details.pop("as_retweet", False):
        details["retweet_of"] = simulator.add_post("bob", "something").id
    return parse(query).matches(simulator.add_post("ann", text, **details), simulator.corpus)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("river", "The River is low"),
        ("clean river", "a river that is clean"),
        ('"clean river"', "for a Clean, River"),
        ("#Tag", "now #tag!"),
        ("@Bob", "hello @bob."),
        ("river OR lake", "the lake"),
        ("a (b OR c)", "c then a"),
        ("a b OR c", "c"),
        ("a -b", "a c"),
        ("a -(b OR c)", "a d"),
        ("#straße", "#STRASSE"),
        ("🌱", "grow 🌱"),
        ("from:ANN", "anything"),
        ('url:"example.org/c/"', "see https://Example.org/c/river."),
        ("url:example.org", "(http://example.org)"),
        ("hello lang:en", "hello"),
    ],
)
def test_a_query_matches(query: str, text: str) -> None:
    assert matches(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("river", "rivers"),
        ('"clean river"', "river clean"),
        ("#tag", "#tags #ta tag"),
        ("#tag", "https://example.org/#tag"),
        ("tag", "#tag"),
        ("@bob", "@bobby bob mail@bob"),
        ("a b OR c", "a"),
        ("a -b", "a B"),
        ("from:bob", "anything by ann"),
        ("url:example.org", "example.org without a scheme"),
        ("example", "https://example.org"),
        ("hello lang:de", "hello"),
        ("hello is:reply", "hello"),
    ],
)
def test_a_query_does_not_match(query: str, text: str) -> None:
    assert not matches(query, text)


def test_replies_are_found_by_kind_addressee_and_conversation() -> None:
    assert matches("answer is:reply", "an answer", as_reply=True)
    assert matches("to:bob", "an answer", as_reply=True)
    assert not matches("answer -is:reply", "an answer", as_reply=True)


def test_conversations_are_found_by_the_id_of_their_first_post() -> None:
    simulator = Simulator()
    first = simulator.add_post("ann", "one")
    second = simulator.add_post("bob", "two", reply_to=first.id)
    third = simulator.add_post("ann", "three", reply_to=second.id)
    query = parse(f"conversation_id:{first.id}")
    assert all(query.matches(post, simulator.corpus) for post in (first, second, third))


def test_retweets_are_told_apart() -> None:
    assert matches("hello is:retweet", "hello", as_retweet=True)
    assert not matches("hello -is:retweet", "hello", as_retweet=True)


@pytest.mark.parametrize(
    "query",
    [
        "(a",
        "a)",
        "a - b",
        "a OR",
        "OR a",
        "()",
        '"open',
        "-",
        "from:",
        "near:here",
        "is:nice",
        "conversation_id:x",
        '""',
    ]
    + ["lang:en", "-a", "is:reply OR a", "-is:retweet lang:en"],
)
def test_a_malformed_query_is_an_error(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)
