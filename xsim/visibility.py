"""Why a post or a user can not be shown, as an entry of the `errors` list."""

from xsim.context import Context
from xsim.corpus import User
from xsim.problems import JsonObject, not_authorized, not_found, suspended


def post_problem(context: Context, post_id: str, parameter: str, section: str = "data") -> JsonObject | None:
    """None if it can be shown. `section` is the part of the answer where it would have stood: data or includes."""
    host, post = context.vocabulary.host, context.corpus.find(post_id, context.now)
    if post is None:
        return not_found(host, "tweet", parameter, post_id)
    if not context.corpus.is_public(post):
        return not_authorized(host, "tweet", parameter, post_id, section)
    return None


def user_problem(context: Context, user: User | None, parameter: str, value: str) -> JsonObject | None:
    """None if the user can be shown; protected users can."""
    if user is None:
        return not_found(context.vocabulary.host, "user", parameter, value)
    if user.standing == "suspended":
        return suspended(context.vocabulary.host, parameter, value)
    return None


def timeline_problem(context: Context, user_id: str) -> JsonObject | None:
    user = context.corpus.users.get(user_id)
    if user and user.standing == "protected":
        return not_authorized(context.vocabulary.host, "user", "id", user_id, "data")
    return user_problem(context, user, "id", user_id)
