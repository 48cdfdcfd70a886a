"""The day itself, from the promise to the recap: what activists do, and what staff do, in a browser."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.test_journey import catch_composer, fill
from tests.e2e.test_staff import log_in

SLUG, HASHTAG, HANDLE = "the-day", "TheDayItself", "xmpl_council"
SET_UP = f"""
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from actions.models import SampleTweet, Target, TweetAction
from campaigns.models import Campaign, Demand, KeyMoment
from petitions.models import Petition
now = timezone.now().replace(microsecond=0)
read = {{"terms_read_at": now, "terms_read_by": "Sam Example", "x_approval": "An example"}}
target = Target.objects.create(name="Council of Examples", x_handle="{HANDLE}", reason="It decides.", is_fictional=True)
action = TweetAction.objects.create(target=target, hashtag="{HASHTAG}", budget=99_999, **read)
SampleTweet.objects.create(action=action, text="Open the gate, .{{target}} #{HASHTAG}")
petition = Petition.objects.create(title="Open the gate", text="Open it.", opens_at=now - timedelta(hours=1))
campaign = Campaign.objects.create(
    slug="{SLUG}", headline="Open the gate, .@{HANDLE}! #{HASHTAG}", goal_statement="The gate is open.", signature_goal=10, tweet_goal=10,
    status="interest", organiser="Network", petition=petition, tweet_action=action, pledge_threshold=1,
)
Demand.objects.create(campaign=campaign, title="Open the gate")
KeyMoment.objects.create(campaign=campaign, title="Everybody asks", starts_at=now + timedelta(minutes=30), ends_at=now + timedelta(days=1), is_day_of_action=True)
"""
AFTERWARDS = f"""
import django; django.setup()
from django.utils import timezone
from actions.models import Tweet
from campaigns.models import Campaign, Recap, RecapEntry, Update
campaign, now = Campaign.objects.get(slug="{SLUG}"), timezone.now()
Update.objects.create(campaign=campaign, title="They answered us", text="The gate opens.", published_at=now)
recap = Recap.objects.create(campaign=campaign, text="How it went", published_at=now)
RecapEntry.objects.create(recap=recap, text="A voice of the day:", tweet=Tweet.objects.get(text__startswith="I have waited"))
"""


def until(page, url, words, seconds=40):
    """Look at the page until it holds these words."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.goto(url)
        if words in page.inner_text("body"):
            return
        time.sleep(0.5)
    raise AssertionError(f"{words!r} is not on {url} after {seconds} s: {page.inner_text('body')[:600]}")


@pytest.fixture
def staff(browser, site):
    context = browser.new_context()
    page = context.new_page()
    log_in(page, site)
    yield page
    context.close()


def test_from_the_promise_to_the_recap(watched, context, site, staff):
    page, campaign, admin = watched, f"{site.url}/c/{SLUG}/", f"{site.url}/admin"
    site.processes.run("set up the day", "-c", SET_UP)
    site.x.add_user(HANDLE, name="Council", id="990077")
    opened = catch_composer(context)

    page.goto(campaign)
    page.fill("#pledge_email", "mia@example.org")
    page.select_option("#pledge_remind", "hour")
    page.check("#pledge_consent")
    page.click("button:has-text('I will take part')")
    page.goto(site.link_in_mail_to("mia@example.org", "pledge"))
    page.click("text=Yes, I will take part")
    assert "With you, that makes 1 person." in page.inner_text("main")
    # The page is the same for everybody for some seconds.
    for _ in range(40):
        page.goto(campaign)
        if "0 have said yes" not in page.inner_text("main"):
            break
        page.wait_for_timeout(250)
    assert "1 has said yes" in page.inner_text("main")

    staff.goto(f"{admin}/campaigns/campaign/")
    staff.click("text=Open the gate")
    assert "1 of 1 pledges: go" in " ".join(staff.inner_text(".outcry-progress").split())
    campaign_in_admin = staff.url
    staff.click(".outcry-head a[href*='/live/']")
    for tick in staff.locator(".checklist input[type=checkbox]").all():
        tick.check()
    staff.click(".outcry-step button[type=submit]")
    staff.wait_for_selector(".outcry-progress")

    page.goto(site.link_in_mail_to("mia@example.org", f"c/{SLUG}", last="act/"))
    assert "the day of action" in page.inner_text("main").lower()
    page.fill("#id_text", f"I have waited long enough, .@{HANDLE} #{HASHTAG}")
    with context.expect_page() as composer:
        page.click("text=Open X with this text")
    composer.value.wait_for_selector("text=composer")
    assert HASHTAG in opened[0]
    post = site.x.add_post(
        "mia_at_x", f"I have waited long enough, .@{HANDLE} #{HASHTAG}", at=datetime.now(UTC) - timedelta(minutes=1)
    )
    page.goto(f"{campaign}act/")
    page.fill("#id_link", "https://evil.example/mia/status/1")
    page.click("text=Count my post")
    assert "This is not the link of a post on X" in page.inner_text("main")
    page.fill("#id_link", f"https://x.com/mia_at_x/status/{post.id}?s=20")
    page.click("text=Count my post")
    assert "Thank you. We will check it" in page.inner_text("main")

    until(staff, f"{admin}/actions/tweet/?review__exact=none", "I have waited long enough")
    assert "I have waited" not in page.inner_text("main")
    staff.check("input.action-select >> nth=0")
    staff.select_option("select[name=action]", "approve")
    staff.click("button[title='Run the selected action']")
    until(page, f"{campaign}wall/", "I have waited long enough")
    assert "@mia_at_x" in page.inner_text("main")

    site.x.add_post(HANDLE, "We will open the gate on Monday.", at=datetime.now(UTC) - timedelta(seconds=40))
    until(staff, campaign_in_admin, "We will open the gate on Monday.")
    staff.click("text=Log it as a response")
    staff.click("button:has-text('Log it')")
    until(page, f"{campaign}progress/", "We will open the gate on Monday.")
    assert "0" in page.inner_text(".clock")

    page.goto(campaign)
    fill(page, "noa@example.org")
    page.click("text=Sign, then confirm by mail")
    page.goto(site.link_in_mail_to("noa@example.org", "confirm"))
    page.check("#id_updates")
    page.click("text=Confirm my signature")
    site.processes.run("afterwards", "-c", AFTERWARDS)
    staff.goto(campaign_in_admin.replace("/change/", "/timeline/"))
    staff.click("#updates a:has-text('They answered us')")
    url = staff.get_attribute("a[href*='/mail/']", "href")
    staff.goto(site.url + url)
    assert "They answered us" in staff.inner_text("body")
    staff.click("button:has-text('Mail it, once')")
    page.goto(site.link_in_mail_to("noa@example.org", "unsubscribe"))
    page.click("button:has-text('No more news')")
    assert "You will get no more news" in page.inner_text("main")

    page.goto(f"{campaign}recap/")
    text = page.inner_text("main")
    assert text.index("How it went") < text.index("A voice of the day:") < text.index("I have waited long enough")
    assert {url.split("?")[0] for url in page.foreign} <= {
        "https://x.com/intent/tweet",
        "https://x.com/favicon.ico",
    }
    assert context.cookies() == []
