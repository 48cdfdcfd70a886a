"""The shorter way for forms without a cookie gives the answers of the usual one."""

import io
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from core.web import cookieless
from core.web.cookieless import LEFT_OUT, PATHS, Cookieless, shorter_way

TYPED = {"name": "Ana Example", "email": "ana@example.org", "country": "ES", "comment": "", "consent": "on"}


def post(application, path, typed, **more):
    """(status, headers, body) of the answer."""
    body, answer = urlencode(typed).encode(), []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_REQUEST_ID": "0" * 32,
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        **more,
    }
    parts = application(environ, lambda status, headers, error=None: answer.append((status, dict(headers))))
    said = b"".join(parts)
    parts.close()
    return *answer[0], said


def masked(headers):
    """A token seals other bytes each time, and as many."""
    place = headers.get("Location", "")
    return headers | {"Location": (re.sub(r"check-mail/[^/]+", "check-mail", place), len(place))}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "typed", "more", "status"),
    [
        ("/c/{slug}/sign/", TYPED, {}, "303 See Other"),
        ("/ar/c/{slug}/sign/", TYPED, {}, "303 See Other"),
        ("/c/{slug}/sign/", TYPED | {"email": "ana"}, {}, "422 Unprocessable Entity"),
        ("/c/{slug}/sign/", TYPED, {"HTTP_SEC_FETCH_SITE": "cross-site"}, "403 Forbidden"),
        ("/c/{slug}/sign/", TYPED, {"HTTP_HOST": "evil.example"}, "400 Bad Request"),
        ("/c/no-such/sign/", TYPED, {}, "404 Not Found"),
        ("/c/{slug}/sign", TYPED, {}, "301 Moved Permanently"),
        ("/c/{slug}/", TYPED, {}, "403 Forbidden"),
        ("/c/{slug}/act/go/x/", {"text": "Publish it"}, {}, "303 See Other"),
        ("/my/", {"email": "ana@example.org"}, {}, "303 See Other"),
    ],
)
def test_the_answer_is_that_of_the_usual_way(live, path, typed, more, status):
    with time_machine.travel(timezone.now(), tick=False):
        usual, shorter = (
            post(way, path.format(slug=live.slug), typed, **more) for way in (WSGIHandler(), Cookieless())
        )
    assert usual[0] == shorter[0] == status
    assert masked(usual[1]) == masked(shorter[1])
    assert usual[2] == shorter[2]


@pytest.mark.django_db(transaction=True)
def test_where_people_sign_is_looked_up_once_and_no_token_is_kept(live):
    cookieless._resolve.cache_clear()
    way = Cookieless()
    for number in range(3):
        assert post(way, f"/c/{live.slug}/sign/", TYPED | {"email": f"a{number}@example.org"})[0].startswith("303")
    assert cookieless._resolve.cache_info()[:2] == (2, 1)
    for path in ("/confirm/secret/", f"/c/{live.slug}/check-mail/secret/", "/my/secret/"):
        post(way, path, {})
    assert cookieless._resolve.cache_info().currsize == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_with_a_cookie_and_a_page_go_the_usual_way(live):
    went = []
    front = shorter_way(lambda environ, start: went.append(environ["PATH_INFO"]) or [])
    front({"REQUEST_METHOD": "GET", "PATH_INFO": "/c/x/"}, None)
    front({"REQUEST_METHOD": "POST", "PATH_INFO": "/c/x/sign/", "HTTP_COOKIE": "sessionid=1"}, None)
    front({"REQUEST_METHOD": "POST", "PATH_INFO": "/accounts/login/"}, None)
    front({"REQUEST_METHOD": "POST", "PATH_INFO": "/admin/"}, None)
    assert went == ["/c/x/", "/c/x/sign/", "/accounts/login/", "/admin/"]


def test_what_is_left_out_is_there_at_all(settings):
    """A name that has changed would be on the shorter way without anybody having thought of it."""
    assert set(settings.MIDDLEWARE) >= LEFT_OUT


def views(resolver=None, before="/"):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, before + str(entry.pattern))
        else:
            yield before + str(entry.pattern), entry.callback


def test_whoever_takes_a_post_without_a_token_there_is_a_page_of_visitors():
    """Any other view would be refused by Django for want of one: its middleware against forgery is on both ways."""
    taking = {
        path: view.__module__ for path, view in views() if PATHS.match(path) and getattr(view, "csrf_exempt", False)
    }
    assert len(taking) >= 8
    assert {module.partition(".")[0] for module in taking.values()} == {"public", "petitions"}
