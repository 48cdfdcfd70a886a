"""What people do on the simulated network."""

from dataclasses import replace
from datetime import datetime

from xsim.clock import Clock
from xsim.corpus import Corpus, Post, User
from xsim.ids import moment_of


class Writer:
    def __init__(self, corpus: Corpus, clock: Clock) -> None:
        self._corpus, self._clock = corpus, clock

    def add_user(self, username: str, *, name: str | None = None, id: str | None = None) -> User:
        return self._corpus.add_user(username, name or username, self._clock.now(), id)

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
        author = self._corpus.user_named(username) or self.add_user(username)
        number = int(id) if id else self._corpus.free_id(at or self._clock.now())
        created = moment_of(number)
        post = Post(str(number), author.id, text, created, indexed_at or created, lang)
        references = {"replied_to": reply_to, "retweeted": retweet_of, "quoted": quote_of}
        post.referenced = [(kind, str(other)) for kind, other in references.items() if other]
        if reply_to:
            parent = self._corpus.posts[int(reply_to)]
            post.conversation_id, post.in_reply_to_user_id = parent.conversation_id, parent.author_id
        return self._corpus.insert(post)

    def edit_post(self, post_id: str, text: str, *, at: datetime | None = None) -> Post:
        """The new version, which has an id of its own and the same conversation."""
        old = self._corpus.posts[int(post_id)]
        number = self._corpus.free_id(at or self._clock.now())
        created = moment_of(number)
        old.edit_ids.append(str(number))
        return self._corpus.insert(replace(old, id=str(number), text=text, created_at=created, indexed_at=created))

    def delete_post(self, post_id: str, *, at: datetime | None = None) -> None:
        """All versions of it."""
        for version in self._corpus.posts[int(post_id)].edit_ids:
            self._corpus.posts[int(version)].deleted_at = at or self._clock.now()
