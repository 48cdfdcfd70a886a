"""The single terms of a query."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from xsim import text
from xsim.corpus import Corpus, Post

Match = Callable[[Post, Corpus], bool]
_OPERATOR = re.compile(r"(?P<name>[a-z_]+):(?P<value>.*)", re.IGNORECASE | re.DOTALL)
_KINDS = {"retweet": "retweeted", "reply": "replied_to", "quote": "quoted"}


class QueryError(ValueError):
    """The message says what is wrong with the query."""


@dataclass(frozen=True)
class Term:
    matches: Match
    stands_alone: bool = True


def term(lexeme: str) -> Term:
    operator = _OPERATOR.fullmatch(lexeme)
    if operator is None:
        return _words(lexeme.strip('"'))
    build = _OPERATORS.get(operator["name"].lower())
    if build is None:
        raise QueryError(f"reference to invalid operator {operator['name']!r}")
    value = operator["value"].strip('"')
    if not value:
        raise QueryError(f"operator {operator['name']!r} needs a value")
    return build(value)


def _words(phrase: str) -> Term:
    wanted = text.tokens(phrase)
    if not wanted:
        return _symbol(phrase.strip())
    if len(wanted) == 1:
        return Term(lambda post, _: wanted[0] in post.tokens)
    return Term(lambda post, _: _contains(post.tokens, wanted))


def _symbol(symbol: str) -> Term:
    """Emoji and other signs are no words, so they are looked for as they are."""
    if not symbol:
        raise QueryError("an empty phrase")
    return Term(lambda post, _: symbol in post.text)


def _contains(tokens: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(tokens[i : i + size] == wanted for i in range(len(tokens) - size + 1))


def _from(value: str) -> Term:
    who = value.removeprefix("@").casefold()
    return Term(lambda post, corpus: who in (corpus.handle(post.author_id), post.author_id))


def _to(value: str) -> Term:
    who = value.removeprefix("@").casefold()
    return Term(lambda post, corpus: who in (corpus.handle(post.in_reply_to_user_id), post.in_reply_to_user_id))


def _url(value: str) -> Term:
    part = value.casefold()
    return Term(lambda post, _: any(part in url.casefold() for url in text.urls(post.text)))


def _conversation(value: str) -> Term:
    if not value.isdecimal():
        raise QueryError("conversation_id: needs a number")
    return Term(lambda post, _: post.conversation_id == value)


def _is(value: str) -> Term:
    kind = _KINDS.get(value.lower())
    if kind is None:
        raise QueryError(f"reference to invalid operator 'is:{value}'")
    return Term(lambda post, _: post.refers(kind), False)


def _lang(value: str) -> Term:
    return Term(lambda post, _: post.lang.casefold() == value.casefold(), False)


_OPERATORS: dict[str, Callable[[str], Term]] = {
    "from": _from,
    "to": _to,
    "url": _url,
    "conversation_id": _conversation,
    "is": _is,
    "lang": _lang,
}
