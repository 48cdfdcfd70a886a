"""core/text/formats.py for templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from core.text import formats

register = template.Library()


@register.filter
def listed(words: Iterable[object]) -> SafeString:
    return formats.listed(words)


@register.filter
def time_until(moment: datetime) -> str:
    return formats.duration(moment - timezone.now())


@register.filter
def time_since(moment: datetime) -> str:
    return formats.duration(timezone.now() - moment)


@register.filter(expects_localtime=True)
def exact(moment: datetime | None) -> str:
    return formats.exact(moment) if moment else ""


@register.filter(expects_localtime=True)
def exact_time(moment: datetime) -> str:
    return formats.exact_time(moment)


@register.simple_tag
def moments(start: datetime, end: datetime) -> str:
    """In the zone that is in force."""
    return formats.moments(timezone.localtime(start), timezone.localtime(end))


@register.filter
def dollars(amount: Decimal) -> str:
    return formats.dollars(amount)
