"""Posts and users as JSON objects, in the older vocabulary."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from xsim.clock import timestamp
from xsim.corpus import Corpus, Post, User
from xsim.problems import JsonObject
from xsim.text import HASHTAG, MENTION, URL

EDITABLE = timedelta(hours=1)
EDITS = 5
_NO_POST_METRICS = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
_NO_USER_METRICS = ("followers_count", "following_count", "tweet_count", "listed_count", "like_count")


def render_post(post: Post, shown: frozenset[str], corpus: Corpus, now: datetime) -> JsonObject:
    """Only the fields in `shown`, and of them only those the post has."""
    return {key: value for key, value in _post_fields(post, shown, corpus, now) if key in shown and value is not None}


def render_user(user: User, shown: frozenset[str]) -> JsonObject:
    values: JsonObject = {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "created_at": timestamp(user.created_at),
        "description": user.description,
        "profile_image_url": f"https://images.invalid/{user.username}.png",
        "protected": user.standing == "protected",
        "public_metrics": dict.fromkeys(_NO_USER_METRICS, 0),
        "url": "",
        "verified": False,
        "verified_type": "none",
    }
    return {key: value for key, value in values.items() if key in shown}


def _post_fields(post: Post, shown: frozenset[str], corpus: Corpus, now: datetime) -> Iterator[tuple[str, Any]]:
    versions = post.versions(now)
    yield "id", post.id
    yield "text", post.text
    yield "edit_history_tweet_ids", versions
    yield "author_id", post.author_id
    yield "created_at", timestamp(post.created_at)
    yield "conversation_id", post.conversation_id
    yield "in_reply_to_user_id", post.in_reply_to_user_id
    yield "referenced_tweets", [{"type": kind, "id": id_} for kind, id_ in post.referenced] or None
    yield "lang", post.lang
    yield "possibly_sensitive", False
    yield "reply_settings", "everyone"
    yield "public_metrics", dict.fromkeys(_NO_POST_METRICS, 0)
    yield "edit_controls", _edit_controls(post, len(versions))
    yield "withheld", {"copyright": False, "country_codes": list(post.withheld_in)} if post.withheld_in else None
    if "entities" in shown:
        yield "entities", _entities(post.text, corpus) or None


def _edit_controls(post: Post, versions: int) -> JsonObject:
    return {
        "edits_remaining": max(0, EDITS - versions + 1),
        "is_edit_eligible": not post.refers("replied_to"),
        "editable_until": timestamp(post.created_at + EDITABLE),
    }


def _entities(text: str, corpus: Corpus) -> JsonObject:
    """Positions count code points; the end is exclusive."""
    found = {
        "hashtags": [_place(match) | {"tag": match[1]} for match in HASHTAG.finditer(text)],
        "mentions": [_place(match) | _mentioned(match[1], corpus) for match in MENTION.finditer(text)],
        "urls": [_place(match) | _link(match.group()) for match in URL.finditer(text)],
    }
    return {kind: places for kind, places in found.items() if places}


def _place(match: re.Match[str]) -> JsonObject:
    return {"start": match.start(), "end": match.end()}


def _mentioned(username: str, corpus: Corpus) -> JsonObject:
    user = corpus.user_named(username)
    return {"username": username} | ({"id": user.id} if user else {})


def _link(url: str) -> JsonObject:
    return {"url": url, "expanded_url": url, "display_url": url.partition("//")[2]}
