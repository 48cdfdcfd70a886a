"""From reading to the moved count, in a real browser: with scripts, without, and with the keyboard alone."""

from __future__ import annotations

import json
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

from demo import campaigns as data


def figures(site):
    with urllib.request.urlopen(f"{site.campaign}progress.json") as answer:
        return json.load(answer)


def wait_for(site, reached, seconds=10):
    """The figures as soon as `reached` holds, at most 10 s later."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = figures(site)
        if reached(now):
            return now
        time.sleep(0.25)
    raise AssertionError(f"not within {seconds} s: {now}")


def fill(page, address):
    page.fill("#id_name", "Ana Example")
    page.fill("#id_email", address)
    page.select_option("#id_country", "ES")


def catch_composer(context):
    """Stands in for x.com: the browser is really sent there, and gets as far as this."""
    opened = []

    def answer(route):
        opened.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<h1>composer</h1>")

    context.route("https://x.com/**", answer)
    return opened


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "java_script_enabled": request.param}


@pytest.mark.requirement("S18")
def test_from_reading_to_the_moved_count(watched, context, site, request):
    page, address = watched, f"ana-{request.node.callspec.id.replace(' ', '-')}@example.org"
    opened = catch_composer(context)
    before = figures(site)

    page.goto(site.url)
    page.click(f'a[href="/c/{data.EXAMPLE.slug}/"]')
    fill(page, address)
    page.click("text=Sign, then confirm by mail")
    assert page.inner_text("h1") == "One step left: your mail"
    assert address in page.inner_text("dl")

    page.goto(site.link_in_mail_to(address, "confirm"))
    assert page.input_value("#id_name") == "Ana Example"
    assert not page.is_checked("#id_updates")
    page.fill("#id_name", "Ana E.")
    page.click("text=Confirm my signature")
    assert "Thank you to everyone who has signed" in page.inner_text("main")
    wait_for(site, lambda now: now["signatures"]["confirmed"] > before["signatures"]["confirmed"])

    sample = page.input_value("#id_text")
    page.click("text=Show me another text")
    assert page.input_value("#id_text") != sample
    page.fill("#id_text", f"In my own words, .@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}")
    assert page.foreign == []
    with context.expect_page() as composer:
        page.click("text=Open X with this text")
    composer.value.wait_for_selector("text=composer")
    assert parse_qs(urlsplit(opened[0]).query)["text"] == [
        f"In my own words, .@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}\n{site.campaign}from/x/"
    ]
    wait_for(site, lambda now: now["tweets"]["opened"] > before["tweets"]["opened"])

    from datetime import UTC, datetime, timedelta

    # X counts until half a minute ago.
    site.x.add_post(
        "ana_at_x",
        f"In my own words, .@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}",
        at=datetime.now(UTC) - timedelta(minutes=1),
    )
    wait_for(site, lambda now: (now["tweets"]["matching"] or 0) > (before["tweets"]["matching"] or 0))

    page.goto(f"{site.campaign}progress/")
    assert f"{figures(site)['signatures']['confirmed']:,}" in page.inner_text("main")
    assert context.cookies() == []
    assert page.complaints == []


def test_the_signers_own_page(watched, site, request):
    page, address = watched, f"own-{request.node.callspec.id.replace(' ', '-')}@example.org"
    page.goto(site.campaign)
    fill(page, address)
    page.click("text=Sign, then confirm by mail")
    page.goto(site.link_in_mail_to(address, "confirm"))
    page.check("#id_show_name")
    page.click("text=Confirm my signature")
    counted = wait_for(site, lambda now: now["signatures"]["confirmed"])["signatures"]["confirmed"]

    page.goto(site.url)
    page.click("text=See or take back my signature")
    page.fill("#id_email", address)
    page.click("text=Mail me the link")
    assert "a mail with a link is on its way" in page.inner_text("main")
    page.goto(site.link_in_mail_to(address, "my"))
    assert address in page.inner_text("main")
    page.click("text=Hide my name and comment")
    page.click("text=Withdraw it >> nth=0")
    assert "It no longer counts." in page.inner_text("main")
    wait_for(site, lambda now: now["signatures"]["confirmed"] <= counted)
    page.click("text=Withdraw it and erase all of this")
    page.click("text=Yes, erase it all")
    assert "We have forgotten you" in page.inner_text("main")
    assert address not in page.content()
    assert (page.foreign, page.complaints) == ([], [])


def test_errors_are_shown_with_everything_kept(watched, site):
    page = watched
    page.goto(site.campaign)
    page.fill("#id_name", "Ana")
    page.fill("#id_email", "ana@")
    page.click("text=Say why")
    page.fill("#id_comment", "Kept words")
    page.click("text=Sign, then confirm by mail")
    assert page.locator("#errors").is_visible()
    assert page.input_value("#id_comment") == "Kept words"
    assert page.locator("#errors a").count() == 2
    page.click("#errors a >> nth=0")
    assert page.locator("#id_email:focus").count() == 1


def test_with_the_keyboard_alone(page, site, request):
    address = f"keys-{request.node.callspec.id.replace(' ', '-')}@example.org"
    page.goto(site.campaign)

    def tab_to(selector, most=60):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").is_visible()
    page.keyboard.press("Enter")
    tab_to("#id_name")
    page.keyboard.type("Ana Keys")
    tab_to("#id_email")
    page.keyboard.type(address)
    tab_to("#id_country")
    page.keyboard.type("Spain")
    tab_to("button.go")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-mail/*/")
    page.goto(site.link_in_mail_to(address, "confirm"))
    tab_to("button.go")
    page.keyboard.press("Enter")
    page.wait_for_url("**/act/**")
    opened = catch_composer(page.context)
    tab_to("#id_text")
    page.keyboard.press("Control+A")
    page.keyboard.type("Typed by hand")
    tab_to("button.go")
    with page.context.expect_page() as composer:
        page.keyboard.press("Enter")
    composer.value.wait_for_selector("text=composer")
    assert "Typed%20by%20hand" in opened[0]


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("{}@weiß.example", "{}@xn--wei-7ka.example"),
        ("Ana Lima <{}@example.org>", "{}@example.org"),
        ("mailto:{}＠example.org", "{}@example.org"),
    ],
)
def test_what_is_typed_or_pasted_reaches_the_mailbox_that_was_meant(watched, site, request, typed, mailbox):
    """No browser stands in the way, and none changes the domain."""
    name = "p" + "".join(sign for sign in request.node.callspec.id if sign.isalnum() and sign.isascii())[:40]
    watched.goto(site.campaign)
    fill(watched, typed.format(name))
    watched.click("text=Sign, then confirm by mail")
    assert watched.inner_text("h1") == "One step left: your mail"
    watched.goto(site.link_in_mail_to(mailbox.format(name), "confirm"))
    assert watched.input_value("#id_name") == "Ana Example"
