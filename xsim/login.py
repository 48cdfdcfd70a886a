"""The pages and the token endpoints of the OAuth 2.0 login."""

import base64
import binascii
from collections.abc import Callable
from html import escape
from urllib.parse import unquote, urlencode, urlsplit

from xsim.context import Context
from xsim.corpus import User
from xsim.oauth import OAuthError
from xsim.problems import JsonObject
from xsim.web import Request, Response, html_response, json_response, redirect

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Simulated sign-in</title></head>
<body><h1>Simulated sign-in</h1>
<p>This page belongs to a local simulator, not to X. The accounts are invented.</p>
{content}</body></html>
"""
_FORM = '<form method="post" action="/i/oauth2/authorize">{hidden}{buttons}</form>'
_BUTTON = '<p><button name="account" value="{value}">{label}</button></p>'
_HIDDEN = '<input type="hidden" name="{name}" value="{value}">'


def consent_page(context: Context) -> Response:
    params = context.request.params()
    try:
        context.oauth.check_request(params)
    except OAuthError as error:
        return _refusal(error)
    hidden = "".join(_HIDDEN.format(name=escape(key), value=escape(value)) for key, value in params.items())
    buttons = "".join(
        _BUTTON.format(value=user.id, label=escape(f"Authorize as @{user.username}")) for user in _accounts(context)
    )
    buttons += _BUTTON.format(value="", label="Cancel")
    return html_response(200, _PAGE.format(content=_FORM.format(hidden=hidden, buttons=buttons)))


def consent(context: Context) -> Response:
    form = context.request.form()
    try:
        context.oauth.check_request(form)
    except OAuthError as error:
        return _refusal(error)
    if form.get("account") not in {user.id for user in _accounts(context)}:
        return _back(form["redirect_uri"], error="access_denied", state=form["state"])
    code = context.oauth.issue_code(form["account"], form, context.now)
    return _back(form["redirect_uri"], state=form["state"], code=code)


def token(context: Context) -> Response:
    return _for_client(context, lambda form: context.oauth.token(form, context.now))


def revoke(context: Context) -> Response:
    return _for_client(context, context.oauth.revoke)


def _for_client(context: Context, work: Callable[[dict[str, str]], JsonObject]) -> Response:
    form = context.request.form()
    try:
        context.oauth.check_client(*_client(context.request, form))
        answer = json_response(200, work(form))
    except OAuthError as error:
        answer = json_response(error.status, {"error": error.code, "error_description": str(error)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _accounts(context: Context) -> list[User]:
    users = map(context.corpus.user_named, context.oauth.accounts)
    return [user for user in users if user]


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Id and secret from HTTP Basic authentication or, failing that, from the form."""
    scheme, _, encoded = request.header("Authorization").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(client_id), unquote(secret)


def _back(uri: str, **params: str) -> Response:
    joint = "&" if urlsplit(uri).query else "?"
    return redirect(uri + joint + urlencode(params))


def _refusal(error: OAuthError) -> Response:
    return html_response(400, _PAGE.format(content=f"<p>{escape(str(error))}</p>"))
