"""A mail on a page of the admin: by day, by night and as text. Nothing of it runs, and nothing is fetched."""

from __future__ import annotations

import base64
import re

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.utils.html import format_html

from campaigns.models import Campaign

# By day a mail's styles for the night hold nowhere, at night everywhere: of itself a frame follows its reader's device.
AT_NIGHT, HOLDS = "@media (prefers-color-scheme: dark)", {"day": "@media not all", "night": "@media all"}
# The content security policy of such a frame.
SHOWN_ONLY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": True,
}
# Whom a mail is to that goes to nobody.
NOBODY = "you@example.org"
MARK = '<p style="border: 2px dashed; margin: 0; padding: .5rem 1rem; font-weight: bold">{}</p>'


def languages(campaign: Campaign) -> list[str]:
    """Those that the campaign has texts in, its own first."""
    others = campaign.translations.order_by("language").values_list("language", flat=True)
    return [campaign.language, *others]


def sheet(made: EmailMultiAlternatives, part: str, mark: object = "") -> HttpResponse:
    """The HTML of a mail, as a mail program would show it by `part`, day or night; with the words of `mark` above it."""
    html = with_pictures(made).replace(AT_NIGHT, HOLDS.get(part, AT_NIGHT))
    if mark:
        html = re.sub(r"<body[^>]*>", lambda found: found[0] + format_html(MARK, mark), html, count=1)
    return HttpResponse(html)


def with_pictures(made: EmailMultiAlternatives) -> str:
    """The HTML of a mail, with what is attached to it in its place."""
    html = str(made.alternatives[0][0])
    for picture in made.attachments:
        name = picture["Content-ID"].strip("<>")
        data = base64.b64encode(picture.get_payload(decode=True)).decode()
        html = html.replace(f"cid:{name}", f"data:{picture.get_content_type()};base64,{data}")
    return html
