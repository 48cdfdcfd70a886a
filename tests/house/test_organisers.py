"""docs/organisers.md is followed as its reader would: what stands in bold is opened or pressed, what stands in italics is filled in."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns.models import Campaign, Status
from operations.recovery import sealing
from tests.html import Html, errors_of

GUIDE = Path(settings.BASE_DIR) / "docs/organisers.md"
STEP = re.compile(r"^\d+\. ((?:.|\n(?!\n|\d+\. |#))+)", re.MULTILINE)
NAMED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*", re.DOTALL)
DAY = timezone.now() + timedelta(days=9)
# What a campaigner might write, by section and by field; True: a box that is ticked.
TYPED = {
    "goal": "The report on the river is public.",
    "headline": "Publish it, .@xmpl_ministry! #OpenTheRiver",
    "who runs this": "River Friends",
    "slug": "river",
    "signature goal": "100",
    "tweet goal": "50",
    "title": "Open the river report",
    "what people sign": "Publish it.",
    "name": "Ministry of Examples",
    "handle on x": "xmpl_ministry",
    "why it can decide": "It has the report.",
    "hashtag": "OpenTheRiver",
    "a text to post": "I drink this water, .@xmpl_ministry #OpenTheRiver",
    "text": "They have answered. We go on.",
    "demand": "Publish the report",
    "safety level": "high",
    "pledges needed to go ahead": "5",
    "what": "Everybody asks",
    "when": (f"{DAY:%Y-%m-%d}", "10:00:00"),
    "until": (f"{DAY:%Y-%m-%d}", "20:00:00"),
    "day of action": True,
    "i know: go live anyway": True,
    "publish now": True,
    "who said it": "The ministry",
    "where": "By mail",
    "exact words": "We will look at it.",
    "its slug": "river-2",
    "campaign": lambda: str(Campaign.objects.get().pk),
    "country, as two letters": "NO",
    "set aside for review": "quarantine",
}


class Reader:
    """Somebody who has the guide beside the admin."""

    def __init__(self, browser):
        self.browser = browser
        self.typed, self.opened = {}, []
        self.come_to("/admin/")

    def come_to(self, place):
        """Opens a page; whoever is told that all is well looks at the page of the campaign again."""
        answer = self.browser.get(place)
        assert answer.status_code == 200, (place, answer.status_code)
        if answer.headers["Content-Type"].startswith("text/html"):
            self.place, self.page, self.typed = answer.wsgi_request.get_full_path(), Html(answer), {}

    def follow(self, words):
        """The button of this name where there is one, once something is filled in or nothing else leads on; the link otherwise."""
        words = TYPED["title"] if words == "its title" else words
        button = self.named("button, input[type=submit]", words)
        link = self.named("a[href]", words)
        if button and (self.typed or not link):
            return self.press(button)
        if link is None and (campaign := Campaign.objects.order_by("pk").last()):
            self.come_to(f"/admin/campaigns/campaign/{campaign.pk}/change/")
            link = self.named("a[href]", words)
        assert link, f"{words} is not on {self.place}: {sorted(set(map(label, self.page.find('a, button'))))}"
        return self.come_to(urljoin(self.place, link["href"]))

    def named(self, selector, words):
        """The first one that says so, in whole or beside an icon, or whose icon has this title."""
        for one in self.page.find(selector):
            said = {label(one), one.attributes.get("title", ""), one.attributes.get("value", "")}
            if words in said | {label(part) for part in one.find("span")}:
                return one
        return None

    def fill(self, words):
        wanted = TYPED[words.lower()]
        wanted = wanted() if callable(wanted) else wanted
        found = [
            one for one in self.page.find("label") if label(one).lower().removesuffix(" (optional)") == words.lower()
        ]
        assert found, f"{words} is not on {self.place}: {sorted(set(map(label, self.page.find('label'))))}"
        for each in found:
            fields = self.page.find(f"[id='{each['for']}']") or self.page.find(f"[id='{each['for']}_0']")
            name = fields[0]["name"]
            if isinstance(wanted, tuple):
                names = [name, f"{name.removesuffix('_0')}_1"]
                self.typed |= dict(zip(names, wanted, strict=True))
            else:
                self.typed[name] = "on" if wanted is True else wanted

    def press(self, button):
        around = [*button.element.iterancestors("form")]
        form = self.page.one(f"form[id='{button['form']}']").element if "form" in button.attributes else around[0]
        own = {button["name"]: button.attributes.get("value", "")} if "name" in button.attributes else {}
        place = urljoin(self.place, form.get("action") or self.place)
        if form.get("method") == "get":
            return self.come_to(f"{place.partition('?')[0]}?{urlencode(Html(form).fields() | self.typed)}")
        answer = self.browser.post(place, Html(form).fields() | self.typed | own)
        assert answer.status_code in (302, 303), (place, answer.status_code, errors_of(answer))
        return self.come_to(urljoin(place, answer.headers["Location"]))


def label(element):
    return element.text.strip(" :*→+")


def steps():
    return [" ".join(step.split()) for step in STEP.findall(GUIDE.read_text())]


def test_the_guide_has_steps_and_names_what_is_to_be_done():
    assert len(steps()) > 25
    assert all(NAMED.search(step) for step in steps()), [step for step in steps() if not NAMED.search(step)]
    italic = {words.lower() for step in steps() for _, words in NAMED.findall(step) if words}
    assert italic == set(TYPED), italic ^ set(TYPED)


@pytest.mark.django_db
def test_whoever_follows_the_guide_comes_from_an_idea_to_the_next_campaign(staff, settings):
    settings.EXPORT_RECIPIENTS = [sealing.new_identity()[1]]
    reader = Reader(staff)
    for step in steps():
        for bold, italic in NAMED.findall(step):
            try:
                reader.follow(bold) if bold else reader.fill(italic)
            except AssertionError as error:
                raise AssertionError(f"{step}\n{error}") from error
    first, second = Campaign.objects.order_by("pk")
    assert (first.slug, first.status, first.safety) == ("river", Status.ARCHIVED, "high")
    assert first.launched_at and first.updates.get().mailing_at and first.responses.exists()
    assert first.recap.text and first.deliveries.exists()
    assert (second.slug, second.status) == ("river-2", Status.DRAFT)
    assert second.moments.get().is_day_of_action
