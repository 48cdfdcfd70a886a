"""The forms of visitors need no cookie, and nothing of what Django does for those who have one: they go a shorter way through it.

The views are the same, and so are the answers: core/tests/test_cookieless.py sends the same forms both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver

from core.web.wsgi import Application, Environ, StartResponse

# Pages of visitors alone, in any language: every form there takes a POST without a cookie (core/web/http.py: cookieless_post).
PATHS = re.compile(r"/(?:[a-zA-Z-]+/)?(?:c|confirm|my)/")
# For logins, for pages that are asked for, and for health.
LEFT_OUT = {
    "core.web.middleware.health_by_any_name",
    "core.changes.of_staff",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.web.middleware.admin_policy",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.require_second_factor",
    "accounts.sessions.note_staff",
    "accounts.norole.ask_for_a_role",
    "simple_history.middleware.HistoryRequestMiddleware",
}


@lru_cache(maxsize=1_000)
def _resolve(path: str) -> ResolverMatch:
    return get_resolver().resolve(path)


class Cookieless(WSGIHandler):
    """Django without the middleware that is LEFT_OUT."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """As Django does it. Where people sign is looked up once: the other addresses hold a token, which we don't keep."""
        path = request.path_info
        match = request.resolver_match = _resolve(path) if path.endswith("/sign/") else get_resolver().resolve(path)
        return match

    def load_middleware(self, is_async: bool = False) -> None:
        everything = settings.MIDDLEWARE
        # Django reads the setting once, here, before there is any request.
        settings.MIDDLEWARE = [name for name in everything if name not in LEFT_OUT]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = everything


def shorter_way(django: Application) -> Application:
    """The same WSGI application, in which a form without a cookie goes the shorter way."""
    cookieless = Cookieless()

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and "HTTP_COOKIE" not in environ and PATHS.match(environ["PATH_INFO"]):
            return cookieless(environ, start_response)
        return django(environ, start_response)

    return front
