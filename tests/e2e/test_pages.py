"""Every public page as a browser sees it: accessible, small, alone, in both directions and both lights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from actions.length import weighted_length
from demo import campaigns as data

LIVE, CLOSED = data.EXAMPLE.slug, data.BAHRAIN
PAGES = [
    "/", f"/c/{LIVE}/", f"/c/{LIVE}/progress/", f"/c/{LIVE}/act/", f"/c/{LIVE}/check-mail/", f"/c/{LIVE}/updates/", f"/c/{LIVE}/wall/",
    f"/c/{LIVE}/press/", f"/c/{LIVE}/pledged/", "/pledge/forged/", "/unsubscribe/forged/",
    f"/c/{CLOSED}/", f"/c/{CLOSED}/progress/", f"/c/{CLOSED}/recap/", f"/c/{CLOSED}/updates/", f"/c/{CLOSED}/act/",
    "/my/", "/my/forged/", "/data/", "/left-alone/", "/not-me/forged/", "/confirm/forged/", "/nowhere/", "/accounts/login/",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/ar"])
def test_axe_finds_nothing(page, site, language, scheme):
    page.emulate_media(color_scheme=scheme)
    found = {}
    for path in PAGES:
        if path.startswith("/accounts") and language:
            continue
        page.goto(site.url + language + path)
        results = Axe().run(page)
        if results.violations_count:
            found[path] = [
                (rule["id"], [node["html"] for node in rule["nodes"]][:2]) for rule in results.response["violations"]
            ]
    assert found == {}


def test_axe_finds_nothing_in_a_form_with_errors_and_on_the_confirm_page(page, site):
    page.goto(site.campaign)
    page.click("text=Sign, then confirm by mail")
    assert page.locator("#errors:focus").count() == 1
    assert Axe().run(page).response["violations"] == []
    page.fill("#id_name", "Ana")
    page.fill("#id_email", "axe@example.org")
    page.select_option("#id_country", "ES")
    page.check("#id_consent")
    page.click("text=Sign, then confirm by mail")
    page.goto(site.link_in_mail_to("axe@example.org", "confirm"))
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_is_wider_than_its_window(page, site, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        if path.startswith("/accounts") and language:
            continue
        page.goto(site.url + language + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_s08_nothing_foreign_is_asked_and_no_cookie_is_set(watched, site):
    for path in PAGES:
        if not path.startswith("/accounts"):
            watched.goto(site.url + path)
    assert watched.foreign == []
    assert watched.context.cookies() == []
    assert [text for text in watched.complaints if "Content Security" in text] == []


def test_first_load_stays_within_its_budget(page, site):
    """Compressed bytes over the wire, of everything."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[tuple[str, float]] = []
    kinds = {}
    session.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.append((kinds.get(event["requestId"], ""), event["encodedDataLength"])),
    )
    for path, most in ((f"/c/{LIVE}/", 50_000), (f"/c/{LIVE}/progress/", 80_000), (f"/c/{CLOSED}/progress/", 80_000)):
        sizes.clear()
        page.goto(site.url + path, wait_until="networkidle")
        total = sum(size for _, size in sizes)
        script = sum(size for kind, size in sizes if kind == "Script")
        assert 0 < total <= most, (path, total)
        assert script <= 10_000, (path, script)
    sizes.clear()
    page.goto(f"{site.url}/c/{LIVE}/", wait_until="networkidle")
    document = sum(size for kind, size in sizes if kind in ("Document", "Stylesheet"))
    assert document <= 14_000, document


def test_numbers_move_while_one_watches(watched, site):
    page = watched
    page.goto(f"{site.campaign}progress/")
    shown = page.locator('[data-figure="tweets.matching"]').first
    page.wait_for_selector('[data-figure="tweets.matching"]', timeout=15_000) if shown.count() else None
    site.x.add_post(
        "ana_at_x",
        f"First .@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}",
        at=datetime.now(UTC) - timedelta(minutes=2),
    )
    page.wait_for_timeout(6_000)
    page.goto(f"{site.campaign}progress/")
    before = int(page.inner_text('[data-figure="tweets.matching"] >> nth=0').replace(",", ""))
    site.x.add_post(
        "ana_at_x",
        f"Second .@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}",
        at=datetime.now(UTC) - timedelta(minutes=2),
    )
    page.wait_for_function(
        "before => Number(document.querySelector('[data-figure=\"tweets.matching\"]').textContent.replace(/,/g, '')) > before",
        arg=before,
        timeout=15_000,
    )
    page.click("text=Stop the moving numbers")
    assert page.locator("text=Let the numbers move").count() == 1
    assert page.complaints == []


TEXTS = [
    "", "plain words", "é à ü", "سلام عليكم", "漢字かな", "— … ’ “", "😀 👨‍👩‍👧‍👦 🇪🇸 👍🏽 1️⃣ ☀️", "https://example.org/a/b?c=d see example.com",
    "e.g. this, i.e. that", ".@handle #Tag", "2.5 million", "line\nline", "a" * 281, "ÅÅ e\u0301",
]  # fmt: skip


def test_the_length_shown_while_typing_is_the_servers(page, site):
    page.goto(f"{site.campaign}act/")
    for text in TEXTS:
        page.fill("#id_text", text)
        shown = page.inner_text("[data-weight]")
        assert shown.startswith(f"{weighted_length(text)} "), (text, shown)
    assert page.locator("[data-weight][data-over]").count() == 0
    page.fill("#id_text", "a" * 281)
    assert page.locator("[data-weight][data-over]").count() == 1


def test_a_crowded_address_does_a_little_work_unseen(watched, site):
    """The twenty-first form of a minute: the browser solves what it is asked, and the signature counts like any other."""
    import urllib.parse
    import urllib.request

    for number in range(21):
        form = urllib.parse.urlencode(
            {"name": "Ana", "email": f"crowd-{number}@example.org", "country": "ES", "consent": "on"}
        )
        asked = urllib.request.Request(f"{site.campaign}sign/", form.encode(), {"X-Forwarded-For": "2001:db8::77"})
        urllib.request.urlopen(asked).close()
    page = watched
    page.set_extra_http_headers({"X-Forwarded-For": "2001:db8::77"})
    page.goto(site.campaign)
    page.fill("#id_name", "Ana Crowd")
    page.fill("#id_email", "ana-crowd@example.org")
    page.select_option("#id_country", "ES")
    page.check("#id_consent")
    page.click("text=Sign, then confirm by mail")
    if page.locator("#challenge").count():
        page.wait_for_function("document.querySelector('[name=proof]').value", timeout=30_000)
        assert Axe().run(page).response["violations"] == []
        page.click("text=Sign, then confirm by mail")
    page.wait_for_url("**/check-mail/")
    assert (page.foreign, page.complaints) == ([], [])
