"""A data officer in a browser: addresses leave only with a second person, and what is delivered can be checked to the byte."""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile

import pyrage
import pytest
from pyrage import x25519

from operations.recovery import sealing
from tests.e2e.conftest import running
from tests.e2e.test_staff import log_in

SLUG, SECOND = "with-an-officer", "second@example.org"
SET_UP = f"""
import django; django.setup()
import itertools, json
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from petitions import tally
from tests import factories
from tests.login import logged_in, make_staff
factories.numbers = itertools.count(900_000)
campaign = factories.campaign(slug="{SLUG}")
factories.signature(campaign.petition, address="reads@example.org", updates_at=timezone.now())
factories.signature(campaign.petition, address="never@example.org")
for name in ("Zoé Example", "Bo Example"):
    factories.name_for_target(campaign, name)
tally.settle_all()
second = make_staff("{SECOND}", superuser=False, groups=[Group.objects.get(name="data officer")])
session = logged_in(second, host="localhost").cookies[settings.SESSION_COOKIE_NAME]
print(json.dumps([campaign.pk, campaign.petition.pk, session.key, session.value]))
"""


@pytest.fixture(scope="module")
def identity():
    return sealing.new_identity()


@pytest.fixture(scope="module")
def site(tmp_path_factory, identity):
    """One that has a key to seal for."""
    folder = tmp_path_factory.mktemp("officer")
    with running(folder, "officer", lambda processes: processes.seed(), EXPORT_RECIPIENTS=identity[1]) as whole:
        yield whole


@pytest.fixture
def campaign(site):
    return json.loads(site.processes.run("set up an officer", "-c", SET_UP).strip().rpartition("\n")[2])


@pytest.fixture
def second(browser, site, campaign):
    *_, name, value = campaign
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "url": site.url}])
    yield context.new_page()
    context.close()


def until(page, words, seconds=240):
    """Look at the page until something with these words is there. It is written behind pictures, which may take two minutes."""
    deadline = time.monotonic() + seconds
    while page.locator(words).count() == 0:
        assert time.monotonic() < deadline, page.inner_text("body")[:800]
        page.wait_for_timeout(500)
        page.reload()


def fetched(page, button, identity):
    """What the file holds that this button gives, once: its lock is opened with the data officer's own key."""
    with page.expect_download() as download:
        page.click(button)
    key = x25519.Identity.from_str(identity[0])
    return pyrage.decrypt(download.value.path().read_bytes(), [key])


def test_from_a_second_person_to_the_last_byte(watched, second, site, campaign, identity):
    page, (campaign_pk, petition_pk, *_) = watched, campaign
    log_in(page, site)

    page.goto(f"{site.url}/admin/petitions/export/add/")
    page.select_option("#id_petition", str(petition_pk))
    page.select_option("#id_purpose", "news")
    page.select_option("#id_format", "csv")
    page.fill("#id_reason", "For the newsletter of May")
    page.click("button[name=_save]")
    export = page.url
    assert page.locator("button:has-text('Approve')").count() == 0, "nobody approves what they asked for"
    assert page.locator("text=Fetch it, part by part").count() == 0
    second.goto(export)
    second.click("button:has-text('Approve')")
    assert second.locator("text=Fetch it, part by part").count() == 0
    page.reload()
    until(page, "text=Fetch it, part by part")
    page.click("text=Fetch it, part by part")
    until(page, "button:has-text('Fetch part 1, once')")
    table = fetched(page, "button:has-text('Fetch part 1, once')", identity).decode()
    assert "reads@example.org" in table and "never@example.org" not in table
    page.reload()
    assert page.locator("button:has-text('once')").count() == 0

    page.goto(f"{site.url}/admin/campaigns/delivery/add/")
    page.select_option("#id_campaign", str(campaign_pk))
    page.click("button[name=_save]")
    delivery = page.url
    until(page, "text=Fetch the pack, once")
    page.click("text=Fetch the pack, once")
    pack = zipfile.ZipFile(io.BytesIO(fetched(page, "button:has-text('Fetch it')", identity)))
    page.goto(delivery)
    page.click("text=Record the handover")
    page.fill("#id_handed_over_at_0", time.strftime("%Y-%m-%d", time.gmtime()))
    page.fill("#id_handed_over_at_1", time.strftime("%H:%M:%S", time.gmtime()))
    page.fill("#id_receipt", "R-77")
    page.click("button:has-text('It was handed over')")
    page.goto(delivery)
    page.click("text=Where anybody can check it")
    assert "R-77" in page.inner_text("main")

    [name] = [name for name in pack.namelist() if name.endswith(".pdf")]
    content = pack.read(name)
    changed = content[:-1] + bytes([content[-1] ^ 1])
    for bytes_of, said in ((content, f"Yes: this is {name}"), (changed, "No: this is none of the files")):
        page.fill("#id_sha256", hashlib.sha256(bytes_of).hexdigest())
        page.click("button:has-text('Compare')")
        page.wait_for_selector(f"text={said}")
    assert page.foreign == []
