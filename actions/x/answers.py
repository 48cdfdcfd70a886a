"""X's answers as typed objects. X is renaming "tweet" to "post" in its field names: both are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar

from actions.x.errors import Malformed
from actions.x.ids import time_of

Answer = TypeVar("Answer")
# Types of problem that say for certain that a post is not to be had: deleted, protected, suspended.
GONE = {"resource-not-found", "not-authorized-for-resource"}


@dataclass(frozen=True)
class Reads:
    """What X bills for an answer: requests that have a price of their own, and which posts and users were read."""

    requests: int = 0
    posts: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bucket:
    """How many posts matched from `start` until `end`."""

    start: datetime
    end: datetime
    posts: int


@dataclass(frozen=True)
class Counts:
    """Buckets in the order of time, each start once."""

    buckets: list[Bucket]
    reads: Reads = Reads(requests=1)


@dataclass(frozen=True)
class User:
    id: int
    handle: str
    name: str


@dataclass(frozen=True)
class Found:
    """`user` is None when X knows nobody of that name."""

    user: User | None

    @property
    def reads(self) -> Reads:
        return Reads(users=frozenset([self.user.id] if self.user else []))


@dataclass(frozen=True)
class Post:
    """One version of a post. `root` and `newest` are the first and the last id of its chain of edits."""

    id: int
    root: int
    newest: int
    text: str
    created_at: datetime
    author: User | None


@dataclass(frozen=True)
class Page:
    """Posts, newest first, and what X said of others: `gone` are no longer to be had, `unread` could not be read this time.
    `more`: there are older ones, before `oldest`."""

    posts: list[Post]
    reads: Reads = Reads()
    gone: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()
    more: bool = False
    oldest: int = 0


@dataclass(frozen=True)
class Usage:
    """How many posts X says were read, by UTC day; asking is not billed."""

    posts: dict[date, int]
    reads: Reads = field(default=Reads())


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
def counts(body: Any) -> Counts:
    rows = {bucket.start: bucket for bucket in map(_bucket, body["data"])}
    return Counts([rows[start] for start in sorted(rows)])


@readable
def found(body: Any) -> Found:
    row = body.get("data")
    if not row and not any(_kind(error) in GONE for error in body.get("errors") or []):
        raise Malformed("neither a user nor a word that there is none")
    return Found(_user(row) if row else None)


@readable
def page(body: Any) -> Page:
    """A search or a timeline; an empty one has no `data` at all, but says so."""
    meta = body.get("meta") or {}
    if not body.get("data") and meta.get("result_count") != 0 and not body.get("errors"):
        raise Malformed("neither posts nor a count of none")
    read = _posts(body)
    more = bool(meta.get("next_token"))
    if not more:
        return read
    # Below a page that can't say where it ends we could only guess what comes next.
    oldest = _id(meta["oldest_id"]) if meta.get("oldest_id") else min(read.reads.posts)
    return replace(read, more=True, oldest=oldest)


@readable
def looked_up(body: Any) -> Page:
    """Posts by id: each asked for is in `data` or has its entry in `errors`."""
    if not body.get("data") and not body.get("errors"):
        raise Malformed("neither posts nor errors")
    return _posts(body)


@readable
def usage(body: Any) -> Usage:
    rows = body["data"]["daily_project_usage"]["usage"]
    days = {_time(row["date"]).date(): int(row["usage"]) for row in rows if row.get("usage") is not None}
    return Usage(days)


def _posts(body: dict[str, Any]) -> Page:
    authors = {person.id: person for person in map(_user, (body.get("includes") or {}).get("users", []))}
    rows = body.get("data") or []
    rows = rows if isinstance(rows, list) else [rows]
    ids = frozenset(_id(row["id"]) for row in rows)
    failed = [error for error in body.get("errors") or [] if error.get("resource_type") in ("tweet", "post")]
    gone = frozenset(_id(_named(error)) for error in failed if _kind(error) in GONE and _named(error).isdecimal())
    other = frozenset(_id(_named(error)) for error in failed if _kind(error) not in GONE and _named(error).isdecimal())
    without_text = frozenset(_id(row["id"]) for row in rows if not row.get("text"))
    return Page(
        posts=[_post(row, authors) for row in rows if row.get("text")],
        reads=Reads(posts=ids, users=frozenset(authors)),
        gone=gone - ids,
        unread=(other - ids) | without_text,
    )


def _named(error: dict[str, Any]) -> str:
    return str(error.get("resource_id") or error.get("value") or "")


def _kind(error: dict[str, Any]) -> str:
    return str(error.get("type", "")).rstrip("/").rsplit("/", 1)[-1]


def _bucket(row: dict[str, Any]) -> Bucket:
    count = row["tweet_count"] if "tweet_count" in row else row["post_count"]
    bucket = Bucket(_time(row["start"]), _time(row["end"]), int(count))
    if bucket.posts < 0 or bucket.end <= bucket.start:
        raise ValueError
    return bucket


def _post(row: dict[str, Any], authors: dict[int, User]) -> Post:
    number = _id(row["id"])
    chain = [number, *map(_id, row.get("edit_history_tweet_ids") or row.get("edit_history_post_ids") or [])]
    return Post(
        id=number,
        root=min(chain),
        newest=max(chain),
        text=_plain(str(row["text"])),
        created_at=_time(row["created_at"]) if row.get("created_at") else time_of(number),
        author=authors.get(_id(row["author_id"])) if row.get("author_id") else None,
    )


def _plain(text: str) -> str:
    """As it was written: X escapes three signs, and the database knows no nul."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\0", "")


def _user(row: dict[str, Any]) -> User:
    handle = str(row["username"])
    name = str(row["name"]).replace("\0", "")[:100]
    return User(_id(row["id"]), handle if re.fullmatch(r"\w{1,15}", handle, re.ASCII) else "", name)


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
