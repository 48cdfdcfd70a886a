"""Links to the composers of the networks, built here, for hosts on this list only. We never post for anyone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Network:
    """`composer` is the address before the text; "" for a network that gets the text to copy."""

    slug: str
    name: object
    composer: str = ""

    def link(self, text: str) -> str:
        return self.composer + quote(text, safe="")


NETWORKS = {
    network.slug: network
    for network in (
        Network("x", "X", "https://x.com/intent/tweet?text="),
        Network("bluesky", "Bluesky", "https://bsky.app/intent/compose?text="),
        Network("threads", "Threads", "https://www.threads.com/intent/post?text="),
        Network("whatsapp", "WhatsApp", "https://wa.me/?text="),
        Network("mail", _("Mail"), "mailto:?body="),
        Network("copy", _("Mastodon, or anywhere: copy the text")),
    )
}
# For `form-action`: browsers check where a form's answer redirects to as well.
COMPOSER_HOSTS = ["https://x.com", "https://bsky.app", "https://www.threads.com", "https://wa.me", "mailto:"]
