"""Whose token a call carries, and who may use an endpoint."""

import hmac
from datetime import datetime

from xsim.context import Context
from xsim.oauth import Authorizations
from xsim.problems import forbidden, unauthorized, wrong_authentication
from xsim.web import Request

_NEEDED_SCOPES = frozenset({"users.read", "tweet.read"})


def user_behind(request: Request, bearer: str, oauth: Authorizations, now: datetime) -> str | None:
    """The id of the user behind the token, or None for the app's own."""
    token = request.bearer() or ""
    if hmac.compare_digest(token.encode(), bearer.encode()):
        return None
    grant = oauth.user_of(token, now)
    if grant is None:
        raise unauthorized()
    if not set(grant.scope.split()) >= _NEEDED_SCOPES:
        raise forbidden("The token's scopes do not suffice.")
    return grant.user_id


def only_users(context: Context) -> str:
    """The id of the user whose token was used."""
    if context.user_id is None:
        raise wrong_authentication("a user")
    return context.user_id


def only_the_app(context: Context) -> None:
    if context.user_id is not None:
        raise wrong_authentication("the app")
