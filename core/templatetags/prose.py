from __future__ import annotations

import regex
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from core.text.hashtags import SIGNS
from core.text.markdown import to_html, to_text
from core.text.translations import Text

register = template.Library()
HANDLE_OR_HASHTAG = regex.compile(rf"(\.?[@＠]\w+|\.?[#＃][{SIGNS}]+)")
# As .w12 and its like in static/css/outcry.css.
WIDTHS = (12, 14, 16, 18, 20, 22, 24, 27, 30, 35, 40)
# A headline of more signs is set smaller.
MUCH = 120


@register.filter
def prose(text: str) -> SafeString:
    """Markdown by staff, as safe HTML."""
    return to_html(text)


@register.filter
def plain(text: str) -> str:
    """The same as plain text, for mails."""
    return to_text(text)


@register.filter
def marked(text: Text) -> SafeString:
    """A text inside a sentence, marked with its language where that is another one."""
    return format_html("<span{}>{}</span>", text.marks, text) if text.marks else format_html("{}", text)


@register.filter
def language_name(code: str) -> str:
    """A language in its own words; the code itself for one that nobody here has a word for."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.filter
def voice(text: str) -> SafeString:
    """A post in which handles and hashtags keep their own direction, whatever the language around them."""
    parts = HANDLE_OR_HASHTAG.split(text)
    marked = "".join(_handle(part) if index % 2 else format_html("{}", part) for index, part in enumerate(parts))
    return mark_safe(marked)  # nosec B308 B703: every part was escaped by format_html


@register.filter
def fit(text: str) -> str:
    """The classes of a headline by which its longest handle or hashtag fits on one line, whatever the width of that."""
    longest = max(map(len, HANDLE_OR_HASHTAG.findall(text)), default=0)
    # A comma or an exclamation mark stays with it.
    width = next((width for width in WIDTHS if longest + 1 <= width), WIDTHS[-1])
    return f"w{width} much" if len(text) > MUCH else f"w{width}"


def _handle(part: str) -> SafeString:
    # No line may begin with a full stop, say the rules of typesetting: that of ".@handle" may.
    marked = format_html('<bdi dir="ltr">{}</bdi>' if part.isascii() else "<bdi>{}</bdi>", part)
    return format_html("<wbr>{}", marked) if part.startswith(".") else marked
