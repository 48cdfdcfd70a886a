"""What consists of more than one date, number or word, as each language writes it, by CLDR (Babel): lists, spans, durations, shares,
money. Single dates and numbers are Django's, by config/formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_interval, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_percent
from django.conf import settings
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

# Our English is that of config/formats/en: the day before its month.
ENGLISH = Locale("en", "GB")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# From so much on hours are left out.
LONG = timedelta(days=7)
ISOLATE, END, LEFT_TO_RIGHT = "\u2068", "\u2069", "\u200e"
# A handle or a hashtag in Latin letters, with the dot or the bracket before it.
TAGGED = re.compile(r"(?<!\S)[.(«“]?[@#](?=[A-Za-z0-9_])")


def locale() -> Locale:
    """Of the language that is in force; English where Unicode's tables don't know it."""
    code = get_language() or settings.LANGUAGE_CODE
    try:
        return ENGLISH if code == "en" else Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return ENGLISH


def isolated(text: str) -> str:
    """The text, kept together and in its own order on a page that is written from right to left."""
    return f"{ISOLATE}{text}{END}" if get_language_bidi() else text


def in_a_box(text: str) -> str:
    """As `isolated`, of a text in a box, where nothing can be set apart: its handles and hashtags keep their sign in front. The mark
    that does it is dropped by the cleaner and counted by nobody."""
    return TAGGED.sub(rf"{LEFT_TO_RIGHT}\g<0>", text) if get_language_bidi() else text


def listed(words: Iterable[object]) -> SafeString:
    """“A, B and C”, safe to show."""
    return mark_safe(
        format_list(
            [conditional_escape(word if isinstance(word, str) else str(word)) for word in words], locale=locale()
        )
    )  # nosec B308 B703: each is escaped


def short_day(day: date, with_year: bool = False) -> str:
    """“5 Nov”, “5 Nov 2026”."""
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=locale())


def day_and_time(day: str, moment: datetime) -> str:
    """A day that is written already, and the time of day after it."""
    return _joined(day, date_format(moment, "TIME_FORMAT"))


def days(first: date, last: date) -> str:
    """“5–10 Nov 2026”, or the one day."""
    if first == last:
        return date_format(first, "DATE_FORMAT")
    return isolated(format_interval(first, last, "yMMMd", locale=locale()))


def moments(start: datetime, end: datetime) -> str:
    """“5 November 2026, 20:29 – 22:00 CET”; both in full where the day, or its offset from UTC, is another one."""
    whole = get_format("DATETIME_FORMAT")
    if start.date() == end.date() and start.utcoffset() == end.utcoffset():
        return between(date_format(start, whole.removesuffix(" T")), date_format(end, f"{get_format('TIME_FORMAT')} T"))
    return between(date_format(start, whole), date_format(end, whole))


def times(start: str, end: datetime) -> str:
    """From what is written already until a time of the same day."""
    return between(start, date_format(end, "TIME_FORMAT"))


def between(one: str, other: str) -> str:
    """“one – other”."""
    return str(locale().interval_formats[None]).format(isolated(one), isolated(other))


def numbers(least: int, most: int | None) -> str:
    """“10–99”, or “10+” without an end."""
    return isolated(f"{number_format(least)}+" if most is None else f"{number_format(least)}–{number_format(most)}")


def duration(length: timedelta) -> str:
    """“2 days and 23 hours”: two units, days alone from a week on, at least a minute."""
    length = max(length, MINUTE)
    hours, minutes = (length % DAY) // HOUR, (length % HOUR) // MINUTE
    parts: list[tuple[Literal["day", "hour", "minute"], timedelta]] = [
        ("day", length // DAY * DAY),
        ("hour", hours * HOUR if length < LONG else timedelta()),
        ("minute", minutes * MINUTE if length < DAY else timedelta()),
    ]
    # A threshold that nothing reaches keeps Babel from another unit.
    return format_list(
        [format_timedelta(part, granularity=unit, threshold=10**9, locale=locale()) for unit, part in parts if part],
        locale=locale(),
    )


def share(part: float | Decimal, decimals: int = 0) -> str:
    """A part of a whole as “12.6%”."""
    pattern = locale().percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("#,##0", f"#,##0.{'0' * decimals}")
    return format_percent(round(Decimal(part), decimals + 2), format=pattern, locale=locale())


def dollars(amount: Decimal) -> str:
    return format_currency(amount, "USD", locale=locale())


def exact(moment: datetime) -> str:
    """A moment with its second."""
    return _joined(short_day(moment, with_year=True), exact_time(moment))


def exact_time(moment: datetime) -> str:
    return format_skeleton("Hms", moment, tzinfo=moment.tzinfo, locale=locale())


def _joined(day: str, time: str) -> str:
    return str(locale().datetime_formats["medium"]).format(time, day)
