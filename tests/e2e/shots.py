"""`make shots`: every public page at two widths, in two lights, in two directions, with and without scripts, into shots/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo import campaigns as data
from tests.e2e.test_pages import PAGES

FOLDER = Path(__file__).resolve().parents[2] / "shots"
FORM = f"/c/{data.EXAMPLE.slug}/"


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "nojs"])
@pytest.mark.parametrize("language", ["", "/ar"], ids=["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_shots(browser, site, width, scheme, language, scripts):
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    page = context.new_page()
    folder = FOLDER / f"{width}-{scheme}-{language.strip('/') or 'en'}-{'js' if scripts else 'nojs'}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in PAGES:
        if path.startswith("/accounts") and language:
            continue
        page.goto(site.url + language + path)
        shoot(page, folder, path)
    page.goto(site.url + language + FORM)
    page.click("#sign-form button[type=submit]")
    shoot(page, folder, "sign-form-with-errors")
    context.close()


def shoot(page, folder, name):
    # What is loaded when one gets there is there now.
    page.mouse.wheel(0, 30_000)
    page.wait_for_load_state("networkidle")
    page.mouse.wheel(0, -30_000)
    page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9-]+', '_', name).strip('_') or 'home'}.png", full_page=True)
