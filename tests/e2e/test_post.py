"""The tweet step in a real browser: nothing typed is lost, the composer has a tab of its own, every post brings the next one."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from actions.networks import POSTS
from demo import campaigns as data
from tests.e2e.test_journey import fill

WORDS = "In my own words, and I would hate to lose them."
HOSTS = {"x": "https://x.com/**", "bluesky": "https://bsky.app/**", "threads": "https://www.threads.com/**"}


@pytest.fixture
def composers(context):
    """Stands in for the networks; each is really gone to, and gets as far as this."""
    opened = []

    def answer(route):
        opened.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<h1>composer</h1><script>name = !!opener</script>")

    for host in (*HOSTS.values(), "https://wa.me/**", "https://t.me/**"):
        context.route(host, answer)
    return opened


@pytest.fixture
def act(watched, site):
    watched.goto(f"{site.campaign}act/")
    return watched


def typed(page):
    return page.input_value("#id_text")


@pytest.mark.parametrize("network", HOSTS)
def test_a_post_opens_in_a_tab_of_its_own_and_ends_with_the_address(act, context, composers, site, network):
    act.fill("#id_text", WORDS)
    with context.expect_page() as opening:
        act.click("text=Open X with this text" if network == "x" else f"button:has-text('{POSTS[network].name}')")
    tab = opening.value
    tab.wait_for_selector("text=composer")
    assert tab.evaluate("name") in ("false", "")
    assert typed(act) == WORDS
    (text,) = parse_qs(urlsplit(composers[0]).query)["text"]
    assert text.split("\n") == [WORDS, f"{site.campaign}from/{network}/"]
    # Whoever reads that post gets to the form, and the signature knows.
    act.goto(text.split("\n")[1])
    assert act.input_value("[name=source]") == network


@pytest.mark.parametrize("network", ["Mastodon", "Anywhere else: copy the text"])
def test_a_text_to_copy_ends_with_the_address(act, context, site, network):
    act.fill("#id_text", WORDS)
    with context.expect_page() as opening:
        act.click(f"button:has-text('{network}')")
    slug = "mastodon" if network == "Mastodon" else "copy"
    assert opening.value.input_value("#copy") == f"{WORDS}\n{site.campaign}from/{slug}/"


def test_a_refused_link_leaves_what_was_typed(act):
    act.fill("#id_text", WORDS)
    act.fill("#id_link", "https://evil.example/mia/status/1")
    act.click("section >> text=Count my post")
    assert act.locator("#errors").is_visible()
    assert typed(act) == WORDS
    assert act.input_value("#id_link") == "https://evil.example/mia/status/1"


def test_enter_in_the_field_of_the_link_counts_it_and_opens_nothing(act, context, composers):
    act.fill("#id_text", WORDS)
    act.fill("#id_link", "no link")
    act.press("#id_link", "Enter")
    act.wait_for_selector("#errors")
    assert len(context.pages) == 1
    assert composers == []
    assert typed(act) == WORDS


def test_another_text_leaves_what_was_typed_at_hand(act):
    act.fill("#id_text", WORDS)
    act.click("text=Show me another text")
    act.wait_for_selector("text=Back to my own words")
    assert typed(act) != WORDS
    act.click("text=Show me another text")
    act.click("text=Back to my own words")
    act.wait_for_function("words => document.querySelector('#id_text').value === words", arg=WORDS)


def test_a_reload_leaves_what_was_typed(act):
    act.fill("#id_text", WORDS)
    act.reload()
    assert typed(act) == WORDS


def test_the_way_back_leaves_what_was_typed(act, site):
    act.fill("#id_text", WORDS)
    act.goto(f"{site.campaign}progress/")
    act.go_back()
    act.wait_for_function("words => document.querySelector('#id_text').value === words", arg=WORDS)
    act.click("text=Show me another text")
    act.wait_for_selector("text=Back to my own words")
    act.go_back()
    act.wait_for_function("words => document.querySelector('#id_text').value === words", arg=WORDS)


@pytest.mark.parametrize("path", ["pass-on/", "write/"])
def test_what_is_written_to_a_friend_or_to_the_target_is_kept_too(watched, site, path):
    watched.goto(f"{site.campaign}{path}")
    watched.fill("#id_text", WORDS)
    watched.reload()
    assert typed(watched) == WORDS
    watched.goto(f"{site.campaign}act/")
    assert typed(watched) != WORDS
    watched.go_back()
    watched.wait_for_function("words => document.querySelector('#id_text').value === words", arg=WORDS)


def test_another_tab_begins_afresh(act, context, site):
    act.fill("#id_text", WORDS)
    other = context.new_page()
    other.goto(f"{site.campaign}act/")
    assert typed(other) != WORDS


@pytest.mark.parametrize("scripts", [True, False])
def test_without_scripts_another_text_and_a_refused_link_lose_nothing_either(browser, site, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{site.campaign}act/")
    page.fill("#id_text", WORDS)
    page.click("text=Show me another text")
    assert typed(page) != WORDS
    page.click("text=Back to my own words")
    assert typed(page) == WORDS
    page.fill("#id_link", "no link")
    page.click("section >> text=Count my post")
    assert page.locator("#errors").is_visible()
    assert typed(page) == WORDS
    context.close()


def test_a_friend_gets_a_text_and_a_link_that_leads_to_the_form(watched, context, composers, site):
    watched.goto(f"{site.campaign}act/")
    watched.click("text=Tell friends")
    with context.expect_page() as opening:
        watched.click("text=WhatsApp")
    opening.value.wait_for_selector("text=composer")
    link = re.search(r"http\S+/from/whatsapp/", unquote(composers[0])).group()
    watched.goto(link)
    assert watched.input_value("[name=source]") == "whatsapp"
    assert (watched.foreign, watched.complaints) == ([], [])


def test_the_copied_address_is_the_one_that_is_shown(watched, context, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.goto(f"{site.campaign}pass-on/")
    watched.click("[data-copy=link]")
    watched.wait_for_selector("text=Copied")
    assert watched.evaluate("navigator.clipboard.readText()") == f"{site.campaign}from/link/"


def test_the_mail_to_the_target_says_first_who_sees_what(watched, site):
    watched.goto(f"{site.campaign}act/")
    watched.click("text=Write a mail to Ministry of Examples")
    warning = watched.locator("text=The office sees your name and address.").bounding_box()
    assert warning["y"] < watched.locator("button.go").bounding_box()["y"]
    assert data.EXAMPLE.hashtag not in watched.input_value("#id_text")
    assert "{target}" not in watched.input_value("#id_text")


def test_from_the_mail_to_a_post_with_the_link_takes_three_presses(watched, context, composers, site):
    """The link in the mail, the button that confirms, the button that opens the composer: nothing else is asked for."""
    address = "three-presses@example.org"
    watched.goto(site.campaign)
    fill(watched, address)
    watched.click("#sign-form button[type=submit]")
    presses = 1
    watched.goto(site.link_in_mail_to(address, "confirm"))
    watched.click("main form button[type=submit]")
    presses += 1
    watched.wait_for_url("**/act/**")
    with context.expect_page() as opening:
        watched.click("text=Open X with this text")
        presses += 1
    assert presses == 3
    opening.value.wait_for_selector("text=composer")
    assert f"{site.campaign}from/x/" in unquote(composers[0])
