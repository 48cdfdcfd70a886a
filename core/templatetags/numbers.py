"""Numbers as each language writes them: percentages, and counts that may not be known; others are `intcomma`'s."""

from __future__ import annotations

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()


@register.filter
def counted(number: int | None) -> str:
    """“12,345”, or “not known” in its place."""
    return gettext("not known") if number is None else intcomma(number)


@register.filter
def percent(number: int | None) -> str:
    return "" if number is None else percent_pattern().replace("{number}", number_format(number))


@register.simple_tag
def percent_pattern() -> str:
    """For scripts too: “{number}%”."""
    return gettext("{number}%")
