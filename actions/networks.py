"""Every network, once: whose composer we link to, and where people may say beforehand that they will post. Buttons, form choices,
the constraint in the database and the hosts that browsers are allowed to leave for follow from here. We never post for anyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import regex
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.length import LIMIT, weighted_length


def graphemes(text: str) -> int:
    """What the eye takes for one sign counts once."""
    return len(regex.findall(r"\X", text))


def encoded(text: str) -> int:
    """Octets in a link: 1 for a plain letter, 6 for an Arabic one, 9 for a CJK sign."""
    return len(quote(text, safe=""))


def encoded_for_mail(text: str) -> int:
    return encoded(text.replace("\n", "\r\n"))


# static/js/weigh.js knows these by the same names.
MEASURES: dict[str, Callable[[str], int]] = {
    "x": weighted_length,
    "graphemes": graphemes,
    "characters": len,
    "encoded": encoded,
    "mail": encoded_for_mail,
}


@dataclass(frozen=True)
class Network:
    """`composer` is the address before the text; "" for a network that gets the text to copy, None for one without a button.
    `limit`: the most that it takes, as `measure` counts; 0 where there is none. The longest link has 12 kB, which fits the buffers
    in deploy/nginx.conf. `pledged`: whether people may say beforehand that they will post there."""

    slug: str
    name: Promise | str
    composer: str | None = None
    limit: int = 0
    measure: str = ""
    pledged: bool = False

    @property
    def host(self) -> str:
        """Where the composer is, as a content security policy names it: "https://x.com", or "mailto:"; "" without one."""
        parts = urlsplit(self.composer or "")
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:" if parts.scheme else ""

    def link(self, text: str) -> str:
        # Mail programs want the line ends of a mail.
        return (self.composer or "") + quote(text.replace("\n", "\r\n") if self.measure == "mail" else text, safe="")

    def weight(self, text: str) -> int:
        return MEASURES[self.measure](text) if self.measure else 0

    def takes(self, text: str) -> bool:
        return self.weight(text) <= self.limit

    def validate(self, text: str) -> None:
        """Raises ValidationError for a text that is too long for it."""
        if not self.takes(text):
            weight = self.weight(text)
            message = _("%(network)s counts %(weight)s of at most %(limit)s: please shorten it by %(over)s.")
            values = {"network": self.name, "weight": weight, "limit": self.limit, "over": weight - self.limit}
            raise ValidationError(message, params=values)


# In the order of buttons and choices.
NETWORKS = {
    network.slug: network
    for network in (
        Network("x", "X", "https://x.com/intent/tweet?text=", LIMIT, "x", pledged=True),
        Network("bluesky", "Bluesky", "https://bsky.app/intent/compose?text=", 300, "graphemes", pledged=True),
        Network("threads", "Threads", "https://www.threads.com/intent/post?text=", 500, "characters", pledged=True),
        # No limit is written down: so much passes every browser, proxy and phone.
        Network("whatsapp", "WhatsApp", "https://wa.me/?text=", 4_000, "encoded"),
        # Mail programs cut longer links.
        Network("mail", _("Mail"), "mailto:?body=", 2_000, "mail"),
        Network("copy", _("Mastodon, or anywhere: copy the text"), composer=""),
        Network("mastodon", "Mastodon", pledged=True),
        Network("other", _("elsewhere"), pledged=True),
    )
}
COMPOSERS = {slug: network for slug, network in NETWORKS.items() if network.composer is not None}
PLEDGED = [(slug, network.name) for slug, network in NETWORKS.items() if network.pledged]
# For `form-action`: browsers check where a form's answer redirects to as well.
COMPOSER_HOSTS = [network.host for network in COMPOSERS.values() if network.host]
