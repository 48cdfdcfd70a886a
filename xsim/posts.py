"""The `data` and `includes` of answers with posts, and what they cost."""

from collections.abc import Iterable

from xsim.context import Context
from xsim.corpus import Post, User
from xsim.fields import Selection, select
from xsim.problems import JsonObject
from xsim.render import render_post, render_user
from xsim.text import MENTION
from xsim.visibility import post_problem


def posts_payload(context: Context, posts: list[Post]) -> JsonObject:
    """{"data": [...], "includes": {...}, "errors": [...]}; parts that would be empty are missing. The errors are about
    posts that were to be included."""
    selection = select(context.params)
    related, errors = _related_posts(context, posts, selection)
    people = _people(context, posts, related, selection)
    context.ledger.charge_reads("post", [post.id for post in posts + related], context.now)
    context.ledger.charge_reads("user", [user.id for user in people], context.now)
    includes = _without_empty(
        users=[render_user(user, selection.user) for user in people], tweets=_rendered(context, related, selection)
    )
    return _without_empty(data=_rendered(context, posts, selection), includes=includes, errors=errors)


def _rendered(context: Context, posts: list[Post], selection: Selection) -> list[JsonObject]:
    return [render_post(post, selection.post, context.corpus, context.now) for post in posts]


def _related_posts(context: Context, posts: list[Post], selection: Selection) -> tuple[list[Post], list[JsonObject]]:
    wanted: dict[str, str] = {}
    for post in posts:
        if selection.expansions & {"referenced_tweets.id", "referenced_tweets.id.author_id"}:
            wanted |= {id_: "referenced_tweets.id" for _, id_ in post.referenced}
        if "edit_history_tweet_ids" in selection.expansions:
            wanted |= {id_: "edit_history_tweet_ids" for id_ in post.versions(context.now) if id_ != post.id}
    problems = {id_: post_problem(context, id_, name, "includes") for id_, name in wanted.items()}
    found = [context.corpus.posts[int(id_)] for id_, problem in problems.items() if problem is None]
    return found, [problem for problem in problems.values() if problem]


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
    people = (context.corpus.users.get(id_ or "") for id_ in dict.fromkeys(ids))
    return [user for user in people if user and user.standing != "suspended"]


def _mentioned(context: Context, posts: Iterable[Post]) -> list[str]:
    names = (name for post in posts for name in MENTION.findall(post.text))
    return [user.id for user in map(context.corpus.user_named, names) if user]


def _without_empty(**parts: object) -> JsonObject:
    return {name: part for name, part in parts.items() if part}
