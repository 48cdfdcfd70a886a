"""The card on somebody else's page: as high as its frame, and signed in it, in every language."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest

from demo import campaigns, night_bus, town_archive
from tests.html import Html

LANGUAGES, WIDTHS = ("", "/ar", "/es", "/fr"), (280, 320, 360, 420, 480)


@pytest.fixture
def elsewhere():
    """A page on another site, with a body of ours: (its address, a function that sets its body)."""
    body = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(
                f"<!doctype html><title>News</title><style>iframe {{ width: 100% }}</style>{body[-1]}".encode()
            )

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", body.append
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(browser):
    """Whoever reads that page, without a header of our own: to other sites a browser would ask first whether it may be sent."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pasted(page, site, language, field):
    """What the press page gives to paste."""
    page.goto(f"{site.url}{language}/c/{campaigns.EXAMPLE.slug}/press/")
    return page.input_value(f"#{field}")


@pytest.mark.parametrize("slug", [campaigns.EXAMPLE.slug, campaigns.BAHRAIN, night_bus.SLUG, town_archive.SLUG])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "?form=1"])
def test_oembed_says_how_high_the_card_is(page, site, slug, language, query):
    """Enough, and at most a fifth more, by the widest fonts that there are."""
    card = f"{site.url}{language}/c/{slug}/embed/{query}"
    for wide in WIDTHS:
        said = page.request.get(f"{site.url}/oembed?{urlencode({'url': card, 'maxwidth': wide})}").json()
        page.set_viewport_size({"width": wide, "height": 100})
        page.goto(card)
        high = page.evaluate("document.documentElement.scrollHeight")
        assert high <= said["height"] <= high * 1.2, (wide, high, said["height"])


@pytest.mark.parametrize("language", ["", "/ar"])
def test_the_form_in_a_frame_of_another_site_signs_in_a_tab_of_its_own(reader, site, elsewhere, language):
    page, context, (address, show) = reader, reader.context, elsewhere
    show(pasted(page, site, language, "code-form"))
    page.goto(address)
    frame = page.frame_locator("iframe")
    frame.locator("#id_name").fill("Ana Example")
    frame.locator("#id_email").fill(f"framed{language.strip('/')}@example.org")
    frame.locator("#id_country").select_option("ES")
    with context.expect_page() as opened:
        frame.locator("form button.go").click()
    opened.value.wait_for_url(f"{site.url}{language}/c/{campaigns.EXAMPLE.slug}/check-mail/*/")
    assert page.url == address
    assert site.link_in_mail_to(f"framed{language.strip('/')}@example.org", "confirm")
    assert context.cookies() == []


def test_what_is_wrong_is_said_in_the_tab_and_nothing_typed_is_lost(reader, site, elsewhere):
    page, context, (address, show) = reader, reader.context, elsewhere
    show(pasted(page, site, "", "code-form"))
    page.goto(address)
    page.frame_locator("iframe").locator("#id_name").fill("Ana Example")
    with context.expect_page() as opened:
        page.frame_locator("iframe").locator("form button.go").click()
    opened.value.wait_for_selector("#errors")
    assert opened.value.input_value("#id_name") == "Ana Example"
    assert page.frame_locator("iframe").locator("#id_name").input_value() == "Ana Example"


def test_the_frame_stays_as_high_as_its_card_whatever_becomes_of_its_width(reader, site, elsewhere):
    page, (address, show) = reader, elsewhere
    show(pasted(page, site, "/es", "code"))
    page.set_viewport_size({"width": 500, "height": 800})
    page.goto(address)
    frame = page.locator("iframe")
    assert "<script" in Html(page.content()).markup

    def fits():
        high = page.frames[1].evaluate("document.documentElement.scrollHeight")
        inside = page.frames[1].evaluate("innerHeight")
        return high <= inside <= high * 1.25

    page.wait_for_timeout(500)
    before = frame.get_attribute("height")
    assert fits()
    page.set_viewport_size({"width": 300, "height": 800})
    page.wait_for_function("before => document.querySelector('iframe').getAttribute('height') !== before", arg=before)
    assert int(frame.get_attribute("height")) > int(before)
    assert fits()
