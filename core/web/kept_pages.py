"""Public pages, kept in this process as whole answers for some seconds: a crowd that looks costs neither Django nor the database.

Kept is what says that it may be (`Cache-Control: public, max-age=…`) and is the same for everybody (no cookie, no `Vary` but for the
encoding). One thread makes a page anew while the others give out the last one, which is never older than OLDEST. What staff save is
seen a second later: `changed` gives the pages another version, and each process looks for it once a second.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_http_date_safe

from core.web import parameters, request_ids
from core.web.wsgi import Application, Environ, Headers, StartResponse

# Seconds: a page is made anew after so many at the latest; none is given out that is older; between two looks for a new version.
FRESH, OLDEST, LOOK = 3.0, 5.0, 1.0
# What one process keeps: so many pages, of so many bytes each and together; those go first that nobody asked for longest.
MOST, MOST_OF_ONE, MOST_BYTES = 2_000, 1_000_000, 32_000_000
MAX_AGE = re.compile(r"public, max-age=(\d+)")
# As Django's GZipMiddleware looks.
GZIP = re.compile(r"\bgzip\b")
# Whoever asks so is answered by Django.
BY_DJANGO = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# What a 304 doesn't repeat.
OF_THE_BODY = {"content-length", "content-type", "content-encoding", "content-language"}
VERSION = "pages"

# Path, query, scheme, whether compressed.
Key = tuple[str, str, str, bool]
# Told of every answer from what is kept: route, method, status, seconds.
Told = Callable[[str, str, str, float], None]


def changed() -> None:
    """Have every process make its pages anew. While Valkey is away nobody hears it, and they are as old as OLDEST at most."""
    cache.set(VERSION, token_hex(8), timeout=None)


def staff_changes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what staff have saved is seen at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and request.path_info.startswith("/admin/"):
            changed()
        return response

    return middleware


@dataclass(frozen=True)
class Page:
    """`began`: when it was begun, in monotonic seconds, and `version` the one that was known then."""

    headers: Headers
    body: bytes
    began: float
    fresh_until: float
    version: str
    route: str


class Answer:
    """What Django says, and nobody has heard yet."""

    def __init__(self, application: Application, asked: Environ) -> None:
        self.asked, self.status, self.headers = asked, "", Headers()
        self.began = time.monotonic()
        self.chunks = application(asked, self._start_response)

    def _start_response(self, status: str, headers: Headers, exc_info: object = None) -> None:
        self.status, self.headers = status, headers

    def seconds(self) -> int:
        """For how long anybody may keep it; 0 for what is not the same for everybody."""
        said = {name.lower(): value for name, value in self.headers}
        allowed = MAX_AGE.search(said.get("cache-control", ""))
        is_for_all = "set-cookie" not in said and said.get("vary", "Accept-Encoding") == "Accept-Encoding"
        fits = said.get("content-length", "").isdecimal() and int(said["content-length"]) <= MOST_OF_ONE
        return int(allowed[1]) if allowed and is_for_all and fits and self.status.startswith("200 ") else 0

    def page(self, version: str) -> Page:
        headers = [(name, value) for name, value in self.headers if name != request_ids.HEADER]
        fresh_until = self.began + min(self.seconds(), FRESH)
        return Page(headers, self._body(), self.began, fresh_until, version, self.asked.get(parameters.ROUTE, ""))

    def _body(self) -> bytes:
        try:
            return b"".join(self.chunks)
        finally:
            self.close()

    def close(self) -> None:
        if close := getattr(self.chunks, "close", None):
            close()

    def pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.status.startswith("200 ") and is_known(environ, self.headers):
            self.close()
            start_response("304 Not Modified", without_body(self.headers))
            return []
        start_response(self.status, self.headers)
        return self.chunks


class KeptPages:
    """The same WSGI application, with what it keeps in front of it."""

    def __init__(self, application: Application, told: Told = lambda *said: None) -> None:
        self.application, self.told = application, told
        self.host = urlsplit(settings.SITE_URL).netloc
        self.pages, self.bytes = OrderedDict[Key, Page](), 0
        # By path: the words after the `?` that make another page of it.
        self.words = dict[str, frozenset[str]]()
        self.lock, self.renewing = threading.Lock(), [threading.Lock() for _ in range(64)]
        self.version, self.look_at = "", 0.0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        if not self._may_be_kept(environ):
            return self.application(environ, start_response)
        key = self._key(environ)
        page = self.pages.get(key) if key else None
        if key is None or page is None:
            return self._first(key, environ).pass_on(environ, start_response)
        if not self._is_fresh(page):
            renewed = self._renewed(key, page, environ)
            if isinstance(renewed, Answer):
                return renewed.pass_on(environ, start_response)
            page = renewed
        return self._given(page, environ, start_response, began)

    def _may_be_kept(self, environ: Environ) -> bool:
        """Whether it is one of the requests that a crowd makes; all else is Django's own."""
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and environ.get("HTTP_HOST") == self.host
            and not environ["PATH_INFO"].startswith(parameters.ELSEWHERE)
            and _scheme(environ) in ("http", "https")
            and not any(name in environ for name in BY_DJANGO)
        )

    def _key(self, environ: Environ) -> Key | None:
        """None while nobody knows which words after the `?` make another page of this path."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if query:
            words = self.words.get(path)
            if words is None or parameters.misspelt(query):
                return None
            query = parameters.known(query, words)
        return path, query, _scheme(environ), bool(GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")))

    def _first(self, key: Key | None, environ: Environ) -> Answer:
        """Django's answer to what is not kept yet; perhaps it is from now on."""
        if key is None or environ["REQUEST_METHOD"] == "HEAD":
            answer = Answer(self.application, dict(environ))
            if answer.seconds():
                self._learn(answer)
            return answer
        version = self._current_version()
        answer = Answer(self.application, _as_kept(environ, key))
        if answer.seconds():
            self._learn(answer)
            page = answer.page(version)
            self._keep(key, page)
            answer.chunks = [page.body]
        return answer

    def _renewed(self, key: Key, page: Page, environ: Environ) -> Page | Answer:
        """A newer page, unless another thread is making it and this one may still be given out; or what Django says instead."""
        lock = self.renewing[hash(key) % len(self.renewing)]
        if not lock.acquire(blocking=not self._may_be_given(page)):
            return page
        try:
            newest = self.pages.get(key)
            if newest is not None and newest is not page and self._is_fresh(newest):
                return newest
            version = self._current_version()
            answer = Answer(self.application, _as_kept(environ, key))
            if not answer.seconds():
                self._drop(key)
                return answer
            made = answer.page(version)
            self._keep(key, made)
            return made
        finally:
            lock.release()

    def _given(self, page: Page, environ: Environ, start_response: StartResponse, began: float) -> Iterable[bytes]:
        status, headers, body = "200 OK", page.headers, page.body
        if is_known(environ, headers):
            status, headers, body = "304 Not Modified", without_body(headers), b""
        elif environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        start_response(status, [*headers, (request_ids.HEADER, request_ids.number(environ))])
        self.told(page.route, environ["REQUEST_METHOD"], status[:3], time.perf_counter() - began)
        return [body]

    def _is_fresh(self, page: Page) -> bool:
        return time.monotonic() < page.fresh_until and page.version == self._current_version()

    def _may_be_given(self, page: Page) -> bool:
        return time.monotonic() < page.began + OLDEST and page.version == self._current_version()

    def _current_version(self) -> str:
        now = time.monotonic()
        if now >= self.look_at:
            self.look_at = now + LOOK
            self.version = cache.get(VERSION) or self.version
        return self.version

    def _learn(self, answer: Answer) -> None:
        if len(self.words) >= MOST:
            self.words.clear()
        self.words[answer.asked["PATH_INFO"]] = answer.asked.get(parameters.DECLARED, frozenset())

    def _keep(self, key: Key, page: Page) -> None:
        with self.lock:
            self._forget(key)
            self.pages[key] = page
            self.bytes += len(page.body)
            while len(self.pages) > MOST or self.bytes > MOST_BYTES:
                self._forget(next(iter(self.pages)))

    def _drop(self, key: Key) -> None:
        with self.lock:
            self._forget(key)

    def _forget(self, key: Key) -> None:
        if page := self.pages.pop(key, None):
            self.bytes -= len(page.body)


def _scheme(environ: Environ) -> str:
    scheme: str = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    return scheme


def _as_kept(environ: Environ, key: Key) -> Environ:
    """The request to which the whole page is the answer, whoever asks."""
    asked = {**environ, "REQUEST_METHOD": "GET", "QUERY_STRING": key[1]}
    for name in CONDITIONS:
        asked.pop(name, None)
    return asked


def is_known(environ: Environ, headers: Headers) -> bool:
    """Whether the client says that it has this page already, as RFC 9110 compares (13.1.2, 13.1.3)."""
    etags, since = environ.get(CONDITIONS[0]), environ.get(CONDITIONS[1])
    if etags is None and since is None:
        return False
    said = {name.lower(): value for name, value in headers}
    if etags is not None:
        mine = said.get("etag", "").removeprefix("W/")
        return bool(mine) and any(etag.strip().removeprefix("W/") in (mine, "*") for etag in etags.split(","))
    known, modified = parse_http_date_safe(since or ""), parse_http_date_safe(said.get("last-modified", ""))
    return known is not None and modified is not None and modified <= known


def without_body(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in OF_THE_BODY]
