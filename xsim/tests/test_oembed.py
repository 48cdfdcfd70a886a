"""What is said about the URL of a post."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import getter

Ask = Callable[..., requests.Response]


@pytest.fixture
def ask(url: str) -> Ask:
    """ask(post_url, **params), without a token."""

    def ask(wanted: str, **params: Any) -> requests.Response:
        return getter(url, bearer=None)("/oembed", url=wanted, **params)

    return ask


def add(simulator: Simulator, text: str = "1 < 2 & #tag\nnext line") -> str:
    """The id of a post by Ann."""
    if simulator.corpus.user_named("ann") is None:
        simulator.add_user("ann", name='Ann "A." <Example>')
    return simulator.add_post("ann", text, at=NOON - timedelta(days=14)).id


def test_an_existing_post_is_described(simulator: Simulator, ask: Ask) -> None:
    post = add(simulator)
    answer = ask(f"https://x.com/ann/status/{post}")
    assert answer.status_code == 200
    shown = answer.json()
    html = shown.pop("html")
    assert shown == {
        "url": f"https://twitter.com/ann/status/{post}",
        "author_name": 'Ann "A." <Example>',
        "author_url": "https://twitter.com/ann",
        "width": 550,
        "height": None,
        "type": "rich",
        "cache_age": "3153600000",
        "provider_name": "Twitter",
        "provider_url": "https://twitter.com",
        "version": "1.0",
    }
    assert '<p lang="en" dir="ltr">1 &lt; 2 &amp; #tag<br>next line</p>' in html
    assert f'(@ann) <a href="https://twitter.com/ann/status/{post}">November 8, 2026</a>' in html
    assert "&lt;Example&gt;" in html
    assert "<Example>" not in html


def test_the_newer_vocabulary_names_the_newer_site(clock: Clock) -> None:
    simulator = Simulator(clock=clock, vocabulary="post")
    post = add(simulator)
    with simulator.serve() as url:
        shown = getter(url, None)("/oembed", url=f"https://twitter.com/ann/status/{post}").json()
    assert (shown["author_url"], shown["provider_name"]) == ("https://x.com/ann", "X")
    assert shown["url"] == f"https://x.com/ann/status/{post}"


@pytest.mark.parametrize(("omit", "there"), [("", True), ("false", True), ("true", False), ("1", False)])
def test_the_script_can_be_left_out(simulator: Simulator, ask: Ask, omit: str, there: bool) -> None:
    html = ask(f"https://x.com/ann/status/{add(simulator)}", omit_script=omit).json()["html"]
    assert ("<script" in html) is there


@pytest.mark.parametrize(
    "post_url",
    [
        "https://twitter.com/ann/status/{0}",
        "https://mobile.twitter.com/ann/status/{0}",
        "http://www.x.com/someone_else/status/{0}/",
        "https://x.com/ann/status/{0}?s=20",
    ],
)
def test_urls_that_lead_to_a_post(simulator: Simulator, ask: Ask, post_url: str) -> None:
    assert ask(post_url.format(add(simulator))).status_code == 200


@pytest.mark.parametrize(
    "post_url",
    [
        "https://x.com/ann/status/12345",
        "https://x.com/ann",
        "https://example.org/ann/status/{0}",
        "https://x.com.example.org/ann/status/{0}",
        "see https://x.com/ann/status/{0}",
        "https://x.com/ann/status/{0}x",
        "{0}",
    ],
)
def test_other_urls_are_not_found(simulator: Simulator, ask: Ask, post_url: str) -> None:
    assert ask(post_url.format(add(simulator))).status_code == 404


def test_a_url_is_wanted(ask: Ask) -> None:
    assert ask("").status_code == 400


def test_a_deleted_post_is_not_found(simulator: Simulator, ask: Ask) -> None:
    post = add(simulator)
    simulator.delete_post(post)
    assert ask(f"https://x.com/ann/status/{post}").status_code == 404


def test_the_posts_of_closed_accounts_are_refused(simulator: Simulator, ask: Ask) -> None:
    url = f"https://x.com/ann/status/{add(simulator)}"
    simulator.protect_user("ann")
    assert ask(url).status_code == 403
    simulator.suspend_user("ann")
    assert ask(url).status_code == 404


def test_it_costs_nothing(simulator: Simulator, ask: Ask) -> None:
    ask(f"https://x.com/ann/status/{add(simulator)}")
    assert simulator.bill() == 0


def test_it_can_be_made_to_fail(simulator: Simulator, ask: Ask) -> None:
    url = f"https://x.com/ann/status/{add(simulator)}"
    simulator.faults.add(route="/oembed", fault="html_503", nth=2)
    assert [ask(url).status_code for _ in range(3)] == [200, 503, 200]
