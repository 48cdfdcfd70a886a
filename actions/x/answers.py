"""X's answers as typed objects. X is renaming "tweet" to "post" in its field names: both are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from actions.x.errors import Malformed
from actions.x.ids import time_of

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Bucket:
    """How many posts matched from `start` until `end`."""

    start: datetime
    end: datetime
    posts: int


@dataclass(frozen=True)
class User:
    id: int
    handle: str
    name: str


@dataclass(frozen=True)
class Post:
    """`root` is the first id of the chain of edits: the post that it is a version of."""

    id: int
    root: int
    text: str
    created_at: datetime
    author_id: int | None
    author_handle: str


@dataclass(frozen=True)
class Page:
    """Newest first; `next_token` is None on the last page."""

    posts: list[Post]
    next_token: str | None


def readable(parse: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    """Whatever is odd about an answer is Malformed."""

    @wraps(parse)
    def checked(body: Any) -> Answer:
        try:
            return parse(body)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise Malformed(f"{parse.__name__} can't be read: {type(error).__name__}") from error

    return checked


@readable
def buckets(body: Any) -> list[Bucket]:
    """In the order of time, each start once."""
    rows = {bucket.start: bucket for bucket in map(_bucket, body["data"])}
    return [rows[start] for start in sorted(rows)]


@readable
def user(body: Any) -> User | None:
    """None for an answer that says that there is no such user."""
    row = body.get("data")
    return _user(row) if row else None


@readable
def page(body: Any) -> Page:
    """A search or a timeline. Posts without text (withheld, say) are left out; an empty page has no `data` at all."""
    meta = body.get("meta") or {}
    authors = {found.id: found for found in map(_user, (body.get("includes") or {}).get("users", []))}
    rows = body.get("data") or []
    if not rows and meta.get("result_count") != 0 and not body.get("errors"):
        raise Malformed("neither posts nor a count of none")
    posts = [_post(row, authors) for row in rows if row.get("text")]
    token = meta.get("next_token")
    return Page(posts, str(token)[:200] if token else None)


def _bucket(row: dict[str, Any]) -> Bucket:
    count = row["tweet_count"] if "tweet_count" in row else row["post_count"]
    bucket = Bucket(_time(row["start"]), _time(row["end"]), int(count))
    if bucket.posts < 0 or bucket.end <= bucket.start:
        raise ValueError
    return bucket


def _post(row: dict[str, Any], authors: dict[int, User]) -> Post:
    number = _id(row["id"])
    chain = row.get("edit_history_tweet_ids") or row.get("edit_history_post_ids") or [number]
    author = _id(row["author_id"]) if row.get("author_id") else None
    return Post(
        id=number,
        root=min(map(_id, chain)),
        text=str(row["text"]).replace("\0", ""),
        created_at=_time(row["created_at"]) if row.get("created_at") else time_of(number),
        author_id=author,
        author_handle=authors[author].handle if author in authors else "",
    )


def _user(row: dict[str, Any]) -> User:
    handle = str(row["username"])
    return User(_id(row["id"]), handle if re.fullmatch(r"\w{1,15}", handle, re.ASCII) else "", str(row["name"]))


def _id(value: Any) -> int:
    number = int(value)
    if not 0 < number < 2**63:
        raise ValueError
    return number


def _time(text: Any) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError
    return moment
