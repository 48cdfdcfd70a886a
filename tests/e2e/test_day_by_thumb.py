"""The day of action from a phone: whatever staff decide on that day is decided with one thumb; on a laptop, by keys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from demo import campaigns as data
from tests.e2e.test_staff import log_in

COMMENTS = ["My grandmother drank from it.", "Visit my shop."]
POSTS = ["Let us read it.", "Buy my cream.", "I drink this water.", "Who tested it?", "My river."]
MOMENT = "We walk to the ministry"
SET_UP = f"""
import django; django.setup()
from campaigns.models import Campaign
from tests import factories
campaign = Campaign.objects.get(slug="{data.EXAMPLE.slug}")
"""
TO_READ = f"""{SET_UP}
for number, words in enumerate({COMMENTS}):
    factories.voice(campaign.petition, "waiting", comment=words, address=f"thumb-{{number}}@example.org")
factories.day_of_action(campaign, title="{MOMENT}", is_day_of_action=False)
"""


def posts(first):
    """Waiting to be read; each ends with its number at X, from `first` on."""
    return f"""{SET_UP}
for number, words in enumerate({POSTS}, {first}):
    text = f"{{words}} {{number}}"
    factories.tweet(campaign.tweet_action, text=text, post_id=number, root_id=number, review="none", checked_at=None)
"""


# What has the focus, and is covered whole by something that stays in place.
COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth) - 1];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight) - 1];
  const seen = [[left + 1, top + 1], [right, top + 1], [left + 1, bottom], [(left + right) / 2, (top + bottom) / 2], [right, bottom]]
    .map(([x, y]) => document.elementFromPoint(x, y)).some((found) => found && (one.contains(found) || found.contains(one)));
  return one === document.body || !box.width || !box.height || seen ? null : one.outerHTML.slice(0, 120);
}"""


class Thumb:
    """Whoever holds the phone. What is touched is large enough and in the window; Playwright sees that nothing lies on it."""

    def __init__(self, page):
        self.page = page

    def touch(self, found, least=24):
        found.wait_for()  # The button of the actions appears with the choice of one, a moment later on a busy machine.
        box = found.bounding_box()
        assert box["width"] >= 24 and box["height"] >= least, (box, found.inner_text())
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, (box, found.inner_text())
        found.tap()

    def go(self, words, role="link"):
        with self.page.expect_navigation():
            self.touch(self.page.locator("#main").get_by_role(role, name=words, exact=True).first)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def send(self, words):
        with self.page.expect_navigation():
            self.touch(self.page.locator("#main").get_by_role("button", name=words, exact=True).first, 44)

    def decide(self, words, action):
        """Ticks the row of the list that holds these words, and runs the action on it."""
        row = self.page.locator("#result_list tbody", has_text=words)
        self.touch(row.locator("input.action-select"))
        self.page.select_option("select[name=action]", action)
        with self.page.expect_navigation():
            self.touch(self.page.locator("button[name=index]"), 44)
        assert words not in self.page.inner_text("#changelist")


@pytest.fixture
def phone(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    log_in(page, site)
    yield page
    context.close()


def clock(days):
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"


def test_the_day_of_action_from_a_phone(phone, page, site):
    site.processes.run("to read", "-c", TO_READ)
    site.processes.run("posts", "-c", posts(880_001))
    thumb, admin = Thumb(phone), f"{site.url}/admin"

    # Approve and decline: what people wrote, and what they posted.
    phone.goto(f"{admin}/petitions/voice/")
    thumb.decide(COMMENTS[0], "approve")
    thumb.decide(COMMENTS[1], "decline_unrelated")
    page.goto(f"{site.campaign}voices/")
    assert COMMENTS[0] in page.inner_text("main")
    assert COMMENTS[1] not in page.inner_text("main")
    phone.goto(f"{admin}/actions/tweet/?review__exact=none")
    thumb.decide("880001", "approve")
    thumb.decide("880002", "refuse")

    # From the desk to a campaign, and what the target said: of another one, as tests read for how long this one has heard nothing.
    phone.goto(f"{admin}/")
    thumb.go(phone.locator("#desk h2 a", has_text="KeepTheNightBus").inner_text())
    thumb.go("Afterwards")
    thumb.go("Log a response")
    phone.fill("#id_speaker", "Minister")
    phone.fill("#id_where", "In parliament")
    phone.fill("#id_words", "You will have it by Monday.")
    thumb.send("Save")
    assert "Minister" in phone.inner_text("#responses")

    # Publish.
    phone.goto(f"{admin}/")
    thumb.go(phone.locator("#desk h2 a", has_text=data.EXAMPLE.hashtag).inner_text())
    thumb.go("Timeline")
    thumb.go("Write an update")
    phone.fill("#id_title", "They promised it for Monday")
    phone.fill("#id_text", "We will hold them to it.")
    thumb.touch(phone.locator("#id_publish_now"))
    thumb.send("Save")
    page.goto(f"{site.campaign}updates/")
    assert "They promised it for Monday" in page.inner_text("main")

    # Move.
    thumb.go(MOMENT)
    thumb.go("Move it, with everything tied to it")
    phone.fill("#id_starts_at_0", clock(40))
    phone.fill("#id_starts_at_1", "11:00")
    phone.fill("#id_because", "The minister is away.")
    thumb.send("Show what would move")
    thumb.send("Move all of it")
    assert "11:00" in phone.locator("#moments li", has_text=MOMENT).inner_text()

    # Switch.
    thumb.go("Pause something")
    thumb.touch(phone.locator("#switch-map + dd a"))
    phone.wait_for_url(re.compile("switch=map"))
    phone.fill("#id_reason", "Somebody asked us to.")
    thumb.send("Switch off")
    assert "Somebody asked us to." in phone.inner_text("#switch-map + dd")
    thumb.touch(phone.locator("#switch-map + dd a.outcry-button"))
    phone.wait_for_url(re.compile("switch=map"))
    phone.fill("#id_reason", "It was a mistake.")
    thumb.send("Switch on again")
    assert "Somebody asked us to." not in phone.inner_text("#switch-map + dd")


def test_posts_are_decided_on_by_keyboard_and_what_has_the_focus_is_seen(watched, site):
    page = watched
    log_in(page, site)
    site.processes.run("posts", "-c", posts(880_101))
    page.goto(f"{site.url}/admin/actions/tweet/?review__exact=none")
    rows = page.locator("#result_list tbody tr.data-row")
    many = rows.count()
    third = rows.nth(2).inner_text()
    page.click("text=Decide with the keyboard")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    for _ in range(many):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) is None
    page.locator("input.action-select").first.focus()
    page.keyboard.press("a")
    page.wait_for_function(
        "many => document.querySelectorAll('#result_list tr.data-row').length === many - 2", arg=many
    )
    assert third == rows.first.inner_text()
    page.click("text=Decide with the keyboard")
    page.keyboard.press("d")
    page.wait_for_function(
        "many => document.querySelectorAll('#result_list tr.data-row').length === many - 3", arg=many
    )
    assert Axe().run(page).response["violations"] == []
    assert page.complaints == []
