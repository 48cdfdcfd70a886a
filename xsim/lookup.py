"""Single posts and users by id or name."""

import re

from xsim.access import only_users
from xsim.context import Context
from xsim.corpus import User
from xsim.fields import POST_NAMES, USER_EXPANSIONS, USER_NAMES, select
from xsim.params import check_id
from xsim.posts import posts_payload
from xsim.problems import JsonObject, forbidden, invalid
from xsim.render import render_user
from xsim.visibility import post_problem, user_problem

LOOKUP_NAMES = POST_NAMES | {"ids"}
USER_LOOKUP_NAMES = USER_NAMES
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


def tweets_by_ids(context: Context) -> JsonObject:
    return _posts(context, context.params.ids("ids", 100), "ids")


def tweet_by_id(context: Context) -> JsonObject:
    payload = _posts(context, [check_id("id", context.path["id"])], "id")
    return payload | {"data": payload["data"][0]} if "data" in payload else payload


def user_by_username(context: Context) -> JsonObject:
    username = context.path["username"]
    if not _USERNAME.fullmatch(username):
        raise invalid("username", username, f"The `username` path parameter value [{username}] is not valid")
    return _user_payload(context, context.corpus.user_named(username), username)


def users_me(context: Context) -> JsonObject:
    user_id = only_users(context)
    return _user_payload(context, context.corpus.users.get(user_id), user_id)


def create_tweet(context: Context) -> JsonObject:
    raise forbidden("This simulator takes no posts.")


def _posts(context: Context, ids: list[str], parameter: str) -> JsonObject:
    problems = {id_: post_problem(context, id_, parameter) for id_ in ids}
    found = [context.corpus.posts[int(id_)] for id_, problem in problems.items() if problem is None]
    payload = posts_payload(context, found)
    errors = [problem for problem in problems.values() if problem] + payload.get("errors", [])
    return payload | ({"errors": errors} if errors else {})


def _user_payload(context: Context, user: User | None, wanted: str) -> JsonObject:
    selection = select(context.params, USER_EXPANSIONS)
    problem = user_problem(context, user, "username", wanted)
    if problem or user is None:
        return {"errors": [problem]}
    context.ledger.charge_reads("user", [user.id], context.now)
    return {"data": render_user(user, selection.user)}
