"""Percentages as each language writes them; whole numbers are `intcomma`'s."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

register = template.Library()


@register.filter
def percent(number: int | None) -> str:
    return "" if number is None else percent_pattern().replace("{number}", number_format(number))


@register.simple_tag
def percent_pattern() -> str:
    """For scripts too: “{number}%”."""
    return gettext("{number}%")
