"""Single posts and users by id or name."""

import re

from xsim.context import Context
from xsim.corpus import User
from xsim.fields import POST_NAMES, USER_EXPANSIONS, USER_NAMES, select
from xsim.posts import posts_payload
from xsim.problems import JsonObject, forbidden, invalid, not_found, wrong_authentication
from xsim.render import render_user

LOOKUP_NAMES = POST_NAMES | {"ids"}
USER_LOOKUP_NAMES = USER_NAMES
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")


def tweets_by_ids(context: Context) -> JsonObject:
    ids = context.params.ids("ids", 100)
    found = {id_: context.corpus.find(id_, context.now) for id_ in ids}
    payload = posts_payload(context, [post for post in found.values() if post])
    host = context.vocabulary.host
    missing = [not_found(host, "tweet", "ids", id_) for id_, post in found.items() if post is None]
    return payload | {"errors": missing} if missing else payload


def user_by_username(context: Context) -> JsonObject:
    username = context.path["username"]
    if not _USERNAME.fullmatch(username):
        raise invalid("username", username, f"The `username` path parameter value [{username}] is not valid")
    return _user_payload(context, context.corpus.user_named(username), username)


def users_me(context: Context) -> JsonObject:
    if context.user_id is None:
        raise wrong_authentication()
    return _user_payload(context, context.corpus.users.get(context.user_id), context.user_id)


def create_tweet(context: Context) -> JsonObject:
    raise forbidden("This simulator takes no posts.")


def _user_payload(context: Context, user: User | None, wanted: str) -> JsonObject:
    selection = select(context.params, USER_EXPANSIONS)
    if user is None:
        return {"errors": [not_found(context.vocabulary.host, "user", "username", wanted)]}
    context.ledger.charge_reads("user", [user.id], context.now)
    return {"data": render_user(user, selection.user)}
