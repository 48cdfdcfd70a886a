"""Whether a post matches a query of ours, as X would read it: for posts that somebody shows us, which X was not searched for."""

from __future__ import annotations

import re

import regex

from actions.x.answers import Post
from core.text import hashtags

PARTS = re.compile(r'-?\(|\)|-?"[^"]*"|[^\s()]+')


def matches(query: str, post: Post) -> bool:
    """Hashtags, handles, words and phrases, with OR, parentheses and a minus. What else a query asks for can't be seen in a text:
    it is taken to be so."""
    return _any(PARTS.findall(_plain(query)), post) is not False


def _any(parts: list[str], post: Post) -> bool | None:
    """Takes its parts off the list, up to its closing parenthesis. None: can't be seen."""
    found = [_all(parts, post)]
    while parts and parts[0] == "or":
        parts.pop(0)
        found.append(_all(parts, post))
    return True if True in found else None if None in found else False


def _all(parts: list[str], post: Post) -> bool | None:
    found = []
    while parts and parts[0] not in ("or", ")"):
        found.append(_one(parts, post))
    return False if False in found else None if None in found else True


def _one(parts: list[str], post: Post) -> bool | None:
    part = parts.pop(0)
    without, part = (True, part[1:]) if part.startswith("-") and len(part) > 1 else (False, part)
    found = _group(parts, post) if part == "(" else _term(part, post)
    return not found if without and found is not None else found


def _group(parts: list[str], post: Post) -> bool | None:
    found = _any(parts, post)
    if parts:
        parts.pop(0)
    return found


def _term(term: str, post: Post) -> bool | None:
    text = _plain(post.text)
    if term == "is:retweet":
        return text.startswith("rt @")
    if term.startswith("from:") and post.author:
        return term.removeprefix("from:").lstrip("@") == _plain(post.author.handle)
    if re.match(r"[a-z_]+:", term):
        return None
    if term.startswith("#"):
        return hashtags.has(text, term[1:])
    words = regex.escape(term.strip('"'))
    return regex.search(rf"(?<![{hashtags.SIGNS}]){words}(?![{hashtags.SIGNS}])", text) is not None


def _plain(text: str) -> str:
    return hashtags.folded(text).replace("＃", "#").replace("＠", "@")
