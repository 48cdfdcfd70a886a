"""Staff in a browser: password and code, a passkey, and the campaign's own page in the admin."""

from __future__ import annotations

import re
import time

from axe_playwright_python.sync_playwright import Axe

from demo import campaigns as data
from tests.login import code


def log_in(page, site):
    page.goto(f"{site.url}/admin/")
    page.fill("#id_login", data.STAFF)
    page.fill("#id_password", site.secrets["DEMO_STAFF_PASSWORD"])
    page.click(".allauth form button[type=submit]:not(.plain) >> nth=0")
    page.fill("#id_code", code(site.secrets["DEMO_TOTP_SECRET"]))
    page.click("button:has-text('Sign In')")
    if page.locator("#id_code").count():
        # Every code works once: somebody logged in during this half minute.
        page.wait_for_timeout((31 - time.time() % 30) * 1000)
        page.fill("#id_code", code(site.secrets["DEMO_TOTP_SECRET"]))
        page.click("button:has-text('Sign In')")
    page.wait_for_url("**/admin/**")


def test_staff_log_in_run_a_campaign_and_add_a_passkey(watched, site):
    page = watched
    log_in(page, site)
    page.goto(f"{site.url}/admin/campaigns/campaign/")
    page.click(f"text={data.EXAMPLE.hashtag}")
    page.wait_for_selector(".outcry-progress svg.rope")
    change = page.url
    assert page.inner_text(".outcry-pages [aria-current=page]") == "Goal and demands"
    for words in ("Petition", "Tweet action", "Timeline", "Afterwards", "Press", "Safety and switches"):
        page.click(f".outcry-pages a:has-text('{words}')")
        page.wait_for_selector(f".outcry-pages [aria-current=page]:has-text('{words}')")
    page.goto(change)
    page.fill("#id_goal_statement", "The report is published, whole and soon.")
    page.click("button[name=_save], input[name=_save]")
    page.wait_for_selector("text=was changed successfully")
    assert page.url.rstrip("#") == change
    page.goto(site.campaign)
    assert "whole and soon" in page.inner_text("main")

    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site.url}/accounts/2fa/webauthn/add/")
    if page.locator("#id_password").count():
        page.fill("#id_password", site.secrets["DEMO_STAFF_PASSWORD"])
        page.click("button[type=submit]")
    page.check("#id_passwordless") if page.locator("#id_passwordless").count() else None
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    page.goto(f"{site.url}/accounts/me/")
    page.click("text=Log out")
    page.goto(f"{site.url}/accounts/login/?next=/admin/")
    page.click("#passkey_login")
    page.wait_for_url("**/admin/")
    assert page.foreign == []
    assert page.complaints == []


def pages_of_ours(page, site):
    """The campaign's own pages, and all others with templates of ours, for whoever is logged in."""
    page.goto(f"{site.url}/admin/campaigns/campaign/")
    campaign = page.get_attribute(f"a:has-text('{data.EXAMPLE.hashtag}')", "href")
    number = re.search(r"/(\d+)/", campaign)[1]
    own = f"/admin/campaigns/campaign/{number}/"
    languages = f"{own}languages/"

    def links(path, selector):
        page.goto(site.url + path)
        return page.eval_on_selector_all(selector, "all => all.map((one) => one.getAttribute('href'))")

    pages = links(f"{own}change/", ".outcry-pages a")
    assert len(pages) >= 8
    parts = links(f"{own}timeline/", "#moments li a")[:1] + links(f"{own}timeline/", "#updates li a")[:1]
    parts += links(f"{own}afterwards/", "#responses li a")[:1]
    steps = [step for part in parts for step in links(part, "a[href*='/mail/'], a[href*='/move/']")]
    assert len(parts) >= 2 and len(steps) >= 2
    return [
        *pages,
        *(f"{own}{made}/" for made in ("moment", "update", "response")),
        f"{languages}?language=ar",
        f"{languages}?language=english",
        *parts,
        *steps,
        "/accounts/me/",
        "/accounts/2fa/",
    ]


def opened(page):
    """The page as it is, and once more with each of its boxes open in which one finds by typing."""
    yield
    for box in page.locator(".select2-selection:visible").all():
        box.click()
        page.wait_for_selector(".select2-results__option")
        yield
        page.keyboard.press("Escape")


def test_axe_finds_nothing_on_the_pages_of_staff(page, site):
    """By day and by night."""
    log_in(page, site)
    ours, found, boxes = pages_of_ours(page, site), {}, 0
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ours:
            page.goto(site.url + path)
            for place, _ in enumerate(opened(page)):
                boxes += bool(place)
                for rule in Axe().run(page).response["violations"]:
                    found[scheme, path, rule["id"]] = [node["html"] for node in rule["nodes"]][:3]
    assert found == {}
    assert boxes >= 6


def test_a_forgotten_password_is_replaced_in_a_browser(watched, site):
    page = watched
    page.goto(f"{site.url}/accounts/password/reset/")
    page.fill("#id_email", data.STAFF)
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_url("**/password/reset/done/")
    link = site.link_in_mail_to(data.STAFF, "accounts/password/reset/key")
    # From a mail program, which is another site: the browser keeps strict cookies back.
    page.goto("about:blank")
    page.set_content(f'<a href="{link}">Choose a new password</a>')
    page.click("a")
    page.click("main button.go")
    page.wait_for_url("**-set-password/")
    # The same one again, for the sake of the tests beside this one.
    for field in ("#id_password1", "#id_password2"):
        page.fill(field, site.secrets["DEMO_STAFF_PASSWORD"])
    page.click("main button[name=action]")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    assert page.complaints == []
    assert page.foreign == []


def give_a_passkey_to(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_who_is_invited_comes_in_with_a_passkey_or_with_a_password_and_a_code(watched, site):
    page = watched
    for way in ("passkey", "app"):
        address = f"{way}@example.org"
        site.processes.run("invite", "manage.py", "invite", address, "--role", "organiser")
        link = site.link_in_mail_to(address, "accounts/invitation")
        page.goto("about:blank")
        page.set_content(f'<a href="{link}">Accept</a>')
        page.click("a")
        page.click("main button[type=submit]")
        page.wait_for_url("**/accounts/invited/")
        assert Axe().run(page).response["violations"] == []
        if way == "passkey":
            give_a_passkey_to(page)
            page.click("main a.go")
            page.click("#mfa_webauthn_signup")
        else:
            for field in ("#id_password1", "#id_password2"):
                page.fill(field, "a long enough password")
            page.click("main button.go")
            page.wait_for_url("**/accounts/invited/app/")
            assert page.evaluate("document.querySelector('main img').naturalWidth") > 0
            page.fill("#id_code", code(page.inner_text("main code")))
            page.click("main button.go")
        page.wait_for_url("**/recovery-codes/")
        assert Axe().run(page).response["violations"] == []
        page.click("main a.go")
        page.wait_for_url("**/admin/")
        page.goto(f"{site.url}/accounts/me/")
        page.click("text=Log out")
        if way == "passkey":
            page.goto(f"{site.url}/accounts/login/?next=/admin/")
            page.click("#passkey_login")
            page.wait_for_url("**/admin/")
    assert page.foreign == []
    assert page.complaints == []


def test_a_moderator_reads_voices_by_keyboard(watched, site):
    page = watched
    log_in(page, site)
    queue = f"{site.url}/admin/petitions/voice/?state__exact=waiting"
    page.goto(queue)
    many = page.locator(".outcry-words").count()
    assert many >= 4
    first, second = page.locator(".outcry-words").all_inner_texts()[:2]
    page.click("text=Decide with the keyboard")
    # Only while the focus is in the list, and on the row that it is on.
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_function("many => document.querySelectorAll('.outcry-words').length === many - 1", arg=many)
    assert first in page.inner_text("#changelist")
    assert second not in page.inner_text("#changelist")
    page.goto(f"{site.campaign}voices/")
    assert second in page.inner_text("main")
    page.goto(queue)
    page.keyboard.press("a")
    page.click("text=Decide with the keyboard")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("5")
    page.wait_for_function("many => document.querySelectorAll('.outcry-words').length === many - 3", arg=many)
    page.click("text=Undo my last decision")
    page.wait_for_function("many => document.querySelectorAll('.outcry-words').length === many - 1", arg=many)
    assert Axe().run(page).response["violations"] == []
    assert page.complaints == []
