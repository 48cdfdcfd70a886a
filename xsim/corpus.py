"""Everything that exists on the simulated network: users, posts, and what of it is visible when."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from xsim import text
from xsim.ids import first_id, moment_of

FIRST_USER_ID = 9_000_000_001
Standing = Literal["public", "protected", "suspended"]


@dataclass(eq=False)
class User:
    id: str
    username: str
    name: str
    created_at: datetime
    description: str = ""
    standing: Standing = "public"


@dataclass(eq=False)
class Post:
    """`referenced` holds (type, post id) pairs, type being replied_to, retweeted or quoted; `edit_ids` is the list
    of ids of the whole edit chain, oldest first, shared by all its versions; `withheld_in` holds country codes."""

    id: str
    author_id: str
    text: str
    created_at: datetime
    indexed_at: datetime
    lang: str = "en"
    conversation_id: str = ""
    in_reply_to_user_id: str | None = None
    referenced: list[tuple[str, str]] = field(default_factory=list)
    edit_ids: list[str] = field(default_factory=list)
    deleted_at: datetime | None = None
    withheld_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.conversation_id = self.conversation_id or self.id
        self.edit_ids = self.edit_ids or [self.id]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return text.tokens(self.text)

    def refers(self, kind: str) -> bool:
        return any(type_ == kind for type_, _ in self.referenced)

    def versions(self, now: datetime) -> list[str]:
        """Those ids of the edit chain that have been given out by now."""
        return [id_ for id_ in self.edit_ids if moment_of(int(id_)) <= now]

    def exists(self, now: datetime) -> bool:
        return self.indexed_at <= now and (self.deleted_at is None or now < self.deleted_at)


class Corpus:
    """Posts in the order of their ids."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.posts: dict[int, Post] = {}
        self._handles: dict[str, User] = {}
        self._ids: list[int] = []
        self._ids_of: dict[str, list[int]] = defaultdict(list)
        self._free: dict[int, int] = {}

    def add_user(self, username: str, name: str, created_at: datetime, id: str | None = None) -> User:
        user = User(id or str(FIRST_USER_ID + len(self.users)), username, name, created_at)
        self.users[user.id] = user
        self._handles[username.casefold()] = user
        return user

    def user_named(self, username: str) -> User | None:
        return self._handles.get(username.removeprefix("@").casefold())

    def handle(self, user_id: str | None) -> str:
        """The case-folded username; empty when nobody has this id."""
        user = self.users.get(user_id or "")
        return user.username.casefold() if user else ""

    def free_id(self, moment: datetime) -> int:
        first = first_id(moment)
        candidate = self._free.get(first, first)
        while candidate in self.posts:
            candidate += 1
        self._free[first] = candidate
        return candidate

    def insert(self, post: Post) -> Post:
        number = int(post.id)
        if number in self.posts:
            raise ValueError(f"there is a post {post.id} already")
        self.posts[number] = post
        insort(self._ids, number)
        insort(self._ids_of[post.author_id], number)
        return post

    def find(self, post_id: str, now: datetime) -> Post | None:
        post = self.posts.get(int(post_id))
        return post if post and post.exists(now) else None

    def is_public(self, post: Post) -> bool:
        return self.users[post.author_id].standing == "public"

    def is_current(self, post: Post, now: datetime) -> bool:
        """Whether no later edit of the post can be seen yet."""
        return len(post.edit_ids) == 1 or not any(int(other) > int(post.id) for other in post.versions(now))

    def newest_first(self, low: int, high: int, now: datetime, author_id: str | None = None) -> Iterator[Post]:
        """The latest versions of the public posts with low <= id < high, of one author or of all."""
        ids = self._ids if author_id is None else self._ids_of[author_id]
        for position in range(bisect_left(ids, high) - 1, bisect_left(ids, low) - 1, -1):
            post = self.posts[ids[position]]
            if post.exists(now) and self.is_public(post) and self.is_current(post, now):
                yield post
