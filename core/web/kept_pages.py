"""Public pages, kept in this process as whole answers for some seconds: a crowd that looks costs neither Django nor the database.

Kept is what says that it may be (`Cache-Control: public, max-age=…`) and is the same for everybody (no cookie, no `Vary` but for the
encoding). One thread makes a page anew while the others give out the last one, which is never older than OLDEST. What staff save is
seen a second later (core/changes.py).

Some pages have a part that each visitor gets by chance. Of those a hand is kept (`kept_by_chance`), and each visitor is given one of
it; nobody else may keep them.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_http_date_safe

from core import changes
from core.web import parameters, request_ids
from core.web.wsgi import Application, Environ, Headers, StartResponse

# Seconds: a page is made anew after so many at the latest; none is given out that is older.
FRESH, OLDEST = 3.0, 5.0
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

# Where an answer says how many of its kind make a hand.
HAND = "outcry.hand"

# Path, query, scheme, whether compressed.
Key = tuple[str, str, str, bool]
# Told of every answer from what is kept: route, method, status, seconds.
Told = Callable[[str, str, str, float], None]


def kept_by_chance(request: HttpRequest, hand: int) -> None:
    """Declares that the answer is good for any visitor, as one of `hand` that differ by chance."""
    request.META[HAND] = hand


@dataclass(frozen=True)
class Page:
    """`began`: when it was begun, in monotonic seconds, and `version` the one that was known then. `hand`: of how many it is one."""

    headers: Headers
    body: bytes
    began: float
    fresh_until: float
    version: str
    route: str
    hand: int


class Answer:
    """What Django says, and nobody has heard yet."""

    def __init__(self, application: Application, asked: Environ) -> None:
        self.asked, self.status, self.headers = asked, "", Headers()
        self.began = time.monotonic()
        self.chunks = application(asked, self._start_response)

    def _start_response(self, status: str, headers: Headers, exc_info: object = None) -> None:
        self.status, self.headers = status, headers

    def seconds(self) -> float:
        """For how long it is kept; 0 for what is not the same for everybody."""
        said = {name.lower(): value for name, value in self.headers}
        allowed = MAX_AGE.search(said.get("cache-control", ""))
        seconds = FRESH if HAND in self.asked else min(int(allowed[1]), FRESH) if allowed else 0
        is_for_all = "set-cookie" not in said and said.get("vary", "Accept-Encoding") == "Accept-Encoding"
        fits = said.get("content-length", "").isdecimal() and int(said["content-length"]) <= MOST_OF_ONE
        return seconds if is_for_all and fits and self.status.startswith("200 ") else 0

    @property
    def has_failed(self) -> bool:
        return self.status.startswith("5")

    @property
    def hand(self) -> int:
        hand: int = self.asked.get(HAND, 1)
        return hand

    def page(self, version: str) -> Page:
        headers = [(name, value) for name, value in self.headers if name != request_ids.HEADER]
        fresh_until, route = self.began + self.seconds(), self.asked.get(parameters.ROUTE, "")
        return Page(headers, self._body(), self.began, fresh_until, version, route, self.hand)

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
        self.hands, self.bytes = OrderedDict[Key, tuple[Page, ...]](), 0
        # By path: the words after the `?` that make another page of it.
        self.words = dict[str, frozenset[str]]()
        self.lock, self.renewing = threading.Lock(), [threading.Lock() for _ in range(64)]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        if not self._may_be_kept(environ):
            return self.application(environ, start_response)
        key = self._key(environ)
        hand = self.hands.get(key) if key else None
        if key is None or hand is None:
            return self._first(key, environ).pass_on(environ, start_response)
        page = self._fresh(hand)
        if page is None:
            renewed = self._renewed(key, hand, environ)
            if isinstance(renewed, Answer):
                return renewed.pass_on(environ, start_response)
            page = renewed
        return self._given(page, environ, start_response, began)

    def _may_be_kept(self, environ: Environ) -> bool:
        """Whether it is one of the requests that a crowd makes; all else is Django's own."""
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and environ.get("HTTP_HOST") == self.host
            and not environ.get("PATH_INFO", "").startswith(parameters.ELSEWHERE)
            and _scheme(environ) in ("http", "https")
            and not any(name in environ for name in BY_DJANGO)
        )

    def _key(self, environ: Environ) -> Key | None:
        """None while nobody knows which words after the `?` make another page of this path."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
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
        version = changes.version()
        answer = Answer(self.application, _as_kept(environ, key))
        if answer.seconds():
            self._learn(answer)
            page = answer.page(version)
            self._keep(key, page)
            answer.chunks = [page.body]
        return answer

    def _renewed(self, key: Key, hand: tuple[Page, ...], environ: Environ) -> Page | Answer:
        """A newer page, or one that may still be given out while another thread makes one; or what Django says instead."""
        lock = self.renewing[hash(key) % len(self.renewing)]
        usable = [page for page in hand if self._may_be_given(page)]
        if not lock.acquire(blocking=not usable):
            return random.choice(usable)
        try:
            made_meanwhile = self._fresh(self.hands.get(key, ()))
            if made_meanwhile is not None:
                return made_meanwhile
            version = changes.version()
            answer = Answer(self.application, _as_kept(environ, key))
            if answer.has_failed and usable:
                answer.close()
                return random.choice(usable)
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

    def _fresh(self, hand: tuple[Page, ...]) -> Page | None:
        """Any of a hand that is complete; None while one is to be made."""
        now, version = time.monotonic(), changes.version()
        fresh = [page for page in hand if now < page.fresh_until and page.version == version]
        return random.choice(fresh) if fresh and len(fresh) >= fresh[-1].hand else None

    def _may_be_given(self, page: Page) -> bool:
        return time.monotonic() < page.began + OLDEST and page.version == changes.version()

    def _learn(self, answer: Answer) -> None:
        if len(self.words) >= MOST:
            self.words.clear()
        self.words[answer.asked["PATH_INFO"]] = answer.asked.get(parameters.DECLARED, frozenset())

    def _keep(self, key: Key, page: Page) -> None:
        with self.lock:
            others = [other for other in self._forget(key) if self._may_be_given(other)]
            hand = (*(others[1 - page.hand :] if page.hand > 1 else ()), page)
            self.hands[key] = hand
            self.bytes += _bytes(hand)
            while len(self.hands) > MOST or self.bytes > MOST_BYTES:
                self._forget(next(iter(self.hands)))

    def _drop(self, key: Key) -> None:
        with self.lock:
            self._forget(key)

    def _forget(self, key: Key) -> tuple[Page, ...]:
        hand = self.hands.pop(key, ())
        self.bytes -= _bytes(hand)
        return hand


def _scheme(environ: Environ) -> str:
    scheme: str = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    return scheme


def _bytes(hand: tuple[Page, ...]) -> int:
    return sum(len(page.body) for page in hand)


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
