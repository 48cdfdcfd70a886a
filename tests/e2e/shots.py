"""`make shots`: every public page at two widths, in two lights, in every language, with and without scripts, into shots/; staff's pages
at two widths, in two lights; and the pictures of docs/organisers.md, into shots/guide/, from where they are copied to docs/pictures/ once looked at."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from demo import campaigns as data
from tests.e2e.test_pages import PAGES
from tests.e2e.test_staff import log_in, pages_of_ours

FOLDER = Path(__file__).resolve().parents[2] / "shots"
FORM = f"/c/{data.EXAMPLE.slug}/"
# Everything in both directions; the other languages as most people see them.
LOOKS = [*product(["light", "dark"], ["en", "ar"], [True, False]), ("light", "es", True), ("light", "fr", True)]
# A draft that somebody has begun.
BEGUN = """
import django; django.setup()
from campaigns.models import Status
from tests import factories
factories.campaign(
    slug="open-the-bridge", headline="Open the bridge, .@xmpl_council! #OpenTheBridge", goal_statement="The bridge is open to everybody again.",
    organiser="Bridge Friends", signature_goal=1000, tweet_goal=200, status=Status.DRAFT, launched_at=None,
    petition=factories.petition(title="Open the bridge", text="Open it, as you promised in March."),
    tweet_action=factories.tweet_action(
        hashtag="OpenTheBridge",
        target=factories.target(name="Council of Exampletown", x_handle="xmpl_council", reason="The bridge is theirs."),
    ),
)
"""


@pytest.mark.parametrize(("scheme", "language", "scripts"), LOOKS)
@pytest.mark.parametrize("width", [360, 1280])
def test_shots(browser, site, width, scheme, language, scripts):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    page = context.new_page()
    folder = FOLDER / f"{width}-{scheme}-{language}-{'js' if scripts else 'nojs'}"
    prefix = "" if language == "en" else f"/{language}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in PAGES:
        if path.startswith("/accounts") and prefix:
            continue
        page.goto(site.url + prefix + path)
        shoot(page, folder, path)
    page.goto(site.url + prefix + FORM)
    page.click("#sign-form button[type=submit]")
    shoot(page, folder, "sign-form-with-errors")
    # The pages that only a link in a mail leads to.
    address = f"{folder.name}@example.org"
    page.fill("#id_name", "Ana")
    page.fill("#id_email", address)
    page.select_option("#id_country", "ES")
    page.click("#sign-form button[type=submit]")
    shoot(page, folder, "check-your-mail")
    page.goto(site.link_in_mail_to(address, "confirm"))
    shoot(page, folder, "to-confirm")
    page.click("main form button.go")
    shoot(page, folder, "confirmed")
    page.goto(f"{site.url}{prefix}/my/")
    page.fill("#id_email", address)
    page.click("main form button[type=submit]")
    page.goto(site.link_in_mail_to(address, "my"))
    shoot(page, folder, "ones-own-page")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shots_of_staff(browser, site, scheme):
    page = browser.new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    log_in(page, site)
    pages = ["/admin/", *pages_of_ours(page, site)]
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        folder = FOLDER / f"{width}-{scheme}-staff"
        folder.mkdir(parents=True, exist_ok=True)
        for path in pages:
            page.goto(site.url + path)
            shoot(page, folder, path)
    page.context.close()


def test_pictures_of_the_guide(browser, site):
    site.processes.run("a draft", "-c", BEGUN)
    page = browser.new_context(viewport={"width": 1180, "height": 760}, color_scheme="light").new_page()
    log_in(page, site)
    page.goto(f"{site.url}/admin/")
    picture(page, "desk")
    for words, name in ((data.EXAMPLE.hashtag, "pages"), ("OpenTheBridge", "draft")):
        page.goto(f"{site.url}/admin/campaigns/campaign/")
        page.click(f"text={words}")
        picture(page, name)
    page.click("#main a:has-text('Go live')")
    picture(page, "checklist")
    page.goto(f"{site.url}/admin/petitions/voice/")
    picture(page, "comments")
    page.context.close()


def picture(page, name):
    folder = FOLDER / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png")
    Image.open(folder / f"{name}.png").save(folder / f"{name}.webp", quality=80, method=6)


def shoot(page, folder, name):
    # What is loaded when one gets there is there now.
    page.mouse.wheel(0, 30_000)
    page.wait_for_load_state("networkidle")
    page.mouse.wheel(0, -30_000)
    page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9-]+', '_', name).strip('_') or 'home'}.png", full_page=True)
