"""Everything that exists on the simulated network: users, posts, and what of it is visible when."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from xsim import text
from xsim.ids import first_id, moment_of

FIRST_USER_ID = 9_000_000_001


@dataclass(eq=False)
class User:
    id: str
    username: str
    name: str
    created_at: datetime
    description: str = ""


@dataclass(eq=False)
class Post:
    """`referenced` holds (type, post id) pairs, type being replied_to, retweeted or quoted; `edit_ids` is the list
    of ids of the whole edit chain, oldest first, shared by all its versions."""

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

    def __post_init__(self) -> None:
        self.conversation_id = self.conversation_id or self.id
        self.edit_ids = self.edit_ids or [self.id]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return text.tokens(self.text)

    def refers(self, kind: str) -> bool:
        return any(type_ == kind for type_, _ in self.referenced)

    def exists(self, now: datetime) -> bool:
        return self.indexed_at <= now and (self.deleted_at is None or now < self.deleted_at)


class Corpus:
    """Posts in the order of their ids."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.posts: dict[int, Post] = {}
        self._handles: dict[str, User] = {}
        self._ids: list[int] = []

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
        candidate = first_id(moment)
        while candidate in self.posts:
            candidate += 1
        return candidate

    def insert(self, post: Post) -> Post:
        number = int(post.id)
        if number in self.posts:
            raise ValueError(f"there is a post {post.id} already")
        self.posts[number] = post
        insort(self._ids, number)
        return post

    def find(self, post_id: str, now: datetime) -> Post | None:
        post = self.posts.get(int(post_id))
        return post if post and post.exists(now) else None

    def is_current(self, post: Post, now: datetime) -> bool:
        """Whether no later edit of the post can be seen yet."""
        if len(post.edit_ids) == 1:
            return True
        later = (other for other in post.edit_ids if int(other) > int(post.id))
        return not any(moment_of(int(other)) <= now for other in later)

    def newest_first(self, low: int, high: int, now: datetime) -> Iterator[Post]:
        """The latest versions of the visible posts with low <= id < high."""
        ids = self._ids[bisect_left(self._ids, low) : bisect_left(self._ids, high)]
        for number in reversed(ids):
            post = self.posts[number]
            if post.exists(now) and self.is_current(post, now):
                yield post
