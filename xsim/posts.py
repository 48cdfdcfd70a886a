"""The `data` and `includes` of answers with posts, and what they cost."""

from collections.abc import Iterable

from xsim.context import Context
from xsim.corpus import Post, User
from xsim.fields import Selection, select
from xsim.problems import JsonObject
from xsim.render import render_post, render_user
from xsim.text import MENTION


def posts_payload(context: Context, posts: list[Post]) -> JsonObject:
    """{"data": [...], "includes": {...}}; parts that would be empty are missing."""
    selection = select(context.params)
    related = _related_posts(context, posts, selection)
    people = _people(context, posts, related, selection)
    context.ledger.charge_reads("post", [post.id for post in posts + related], context.now)
    context.ledger.charge_reads("user", [user.id for user in people], context.now)
    includes = _without_empty(
        users=[render_user(user, selection.user) for user in people],
        tweets=[render_post(post, selection.post, context.corpus) for post in related],
    )
    data = [render_post(post, selection.post, context.corpus) for post in posts]
    return _without_empty(data=data, includes=includes)


def _related_posts(context: Context, posts: list[Post], selection: Selection) -> list[Post]:
    wanted: list[str] = []
    for post in posts:
        if selection.expansions & {"referenced_tweets.id", "referenced_tweets.id.author_id"}:
            wanted += [id_ for _, id_ in post.referenced]
        if "edit_history_tweet_ids" in selection.expansions:
            wanted += [id_ for id_ in post.edit_ids if id_ != post.id]
    found = (context.corpus.find(id_, context.now) for id_ in dict.fromkeys(wanted))
    return [post for post in found if post]


def _people(context: Context, posts: list[Post], related: list[Post], selection: Selection) -> list[User]:
    ids: list[str | None] = []
    if "author_id" in selection.expansions:
        ids += [post.author_id for post in posts]
    if "in_reply_to_user_id" in selection.expansions:
        ids += [post.in_reply_to_user_id for post in posts]
    if "referenced_tweets.id.author_id" in selection.expansions:
        ids += [post.author_id for post in related]
    if "entities.mentions.username" in selection.expansions:
        ids += _mentioned(context, posts)
    return [context.corpus.users[id_] for id_ in dict.fromkeys(ids) if id_ in context.corpus.users]


def _mentioned(context: Context, posts: Iterable[Post]) -> list[str]:
    names = (name for post in posts for name in MENTION.findall(post.text))
    return [user.id for user in map(context.corpus.user_named, names) if user]


def _without_empty(**parts: object) -> JsonObject:
    return {name: part for name, part in parts.items() if part}
