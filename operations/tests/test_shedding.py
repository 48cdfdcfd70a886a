"""More people than the machine can answer: who has waited too long is told so, and nothing of theirs is begun."""

import time
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory

from operations import shedding, unavailable
from tests.html import Html

PATH = "/c/river/sign/"


def ask(path, method="get", came=None, data=None, **more):
    """What the server sends, and whether our pages were asked at all (`begun`)."""
    environ = getattr(RequestFactory(), method)(path, data, **more).environ
    if came is not None:
        environ["HTTP_X_REQUEST_START"] = came
    told = {"begun": False}

    def pages(environ, start_response):
        told["begun"] = True
        start_response("200 OK", [])
        return [b""]

    body = shedding.shed(pages)(environ, lambda status, headers: told.update(dict(headers), status=int(status[:3])))
    told["body"] = b"".join(body).decode()
    return told


def ago(seconds):
    return f"t={time.time() - seconds:.3f}"


def test_whoever_waited_too_long_is_asked_to_come_again_and_nothing_is_begun():
    answer = ask(PATH, "post", ago(3))
    assert answer["status"] == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer
    assert "your browser still has what you typed" in answer["body"]
    assert not answer["begun"]


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", [PATH, f"/ar{PATH}", "/confirm/token/", "/my/"])
def test_what_was_typed_is_there_to_be_sent_again(path):
    typed = {"name": 'Ana "A" <b>', "comment": "¡Publíquenlo!\n& ya", "city": ""}
    answer = ask(path, "post", ago(3), urlencode(typed), content_type=FORM)
    form = Html(answer["body"]).one("form[method=post]")
    assert form.element.get("action") is None
    assert Html(answer["body"]).fields("form[method=post]") == typed
    assert "<b>" not in answer["body"]
    assert "your browser still has" not in answer["body"]
    assert answer["Content-Length"] == str(len(answer["body"].encode()))
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "body", "more"),
    [
        ("/admin/login/", "password=secret", {"content_type": FORM}),
        (PATH, "comment=" + "x" * 20_000, {"content_type": FORM}),
        (PATH, "x&" * 60, {"content_type": FORM}),
        (PATH, "name=%ff", {"content_type": FORM}),
        (PATH, b"name=\xff", {"content_type": FORM}),
        (PATH, "name=x", {"content_type": "text/plain"}),
        (PATH, "name=x", {"content_type": FORM, "CONTENT_LENGTH": "many"}),
    ],
)
def test_what_is_no_form_of_a_visitor_is_not_given_back(path, body, more):
    answer = ask(path, "post", ago(3), body, **more)
    assert (answer["status"], "<form" in answer["body"], answer["begun"]) == (503, False, False)


def test_whoever_did_not_is_served():
    assert ask(PATH, "post", ago(1))["begun"]


@pytest.mark.parametrize("came", [None, "", "t=", "yesterday", "t=nan", "t=inf", "t=-inf", "t=0", "t=99999999999"])
def test_what_is_no_time_or_a_wrong_clock_keeps_nobody_out(came):
    assert ask(PATH, came=came)["status"] == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/static/css/outcry.css"])
def test_a_full_house_is_still_watched_and_its_page_has_a_stylesheet(path):
    assert ask(path, came=ago(30))["begun"]


def test_it_is_said_in_the_language_of_the_path():
    assert 'lang="fr"' in ask(f"/fr{PATH}", came=ago(3))["body"]
    assert "Trop de monde" in ask(f"/fr{PATH}", came=ago(3))["body"]
    assert 'dir="rtl"' in ask(f"/ar{PATH}", came=ago(3))["body"]


def test_saying_it_costs_nothing(live):
    unavailable.page.cache_clear()
    ask("/", came=ago(3))
    began = time.perf_counter()
    for _ in range(100):
        ask(PATH, came=ago(3))
    assert time.perf_counter() - began < 0.5
    assert unavailable.page.cache_info().misses == 1
