"""From an empty site to a live campaign, and from a copy to the next one: how much there is to press and to fill in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.e2e.conftest import running
from tests.e2e.test_staff import log_in

FROM_NOTHING, FROM_A_COPY = 40, 20
HEADLINE = "Publish the bridge report, .@xmpl_council! #OpenTheBridge"
OPENINGS = [
    "I cross this bridge every morning.",
    "My bus was sent another way again.",
    "Rust falls on our boats from above.",
    "Our school is on the other bank.",
    "Nobody tells us whether it will hold.",
]
ASKS = [
    "What did the engineers find, .{target}? #OpenTheBridge",
    "Please publish all of the report, .{target} #OpenTheBridge",
    "We paid for these tests: show them, .{target} #OpenTheBridge",
    "When may we read the results, .{target}? #OpenTheBridge",
]


class Hand:
    """Whoever works through the pages. Each press, each field that is filled in and each box that is ticked counts as one."""

    def __init__(self, page):
        self.page, self.done = page, []

    def press(self, words):
        """The button or the link that says so; both lead to a page."""
        self.done.append(f"press {words}")
        main = self.page.locator("#main")
        named = [main.get_by_role(role, name=words, exact=True) for role in ("button", "link")]
        with self.page.expect_navigation():
            named[0].or_(named[1]).first.click()

    def fill(self, **fields):
        """Each by the end of its id, with __ for a hyphen."""
        for name, words in fields.items():
            self.fill_in(self.page.locator(f"[id='id_{name.replace('__', '-')}']"), words)

    def fill_in(self, field, words):
        self.done.append(f"fill {field.get_attribute('id')}")
        field.fill(words)

    def tick_all(self):
        for box in self.page.locator(".checklist input[type=checkbox]").all():
            self.done.append(f"tick {box.get_attribute('name')}")
            box.check()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A site with somebody who may log in, and nothing else."""

    def with_staff(processes):
        processes.run("staff", "-c", "from demo.seed import staff; staff()")

    folder = tmp_path_factory.mktemp("empty")
    with running(folder, "e2e_empty", with_staff, CONTACT="office@example.org") as site:
        yield site


@pytest.fixture
def hand(page, empty):
    log_in(page, empty)
    page.goto(f"{empty.url}/admin/")
    return Hand(page)


def day(days):
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"


def goes_live(hand):
    """From the checklist on."""
    for item in ("petition", "target", "samples", "demands", "languages"):
        assert hand.page.locator(f"#{item}.met").count(), item
    lacking = hand.page.locator(".checklist :is(.lacking, .doubt)")
    assert set(lacking.evaluate_all("all => all.map((one) => one.id)")) <= {"safety", "terms", "x"}
    hand.tick_all()
    hand.press("Go live")
    assert "It is live" in hand.page.inner_text("#page")


def test_a_campaign_is_made_and_goes_live_and_so_does_a_copy_of_it(hand, empty):
    page = hand.page
    assert "There is no campaign yet." in page.inner_text("#desk")
    from_nothing(hand)
    assert len(hand.done) <= FROM_NOTHING, hand.done
    page.goto(f"{empty.url}/c/openthebridge/")
    assert page.locator("main form input[name=email]").count()
    page.goto(f"{empty.url}/c/openthebridge/progress/")
    for demand in ("Publish the report", "Say when it will be repaired"):
        assert demand in page.inner_text("main")
    page.goto(f"{empty.url}/es/c/openthebridge/")
    assert "(es)" in page.inner_text("h1")

    page.goto(f"{empty.url}/admin/")
    hand.done.clear()
    from_a_copy(hand)
    assert len(hand.done) <= FROM_A_COPY, hand.done
    page.goto(f"{empty.url}/c/bridge-2/")
    for words in ("The second bridge is safe, and we know it.", "publish the report on the second bridge, whole"):
        assert words in page.text_content("main")
    page.goto(f"{empty.url}/es/c/bridge-2/")
    assert "(es)" in page.inner_text("h1")
    assert page.request.get(f"{empty.url}/c/openthebridge/").ok


def from_nothing(hand):
    page = hand.page
    hand.press("Start a campaign")
    hand.fill(
        goal_statement="The report on the bridge is public.",
        headline=HEADLINE,
        organiser="Bridge Friends",
        petition__title="Publish the bridge report",
        petition__text="To the council: publish the report on the bridge, whole and at once.",
        tweetaction__hashtag="OpenTheBridge",
        target__name="Council of Examples",
        target__x_handle="xmpl_council",
        target__reason="It ordered the report, and decides alone who may read it.",
        demand__title="Publish the report\nSay when it will be repaired",
    )
    hand.press("Create the draft")
    hand.press("Parts of texts")
    hand.fill(opening="\n".join(OPENINGS), ask="\n".join(ASKS))
    hand.press("Save and continue")
    hand.fill(title="Everybody asks", starts_at_0=day(20), starts_at_1="10:00")
    hand.press("Save and add another")
    hand.fill(title="The council meets", starts_at_0=day(30), starts_at_1="18:00")
    hand.press("Save and continue")
    hand.press("español")
    for pair in page.locator(".pair").all():
        hand.fill_in(pair.locator("input, textarea"), f"{pair.locator('.original').inner_text()} (es)")
    hand.press("Save and continue")
    goes_live(hand)


def from_a_copy(hand):
    hand.press(HEADLINE)
    hand.press("A new campaign from this one")
    hand.fill(slug="bridge-2", first_day=day(90))
    hand.press("Copy it")
    hand.fill(goal_statement="The second bridge is safe, and we know it.")
    hand.press("Save and continue")
    hand.press("Save and continue")
    hand.fill(
        title="Publish the report on the second bridge",
        text="To the council: publish the report on the second bridge, whole and at once.",
    )
    hand.press("Save")
    hand.press("Go live")
    goes_live(hand)
