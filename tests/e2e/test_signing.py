"""The way from the campaign page to the mail: what is in the first screen, what one has to press, and what is never lost."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.privacy import slips
from core.tests.test_slips import ASKED, RIGHT
from demo import campaigns as data

LAPTOP, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
PRESS = "text=Sign, then confirm by mail"


def box(page, selector):
    found = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return found


def end(found):
    return found["y"] + found["height"]


@pytest.mark.parametrize("language", ["", "/ar"])
def test_on_a_laptop_headline_meter_and_sentence_stand_beside_the_form(page, site, language):
    page.set_viewport_size(LAPTOP)
    page.goto(f"{site.url}{language}/c/{data.EXAMPLE.slug}/")
    assert end(box(page, "#id_name")) <= 500
    form = box(page, "#sign-form")
    for selector in ("h1", ".so-far", ".stand .rope", ".stand .strand"):
        found = box(page, selector)
        assert end(found) <= LAPTOP["height"], selector
        if language:
            assert found["x"] >= form["x"] + form["width"], selector
        else:
            assert found["x"] + found["width"] <= form["x"], selector
    assert end(box(page, "#sign-form button.go")) <= LAPTOP["height"]
    for selector in (".notice", "#demands", "#story"):
        assert box(page, f".below {selector}")["y"] >= end(form) - 1, selector


@pytest.mark.parametrize("language", ["", "/ar"])
def test_on_a_phone_headline_and_one_line_come_before_the_form(page, site, language):
    page.set_viewport_size(PHONE)
    page.goto(f"{site.url}{language}/c/{data.EXAMPLE.slug}/")
    headline, sentence, field = (box(page, selector) for selector in ("h1", ".so-far", "#id_name"))
    assert end(headline) <= sentence["y"]
    assert end(sentence) <= field["y"]
    assert end(field) <= PHONE["height"]
    assert sentence["height"] < 1.5 * float(
        page.locator(".so-far").evaluate("(one) => parseFloat(getComputedStyle(one).lineHeight)")
    )
    order = page.evaluate(
        """() => [...document.querySelectorAll("h1, .so-far, #id_name, .meter, .notice, #demands, #story")]
        .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().y)"""
    )
    assert order == sorted(order)


HIDDEN = """() => {
  const one = document.activeElement, at = one.getBoundingClientRect();
  if (one === document.body || !at.width) return "";
  const bar = document.querySelector(".sign-bar");
  if (!bar || bar.contains(one)) return "";
  const over = bar.getBoundingClientRect();
  return over.height && at.bottom > over.top + 1 && at.top < over.bottom ? one.outerHTML.slice(0, 120) : "";
}"""


def test_on_a_phone_a_bar_leads_to_the_form_and_hides_no_focus(page, site):
    page.set_viewport_size(PHONE)
    page.goto(site.campaign)
    page.locator("#demands").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    bar = page.locator(".sign-bar a")
    assert bar.is_visible()
    assert PHONE["height"] - 1 <= end(box(page, ".sign-bar")) <= PHONE["height"] + 1
    bar.click()
    page.wait_for_timeout(300)
    assert 0 <= box(page, "#sign-form")["y"] <= 200
    page.goto(site.campaign)
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(HIDDEN) == ""
    page.set_viewport_size(LAPTOP)
    assert not bar.is_visible()


ROWS = """(selector) => new Set([...document.querySelectorAll(selector)].filter((one) => one.offsetParent)
  .map((one) => one.getBoundingClientRect()).map((at) => Math.round((at.top + at.bottom) / 20))).size"""


@pytest.mark.parametrize("slug", [data.EXAMPLE.slug, data.BAHRAIN])
@pytest.mark.parametrize("width", [320, 360, 412, 1280])
def test_navigation_is_one_row_and_no_hashtag_breaks(page, site, slug, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.url}/c/{slug}/")
    assert page.evaluate(ROWS, ".bar a") == 1
    broken = page.locator("h1 bdi").evaluate_all(
        "(all) => all.filter((one) => one.getClientRects().length > 1).map((one) => one.textContent)"
    )
    assert broken == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_from_landing_to_the_mail_it_takes_two_presses_beside_typing(watched, site):
    page = watched
    page.set_viewport_size(PHONE)
    page.goto(site.campaign)
    # Typing goes from field to field by the Tab key, as it does by the "next" of a phone's keyboard.
    page.click("#id_name")
    page.keyboard.type("Ana Example")
    page.keyboard.press("Tab")
    page.keyboard.type("two-presses@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Spain")
    page.click(PRESS)
    page.wait_for_url("**/check-mail/*/")
    assert "two-presses@example.org" in page.inner_text("dl")
    assert (page.foreign, page.complaints) == ([], [])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_slip_is_asked_about_once(browser, site, scripts):
    context = browser.new_context(
        java_script_enabled=scripts, extra_http_headers={"X-Forwarded-For": f"2001:db8:9::{int(scripts) + 1}"}
    )
    page = context.new_page()
    page.goto(site.campaign)
    page.fill("#id_name", "Ana Example")
    page.fill("#id_email", "ana@gmial.com")
    page.select_option("#id_country", "ES")
    if scripts:
        page.wait_for_selector("[data-meant]:not([hidden])")
        assert "Did you mean ana@gmail.com?" in page.inner_text("[data-meant]")
        assert Axe().run(page).response["violations"] == []
        page.click("text=Yes, use that")
        assert page.input_value("#id_email") == "ana@gmail.com"
        assert not page.locator("[data-meant]").is_visible()
        page.fill("#id_email", "ana@gmial.com")
    page.click(PRESS)
    if not scripts:
        assert "Did you mean ana@gmail.com?" in page.inner_text("#meant")
        assert page.input_value("#id_name") == "Ana Example"
        page.click("text=No, it is right as it is")
    page.wait_for_url("**/check-mail/*/")
    assert "ana@gmial.com" in page.inner_text("dl")
    context.close()


def test_the_script_asks_what_the_server_asks(page, site):
    page.clock.install()
    page.goto(site.campaign)
    unclear = ["hotmai.con", "gmailcom", "fotmail.com", "outlook.con", "yahoo.cm", "gmx.c", "web.e", "live.se.con"]
    for domain in [*ASKED, *RIGHT, *slips.KNOWN, *slips.THERE, *unclear]:
        page.fill("#id_email", f"ana@{domain}")
        page.clock.run_for(1_000)
        shown = page.locator("[data-meant] bdi").inner_text() if page.locator("[data-meant]").is_visible() else ""
        assert shown == slips.meant(f"ana@{domain}"), domain


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_wrong_address_is_changed_and_one_more_mail_comes(browser, site, scripts):
    context = browser.new_context(
        java_script_enabled=scripts, extra_http_headers={"X-Forwarded-For": f"2001:db8:8::{int(scripts) + 1}"}
    )
    page, name = context.new_page(), f"changed-{scripts}".lower()
    page.goto(site.campaign)
    page.fill("#id_name", "Ana Example")
    page.fill("#id_email", f"{name}@wrong.example")
    page.select_option("#id_country", "ES")
    page.click("text=Say why")
    page.fill("#id_comment", "Kept words")
    page.click(PRESS)
    page.wait_for_url("**/check-mail/*/")
    page.click("text=Wrong address? Change it")
    typed = [page.input_value(f"#id_{field}") for field in ("name", "email", "country", "comment")]
    assert typed == ["Ana Example", f"{name}@wrong.example", "ES", "Kept words"]
    if scripts:
        assert Axe().run(page).response["violations"] == []
    assert page.locator("#id_email:focus").count() == 1
    page.fill("#id_email", f"{name}@example.org")
    page.click(PRESS)
    page.wait_for_url("**/check-mail/*/")
    site.link_in_mail_to(f"{name}@example.org", "confirm")
    page.click("text=Send it again")
    assert "We are sending it again" in page.inner_text("[role=status]")
    for _ in range(600):
        mails = [mail for mail in site.mailbox.received if mail.rcpt_tos == [f"{name}@example.org"]]
        if len(mails) > 1:
            break
        page.wait_for_timeout(100)
    assert len(mails) == 2
    if scripts:
        assert Axe().run(page).response["violations"] == []
    assert context.cookies() == []
    context.close()
