"""Every network, once: whose composer we link to, and where people may say beforehand that they will post. Buttons, form choices,
the constraint in the database and the hosts that browsers are allowed to leave for follow from here. We never post for anyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import regex
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.length import LIMIT, URL_WEIGHT, weighted_length

LINK = regex.compile(r"https?://(\S*[\p{L}\p{M}\p{N}_/])", regex.IGNORECASE)
# Of a handle on another server only the name counts.
ELSEWHERE = re.compile(r"@(\w+)@[\w.-]*\w", re.ASCII)


def graphemes(text: str) -> int:
    """What the eye takes for one sign counts once."""
    return len(regex.findall(r"\X", text))


def bluesky(text: str) -> int:
    """The same, with each link as short as Bluesky shows it."""
    return graphemes(LINK.sub(lambda found: _shortened(found[1]), text))


def _shortened(link: str) -> str:
    host, slash, path = link.partition("/")
    path = slash + path
    if len(path) > 15:
        return f"{host}{path[:13]}..."
    return host if path == "/" else host + path


def mastodon(text: str) -> int:
    """The same, with 23 for a link."""
    return graphemes(ELSEWHERE.sub(r"@\1", LINK.sub("x" * URL_WEIGHT, text)))


def encoded(text: str) -> int:
    """Octets in a link: 1 for a plain letter, 6 for an Arabic one, 9 for a CJK sign."""
    return len(quote(text, safe=""))


def encoded_for_mail(text: str) -> int:
    return encoded(text.replace("\n", "\r\n"))


# static/js/weigh.js knows these by the same names.
MEASURES: dict[str, Callable[[str], int]] = {
    "x": weighted_length,
    "bluesky": bluesky,
    "characters": len,
    "mastodon": mastodon,
    "encoded": encoded,
    "mail": encoded_for_mail,
}


@dataclass(frozen=True)
class Network:
    """`composer` is the address before the text; "" for a network that gets the text to copy, None for one without a button.
    `limit`: the most that it takes, as `measure` counts; 0 where there is none. The longest link has 12 kB, which fits the buffers
    in deploy/nginx.conf. `pledged`: whether people may say beforehand that they will post there. `for_friends`: what goes there is
    written to a friend, not to the target; `is_sealed`: nobody between the two can read it. `link_weight`: what the campaign's
    address counts there, however long it is. `link_field`: where the composer takes the address apart from the text."""

    slug: str
    name: Promise | str
    composer: str | None = None
    limit: int = 0
    measure: str = ""
    pledged: bool = False
    for_friends: bool = False
    is_sealed: bool = False
    link_weight: int = 0
    link_field: str = ""

    @property
    def host(self) -> str:
        """Where the composer is, as a content security policy names it: "https://x.com", or "mailto:"; "" without one."""
        parts = urlsplit(self.composer or "")
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:" if parts.scheme else ""

    @property
    def is_mail(self) -> bool:
        return self.host == "mailto:"

    @property
    def opens_a_program(self) -> bool:
        """Whether it is no page, but a program of the device: a new tab would stay empty."""
        return bool(self.host) and not self.host.startswith("https:")

    def whole(self, text: str, url: str = "") -> str:
        """What is posted: the text, and the campaign's address as its last line."""
        return f"{text}\n{url}" if url and not self.link_field else text

    def link(self, text: str, url: str = "", subject: str = "", reply_to: str = "") -> str:
        """The way to the composer, with all of it. `subject` is for mails, `reply_to` the id of a post at X."""
        whole = self.whole(text, url)
        # Mail programs want the line ends of a mail.
        link = (self.composer or "") + quote(whole.replace("\n", "\r\n") if self.is_mail else whole, safe="")
        apart = {self.link_field: url, "subject": subject if self.is_mail else ""}
        if self.slug == "x":
            apart["in_reply_to"] = reply_to
        return link + "".join(f"&{name}={quote(said, safe='')}" for name, said in apart.items() if name and said)

    def weight(self, text: str, url: str = "") -> int:
        if not self.measure:
            return 0
        measure = MEASURES[self.measure]
        if url and self.link_weight:
            return measure(f"{text}\n") + self.link_weight
        return measure(self.whole(text, url))

    def takes(self, text: str, url: str = "") -> bool:
        return self.weight(text, url) <= self.limit

    def validate(self, text: str, url: str = "") -> None:
        """Raises ValidationError for a text that is too long for it."""
        if not self.takes(text, url):
            weight = self.weight(text, url)
            message = _("%(network)s counts %(weight)s of at most %(limit)s: please shorten it by %(over)s.")
            values = {"network": self.name, "weight": weight, "limit": self.limit, "over": weight - self.limit}
            raise ValidationError(message, params=values)


# In the order of buttons and choices.
NETWORKS = {
    network.slug: network
    for network in (
        Network("x", "X", "https://x.com/intent/tweet?text=", LIMIT, "x", pledged=True, link_weight=URL_WEIGHT),
        Network("bluesky", "Bluesky", "https://bsky.app/intent/compose?text=", 300, "bluesky", pledged=True),
        Network("threads", "Threads", "https://www.threads.com/intent/post?text=", 500, "characters", pledged=True),
        # Everybody has a server of their own there: the text is copied.
        Network("mastodon", "Mastodon", "", 500, "mastodon", pledged=True, link_weight=URL_WEIGHT),
        Network("copy", _("Anywhere else: copy the text"), ""),
        # No limit is written down: so much passes every browser, proxy and phone.
        Network("whatsapp", "WhatsApp", "https://wa.me/?text=", 4_000, "encoded", for_friends=True),
        Network(
            "telegram", "Telegram", "https://t.me/share/url?text=", 4_000, "encoded", for_friends=True, link_field="url"
        ),
        # Has no address to be opened by.
        Network("signal", _("Signal: copy the text"), "", for_friends=True, is_sealed=True),
        # Phones disagree about what comes after the number: both kinds read this.
        Network("sms", _("Text message"), "sms:?&body=", 2_000, "encoded", for_friends=True),
        # Mail programs cut longer links.
        Network("mail", _("Mail"), "mailto:?body=", 2_000, "mail", for_friends=True),
        Network("other", _("elsewhere"), pledged=True),
    )
}
COMPOSERS = {slug: network for slug, network in NETWORKS.items() if network.composer is not None}
POSTS = {slug: network for slug, network in COMPOSERS.items() if not network.for_friends}
FRIENDS = {slug: network for slug, network in COMPOSERS.items() if network.for_friends}
PLEDGED = [(slug, network.name) for slug, network in NETWORKS.items() if network.pledged]
# For `form-action`: browsers check where a form's answer redirects to as well.
COMPOSER_HOSTS = [network.host for network in COMPOSERS.values() if network.host]
FRIEND_HOSTS = [network.host for network in FRIENDS.values() if network.host]
