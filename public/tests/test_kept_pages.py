"""What a crowd is given: whole pages that are kept for seconds, in front of the real site."""

import gzip
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager
from io import BytesIO
from math import sqrt
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from actions.models import SampleTweet
from campaigns.models import Campaign
from core import changes
from core.web import kept_pages
from core.web.kept_pages import KeptPages
from petitions import tally
from public.views.acting import HAND
from tests import factories

pytestmark = pytest.mark.django_db


@contextmanager
def one_connection():
    """The end of a request would close that of the test, as Django's own test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Front:
    """The site with its kept pages, asked as a server asks it; `asked`: what Django itself had to answer."""

    def __init__(self, settings):
        self.host, self.asked, self.told = urlsplit(settings.SITE_URL).netloc, [], []
        self.django = WSGIHandler()
        self.front = KeptPages(self._ask_django, lambda *said: self.told.append(said[1:3]))

    def _ask_django(self, environ, start_response):
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")))
        return self.django(environ, start_response)

    def get(self, path, query="", method="GET", **headers):
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": self.host,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": None,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }
        said = SimpleNamespace()

        def start_response(status, headers, exc_info=None):
            said.status, said.headers = int(status[:3]), {name.lower(): value for name, value in headers}

        with one_connection():
            chunks = self.front(environ, start_response)
            said.body = b"".join(chunks)
            if hasattr(chunks, "close"):
                chunks.close()
        return said


@pytest.fixture
def clock(monkeypatch):
    state = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: state.now)
    return state


@pytest.fixture
def front(settings):
    return Front(settings)


@pytest.fixture
def path(live):
    return f"/c/{live.slug}/"


@pytest.mark.parametrize("more", ["", "progress/", "progress.json"])
def test_a_kept_page_asks_no_database_and_renders_nothing(front, path, more, monkeypatch):
    first = front.get(path + more)
    assert first.status == 200
    monkeypatch.setattr("django.template.base.Template.render", None)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        second = front.get(path + more)
    assert len(asked) == 0 and len(front.asked) == 1
    assert (second.status, second.body) == (200, first.body)
    without_id = [
        {name: value for name, value in said.headers.items() if name != "x-request-id"} for said in (first, second)
    ]
    assert without_id[0] == without_id[1]
    assert "set-cookie" not in second.headers
    assert front.told == [("GET", "200")]


def test_each_answer_has_an_id_of_its_own(front, path):
    front.get(path)
    one, two = (front.get(path).headers["x-request-id"] for _ in range(2))
    assert one != two and len(one) == 32
    assert front.get(path, HTTP_X_REQUEST_ID="0" * 32).headers["x-request-id"] == "0" * 32


def test_it_is_made_anew_after_three_seconds(front, path, live, clock):
    path += "progress.json"
    assert b'"confirmed": 0' in front.get(path).body
    factories.signatures(live.petition, 3)
    tally.settle_all()
    clock.now += 2.9
    assert b'"confirmed": 0' in front.get(path).body
    clock.now += 0.2
    assert b'"confirmed": 3' in front.get(path).body
    assert len(front.asked) == 2


def test_others_are_given_the_last_one_meanwhile_and_no_older_than_five_seconds(front, path, clock):
    front.get(path)
    lock = front.front.renewing[hash(next(iter(front.front.hands))) % 64]
    clock.now += 4.9
    with lock:
        assert front.get(path).status == 200
        assert len(front.asked) == 1
    clock.now += 0.2
    lock.acquire()
    threading.Timer(0.3, lock.release).start()
    assert front.get(path).status == 200
    assert not lock.locked() and len(front.asked) == 2


def test_what_staff_save_is_seen_within_a_second_in_every_process(staff, live, path, settings):
    one, other = Front(settings), Front(settings)
    for front in (one, other):
        assert live.headline.encode() in front.get(path).body
    Campaign.objects.filter(pk=live.pk).update(headline="Another headline")
    for front in (one, other):
        assert b"Another headline" not in front.get(path).body
    staff.post("/admin/")
    time.sleep(changes.LOOK)
    for front in (one, other):
        assert b"Another headline" in front.get(path).body


def test_one_that_was_begun_before_the_change_is_not_kept_after_it(front, path, monkeypatch):
    ask = front.front.application

    def change_meanwhile(environ, start_response):
        answer = ask(environ, start_response)
        changes.changed()
        return answer

    monkeypatch.setattr(front.front, "application", change_meanwhile)
    front.get(path)
    time.sleep(changes.LOOK)
    monkeypatch.setattr(front.front, "application", ask)
    front.get(path)
    assert len(front.asked) == 2


def test_without_valkey_pages_are_kept_all_the_same(front, path, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    front.get(path)
    assert front.get(path).status == 200
    assert len(front.asked) == 1


@pytest.mark.requirement("A25")
def test_words_that_mean_nothing_make_no_other_page(front, path):
    front.get(path)
    for number in range(50):
        assert front.get(path, f"x={number}&utm_source=y").status == 200
    assert front.asked == [("GET", path, "")]


def test_words_that_mean_something_make_another_page(front, path):
    first = front.get(path + "embed/", "theme=dark&x=1")
    assert first.status == 200
    front.get(path + "embed/", "theme=dark&x=2")
    assert front.get(path + "embed/", "y=1&theme=dark").body == front.get(path + "embed/", "theme=dark").body
    assert front.get(path + "embed/", "theme=light").body != first.body
    assert front.asked[1:] == [("GET", path + "embed/", "theme=dark"), ("GET", path + "embed/", "theme=light")]


def test_what_is_misspelt_is_refused(front, path):
    front.get(path + "embed/")
    assert front.get(path + "embed/", "theme=dark&theme=light").status == 400


@pytest.mark.parametrize("known", ["HTTP_IF_NONE_MATCH", "W/", "*", "of several"])
def test_who_has_it_already_is_told_so(front, path, known):
    for _ in range(2):
        etag = front.get(path).headers["etag"]
        sent = {"W/": f"W/{etag}", "*": "*", "of several": f'"x", {etag}'}.get(known, etag)
        said = front.get(path, HTTP_IF_NONE_MATCH=sent)
        assert (said.status, said.body) == (304, b"")
        assert said.headers["etag"] == etag and "cache-control" in said.headers
        assert "content-type" not in said.headers
    assert front.get(path, HTTP_IF_NONE_MATCH='"another"').status == 200
    assert len(front.asked) == 1


def test_the_first_one_may_know_it_already(settings, path):
    path += "updates/"
    etag = Front(settings).get(path).headers["etag"]
    front = Front(settings)
    assert front.get(path, HTTP_IF_NONE_MATCH=etag).status == 304
    assert front.get(path).status == 200
    assert len(front.asked) == 1


def test_a_compressed_page_is_another_one(front, path):
    path += "updates/"
    plain = front.get(path).body
    packed = front.get(path, HTTP_ACCEPT_ENCODING="br, gzip;q=0.5")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain
    assert front.get(path, HTTP_ACCEPT_ENCODING="br").body == plain
    assert len(front.asked) == 2


def test_head_has_no_body(front, path):
    front.get(path)
    said = front.get(path, method="HEAD")
    assert (said.status, said.body) == (200, b"")
    assert int(said.headers["content-length"]) > 1000
    assert len(front.asked) == 1


@pytest.mark.parametrize(
    ("below", "more"),
    [
        ("act/go/x/", {}),
        ("", {"HTTP_HOST": "elsewhere.example"}),
        ("", {"HTTP_X_FORWARDED_PROTO": "gopher"}),
        ("", {"HTTP_IF_MATCH": '"x"'}),
        ("sign/", {}),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(front, path, below, more):
    first = front.get(path + below, **more)
    front.get(path + below, **more)
    assert len(front.asked) == 2
    assert not front.front.hands
    assert first.status in (200, 303, 400, 412)


def test_one_that_is_gone_is_gone(front, path, live, clock):
    front.get(path)
    Campaign.objects.filter(pk=live.pk).update(status="draft")
    clock.now += 3
    assert front.get(path).status == 404
    assert not front.front.hands and front.front.bytes == 0


def test_while_it_fails_the_last_one_is_given_for_as_long_as_it_may_be(clock, front, path, monkeypatch):
    good = front.get(path)
    django = front.django

    def fails(environ, start_response):
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"broken"]

    front.django = fails
    clock.now += 4
    assert (front.get(path).status, front.get(path).body) == (200, good.body)
    assert len(front.asked) == 3
    clock.now += 1.5
    assert front.get(path).status == 500
    front.django = django
    assert front.get(path).status == 200


def test_it_keeps_no_more_than_it_may(front, path, monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST", 3)
    for language in ("", "/ar", "/fr", "/es"):
        front.get(language + path)
    assert [key[0] for key in front.front.hands] == ["/ar" + path, "/fr" + path, "/es" + path]
    assert front.front.bytes == sum(len(kept.body) for [kept] in front.front.hands.values())
    monkeypatch.setattr(kept_pages, "MOST_BYTES", 1)
    front.get(path + "progress.json")
    assert not front.front.hands and front.front.bytes == 0


@pytest.fixture
def step(live, path):
    """A tweet step with many samples."""
    action = live.tweet_action
    SampleTweet.objects.filter(action=action).delete()
    for number in range(40):
        SampleTweet.objects.create(action=action, text=f"Sample {number} .@xmpl_ministry #OpenTheRiverReport")
    return path + "act/"


def sample_of(said):
    return re.search(rb"Sample \d+", said.body)[0]


def test_a_crowd_at_the_tweet_step_is_given_a_hand_of_samples(clock, front, step):
    shown = [sample_of(front.get(step)) for _ in range(200)]
    assert len(front.asked) == HAND
    assert len(set(shown[:HAND])) > 4
    # Each of the hand is as likely as the next; a sample that is in it twice, twice as likely.
    drawn, [hand] = shown[HAND:], front.front.hands.values()
    for sample, times in Counter(map(sample_of, hand)).items():
        part = times / HAND
        assert abs(drawn.count(sample) - len(drawn) * part) < 5 * sqrt(len(drawn) * part * (1 - part)), sample
    assert "no-store" in front.get(step).headers["cache-control"]


def test_a_hand_is_another_one_three_seconds_later(front, step, clock):
    first = {sample_of(front.get(step)) for _ in range(50)}
    clock.now += 3.1
    later = {sample_of(front.get(step)) for _ in range(50)}
    assert len(front.asked) == 2 * HAND
    assert first != later
    [hand] = front.front.hands.values()
    assert len(hand) == HAND
    assert front.front.bytes == sum(len(page.body) for page in hand)


def test_who_asks_for_another_text_gets_another_one(clock, front, step):
    first = SampleTweet.objects.first()
    for _ in range(40):
        assert first.text.encode() not in front.get(step, f"not={first.pk}").body
    # The first of all tells which words there are.
    assert len(front.asked) == HAND + 1


def test_one_sample_is_one_page(clock, front, path):
    for _ in range(5):
        assert front.get(path + "act/").status == 200
    assert len(front.asked) == 1


def test_thanks_are_said_to_who_has_confirmed(front, step):
    assert front.get(step, "confirmed=1").body != front.get(step).body
    assert "no-store" in front.get(step, "confirmed=1").headers["cache-control"]
