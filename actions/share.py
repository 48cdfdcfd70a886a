"""Links to the composers of the networks, built here, for hosts on this list only. We never post for anyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import regex
from django.core.exceptions import ValidationError
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
    """`composer` is the address before the text; "" for a network that gets the text to copy. `limit`: the most that it takes,
    as `measure` counts; 0 where there is none. The longest link has 12 kB, which fits the buffers in deploy/nginx.conf."""

    slug: str
    name: object
    composer: str = ""
    limit: int = 0
    measure: str = ""

    def link(self, text: str) -> str:
        # Mail programs want the line ends of a mail.
        return self.composer + quote(text.replace("\n", "\r\n") if self.measure == "mail" else text, safe="")

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


NETWORKS = {
    network.slug: network
    for network in (
        Network("x", "X", "https://x.com/intent/tweet?text=", LIMIT, "x"),
        Network("bluesky", "Bluesky", "https://bsky.app/intent/compose?text=", 300, "graphemes"),
        Network("threads", "Threads", "https://www.threads.com/intent/post?text=", 500, "characters"),
        # No limit is written down: so much passes every browser, proxy and phone.
        Network("whatsapp", "WhatsApp", "https://wa.me/?text=", 4_000, "encoded"),
        # Mail programs cut longer links.
        Network("mail", _("Mail"), "mailto:?body=", 2_000, "mail"),
        Network("copy", _("Mastodon, or anywhere: copy the text")),
    )
}
# For `form-action`: browsers check where a form's answer redirects to as well.
COMPOSER_HOSTS = ["https://x.com", "https://bsky.app", "https://www.threads.com", "https://wa.me", "mailto:"]
