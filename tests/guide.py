"""docs/organisers.md is followed as its reader would: what stands in bold is opened or pressed, what stands in italics is filled in."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.utils import timezone

from campaigns.models import Campaign, Delivery
from tests.html import Html, errors_of

GUIDE = Path(settings.BASE_DIR) / "docs/organisers.md"
STEP = re.compile(r"^(\d+)\. ((?:.|\n(?!\n|\d+\. |#))+)", re.MULTILINE)
NAMED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*", re.DOTALL)
DAY, YESTERDAY = timezone.now() + timedelta(days=9), timezone.now() - timedelta(days=1)
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
    "campaign": lambda reader: str(Campaign.objects.get().pk),
    "signatures": "40",
    "where they were collected": "Market square",
    "collected on": f"{YESTERDAY:%Y-%m-%d}",
    "how many you have counted": "40",
    "why you withdraw it": "Sheets were copied.",
    "handed over": lambda reader: now_in(Campaign.objects.get().zone),
    "receipt number": "R-77",
    "sha-256 of your file": lambda reader: f"{hashlib.sha256(reader.holds).hexdigest()}  petition.pdf",
    "country, as two letters": "NO",
    "set aside for review": "quarantine",
}
# What a link is called that the guide only describes.
DESCRIBED = {
    "its title": lambda: TYPED["title"],
    "its place": lambda: TYPED["where they were collected"],
    "its number": lambda: str(Delivery.objects.get()),
}


class Reader:
    """Somebody who has the guide beside the admin. `fetched`: the answer with their last file; `holds`: what they were given by hand."""

    def __init__(self, browser, place="/admin/"):
        self.browser = browser
        self.typed, self.fetched, self.holds = {}, None, b""
        self.on_page = place != "/admin/"
        self.come_to(place)

    def come_to(self, place):
        """Opens a page; whoever is told that all is well looks at the page of the campaign again."""
        answer = self.browser.get(place)
        assert answer.status_code == 200, (place, answer.status_code)
        self.take(answer)

    def take(self, answer):
        """A page is looked at, and a file read to its end."""
        if answer.headers["Content-Type"].startswith("text/html"):
            self.place, self.page, self.typed = answer.wsgi_request.get_full_path(), Html(answer), {}
        else:
            assert answer.getvalue()
            self.fetched = answer

    def do(self, step):
        """What one step of the guide asks for, in its order."""
        for bold, italic in NAMED.findall(step):
            try:
                self.follow(bold) if bold else self.fill(italic)
            except AssertionError as error:
                raise AssertionError(f"{step}\n{error}") from error

    def follow(self, words):
        """The button of this name where there is one, once something is filled in or nothing else leads on; the link otherwise."""
        words = DESCRIBED[words]() if words in DESCRIBED else words
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
        """The first one that says so, in whole or beside an icon, or whose icon has this title. The menu, with its icons, comes last
        for who begins on a page of a campaign."""
        beside = None
        for one in self.page.find(selector):
            if words in {label(one), one.attributes.get("title", ""), one.attributes.get("value", "")}:
                return one
            if words in {label(part) for part in one.find("span")}:
                if not self.on_page:
                    return one
                beside = beside or one
        return beside

    def fill(self, words):
        wanted = TYPED[words.lower()]
        wanted = wanted(self) if callable(wanted) else wanted
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
        if answer.status_code in (302, 303):
            return self.come_to(urljoin(place, answer.headers["Location"]))
        # A form of the admin that was refused may answer so, too.
        is_refused = place.startswith("/admin/") and "Content-Disposition" not in answer.headers
        assert answer.status_code == 200 and not is_refused, (place, answer.status_code, errors_of(answer))
        return self.take(answer)


def now_in(zone):
    """As staff type it, in minutes."""
    now = timezone.now().astimezone(zone)
    return f"{now:%Y-%m-%d}", f"{now:%H:%M}"


def label(element):
    return element.text.strip(" :*→+")


def sections():
    """{heading: its steps, by the number that the guide gives them}."""
    found = {}
    for section in GUIDE.read_text().split("\n## ")[1:]:
        steps = [(int(number), " ".join(step.split())) for number, step in STEP.findall(section)]
        assert [number for number, _ in steps] == [*range(1, len(steps) + 1)], section.partition("\n")[0]
        found[section.partition("\n")[0]] = dict(steps)
    return found
