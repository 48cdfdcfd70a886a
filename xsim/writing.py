"""What people do on the simulated network."""

from dataclasses import replace
from datetime import datetime
from threading import RLock

from xsim.clock import Clock
from xsim.corpus import Corpus, Post, Standing, User
from xsim.ids import moment_of


class Writer:
    """May be used while calls are being answered."""

    def __init__(self, corpus: Corpus, clock: Clock) -> None:
        self.corpus, self.clock = corpus, clock
        self.lock = RLock()

    def add_user(self, username: str, *, name: str | None = None, id: str | None = None) -> User:
        with self.lock:
            return self.corpus.add_user(username, name or username, self.clock.now(), id)

    def add_post(
        self,
        username: str,
        text: str,
        *,
        at: datetime | None = None,
        lang: str = "en",
        reply_to: str | None = None,
        retweet_of: str | None = None,
        quote_of: str | None = None,
        indexed_at: datetime | None = None,
        id: str | None = None,
    ) -> Post:
        """Unknown users are made on the way; reply_to, retweet_of and quote_of are ids of existing posts."""
        references = {"replied_to": reply_to, "retweeted": retweet_of, "quoted": quote_of}
        with self.lock:
            author = self.corpus.user_named(username) or self.add_user(username)
            number = int(id) if id else self.corpus.free_id(at or self.clock.now())
            created = moment_of(number)
            post = Post(str(number), author.id, text, created, indexed_at or created, lang)
            post.referenced = [(kind, str(other)) for kind, other in references.items() if other]
            if reply_to:
                parent = self.corpus.posts[int(reply_to)]
                post.conversation_id, post.in_reply_to_user_id = parent.conversation_id, parent.author_id
            return self.corpus.insert(post)

    def edit_post(self, post_id: str, text: str, *, at: datetime | None = None) -> Post:
        """The new version, which has an id of its own and the same conversation."""
        with self.lock:
            old = self.corpus.posts[int(post_id)]
            number = self.corpus.free_id(at or self.clock.now())
            created = moment_of(number)
            old.edit_ids.append(str(number))
            new = replace(old, id=str(number), text=text, created_at=created, indexed_at=created)
            return self.corpus.insert(new)

    def delete_post(self, post_id: str, *, at: datetime | None = None) -> None:
        """All versions of it."""
        with self.lock:
            for version in self.corpus.posts[int(post_id)].edit_ids:
                self.corpus.posts[int(version)].deleted_at = at or self.clock.now()

    def withhold_post(self, post_id: str, *countries: str) -> None:
        """All versions of it are marked as withheld in these countries, by their two-letter codes; none: lift it."""
        with self.lock:
            for version in self.corpus.posts[int(post_id)].edit_ids:
                self.corpus.posts[int(version)].withheld_in = countries

    def protect_user(self, username: str) -> None:
        """The user can still be looked up; the posts and the timeline answer "not authorized"."""
        self._set_standing(username, "protected")

    def suspend_user(self, username: str) -> None:
        """Neither the user nor the posts can be seen any more."""
        self._set_standing(username, "suspended")

    def restore_user(self, username: str) -> None:
        """Neither protected nor suspended any longer."""
        self._set_standing(username, "public")

    def _set_standing(self, username: str, standing: Standing) -> None:
        with self.lock:
            user = self.corpus.user_named(username)
            if user is None:
                raise KeyError(username)
            user.standing = standing
