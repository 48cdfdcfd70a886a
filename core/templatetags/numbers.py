"""Numbers as each language writes them: percentages, counts that may not be known, and those that static/js/live.js moves; others
are `intcomma`'s."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.text import formats

# What a script knows of a moment, by Django's letters.
PARTS = {"j": "{day}", "F": "{month}", "Y": "{year}", "H": "{hour}", "i": "{minute}"}

register = template.Library()


@register.filter
def counted(number: int | None) -> str:
    """“12,345”, or “not known” in its place."""
    return gettext("not known") if number is None else intcomma(number)


@register.filter
def percent(number: int | None) -> str:
    return "" if number is None else formats.share(Decimal(number) / 100)


@register.simple_tag
def percent_pattern() -> str:
    """For scripts too: “{number}%”."""
    return formats.share(Decimal("0.01")).replace("1", "{number}")


@register.filter
def figure(number: int | None, key: str) -> SafeString:
    """The number in an element that moves with `key` of progress.json."""
    shown = percent(number) if key.endswith("percent") else counted(number)
    return format_html('<span data-figure="{}">{}</span>', key, shown)


@register.filter(expects_localtime=True)
def stamp(moment: datetime, key: str) -> SafeString:
    """The moment as a <time>, which moves with `key` of progress.json; with "" it stays."""
    moves = format_html(' data-as-of="{}"', key) if key else ""
    shown = date_format(moment, "DATETIME_FORMAT")
    return format_html('<time datetime="{}"{}>{}</time>', moment.isoformat(timespec="seconds"), moves, shown)


@register.simple_tag
def moment_pattern() -> str:
    """How a moment is written, for scripts: “{day} {month} {year}, {hour}:{minute} CET”, in the zone that is in force."""
    letters, now = iter(get_format("DATETIME_FORMAT")), timezone.localtime()
    written = []
    for letter in letters:
        if letter == "\\":
            written.append(next(letters, ""))
        elif letter.isalpha():
            written.append(PARTS.get(letter) or date_format(now, letter))
        else:
            written.append(letter)
    return "".join(written)
