"""The two vocabularies X answers in. Inside the simulator everything is said in the older one ("tweet")."""

from dataclasses import dataclass, field
from typing import Any

_POST_NAMES = {
    "tweets": "posts",
    "tweet_count": "post_count",
    "total_tweet_count": "total_post_count",
    "retweet_count": "repost_count",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "most_recent_tweet_id": "most_recent_post_id",
    "pinned_tweet_id": "pinned_post_id",
}
_OLD_NAMES = {new: old for old, new in _POST_NAMES.items()}
_OLD_EXPANSIONS = {"referenced_posts": "referenced_tweets.id"}


@dataclass(frozen=True)
class Vocabulary:
    """`host` is the one in problem types; `numbers_as_text` is about those in the usage answer."""

    name: str
    host: str
    names: dict[str, str] = field(default_factory=dict)
    numbers_as_text: bool = False

    def number(self, value: int) -> int | str:
        return str(value) if self.numbers_as_text else value

    def translate(self, value: Any) -> Any:
        """The same JSON value with its keys renamed."""
        if not self.names:
            return value
        if isinstance(value, dict):
            return {self.names.get(key, key): self.translate(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.translate(item) for item in value]
        return value


VOCABULARIES = {
    "tweet": Vocabulary("tweet", "api.twitter.com"),
    "post": Vocabulary("post", "api.x.com", _POST_NAMES, numbers_as_text=True),
}


def old_name(field_name: str) -> str:
    return _OLD_NAMES.get(field_name, field_name)


def old_expansion(expansion: str) -> str:
    return _OLD_EXPANSIONS.get(expansion) or old_name(expansion)
