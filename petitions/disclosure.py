"""What may be told of people, and when (S11): the one rule that every page, file, picture and mail goes by.

Standard and elevated: totals are live. What says more than a total (hours, days, countries, targets) is told once an hour,
and only of those who came before a full hour after which LEAST others have come. So nothing that is told can be taken from
the live total to leave a handful. A cell has LEAST or is joined to others, and moves only by LEAST or more, because the
difference between what was told yesterday and what is told today is a cell too. What was told is therefore stored.

High: every number of people is hourly, in steps of ROUND_TO, and there are no cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Sum

from core.privacy.safety import Policy
from petitions.models import Petition

LEAST, ROUND_TO = 5, 10
# The key of the cell for all that can't be told apart.
REST = ""
# The name of the cell for those without a source.
DIRECT = "direct"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Span(NamedTuple):
    """Full UTC hours, `end` excluded: within one day, or until the end of a later one."""

    start: datetime
    end: datetime
    signatures: int


def rounded(number: int) -> int:
    """To the nearest 10, halves up."""
    return (number + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def rounded_down(number: int) -> int:
    """Down to the last full 10: a total that tells of nobody in particular."""
    return number // ROUND_TO * ROUND_TO


def total(policy: Policy, live: int, hourly: int | None) -> int:
    """The total as it may be told: live, or that of the last hour in steps; 0 as long as no hour has passed."""
    return live if policy.rounding == 1 else rounded_down(hourly or 0)


def steady(told: int, actual: int) -> int:
    """What to tell of a cell that stands at `actual` and was told as `told`; fewer than LEAST is told as 0."""
    if abs(actual - told) < LEAST:
        return told
    return actual if actual >= LEAST else 0


def cells(told: Mapping[str, int], actual: Mapping[str, int]) -> dict[str, int]:
    """What to tell of `actual` after `told` was: the largest changes that leave a REST which may be told as well.

    The sum is that of `actual`, so REST holds the small ones and the changes that are too small yet. Nothing moves before
    the sum has moved by LEAST. Empty when nothing can be told.
    """
    whole, rest = sum(actual.values()), told.get(REST, 0)
    if abs(whole - sum(told.values())) < LEAST:
        return dict(told)
    named = {key: number for key, number in told.items() if key != REST}
    changes = {key: actual.get(key, 0) - named.get(key, 0) for key in {**named, **actual} if key != REST}
    moving = sorted((key for key in changes if abs(changes[key]) >= LEAST), key=lambda key: (-abs(changes[key]), key))
    for many in range(len(moving), -1, -1):
        shown = named | {key: steady(named.get(key, 0), actual.get(key, 0)) for key in moving[:many]}
        other = whole - sum(shown.values())
        if (other == 0 or other >= LEAST) and (other == rest or abs(other - rest) >= LEAST):
            return {key: number for key, number in {**shown, REST: other}.items() if number}
    return {}


def full_hour(moment: datetime) -> datetime:
    """The hour that this moment is in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def cut(hours: Mapping[datetime, int], now: datetime, is_over: bool) -> datetime:
    """The last full hour after which LEAST have come, or nobody will any more: what came before it may be told."""
    end, after = full_hour(now), sum(number for hour, number in hours.items() if hour >= full_hour(now))
    for hour in sorted((hour for hour in hours if hour < end), reverse=True):
        if is_over or after >= LEAST:
            break
        end, after = hour, after + hours[hour]
    return end


def spans(hours: Mapping[datetime, int], start: datetime, now: datetime, is_over: bool) -> list[Span]:
    """The complete hours from `start` on, joined until each span has LEAST and leaves LEAST behind it: in all, and, if it ends
    within a day, in that day. Hours between spans are empty. `is_over`: nobody comes any more, and nobody has to be left behind."""
    if not hours:
        return []
    made, number, left = list[Span](), 0, sum(hours.values())
    in_day: dict[datetime, int] = {}
    for hour, count in hours.items():
        in_day[_midnight(hour)] = in_day.get(_midnight(hour), 0) + count
    end, last = start, min(full_hour(now), _midnight(max(hours)) + DAY)
    while end < last and left + number >= LEAST:
        count = hours.get(end, 0)
        number, left = number + count, left - count
        in_day[_midnight(end)] = in_day.get(_midnight(end), 0) - count
        end += HOUR
        if number == 0:
            start = end
        leaves = left >= LEAST or (is_over and left == 0)
        day = _midnight(end)
        fits = day == end or (day <= start and in_day.get(day, 0) >= LEAST)
        if number >= LEAST and leaves and fits:
            made.append(Span(start, end, number))
            start, number = end, 0
    return made


def by_hours(petition: Petition) -> list[Span]:
    """Oldest first; none where totals come in steps."""
    if petition.policy.rounding > 1:
        return []
    return [Span(*row) for row in petition.told_spans.order_by("start").values_list("start", "end", "signatures")]


def by_days(told: list[Span]) -> list[Span]:
    """Of what by_hours tells: whole days that are over, oldest first."""
    days, start, number = list[Span](), None, 0
    for span in told:
        start, number = start or _midnight(span.start), number + span.signatures
        if span.end == _midnight(span.end):
            days.append(Span(start, span.end, number))
            start, number = None, 0
    return days


def by_country(petition: Petition) -> list[tuple[str, int]]:
    """(country code, signatures), largest first, REST last; empty where the safety level keeps them to itself."""
    if not petition.policy.countries:
        return []
    rows = petition.told_countries.values_list("country", "signatures")
    return sorted(rows, key=lambda row: (row[0] == REST, -row[1], row[0]))


def by_source(petition: Petition) -> list[tuple[str, int]]:
    """(source, signatures), largest first, REST last, of those who confirmed before the hour until which is told. Who came through no
    source's link is DIRECT. A cell has LEAST or is joined to others. Empty where the safety level keeps no sources.

    For staff alone: nothing remembers what was told before, so two looks can differ by a handful.
    """
    if not petition.policy.sources or petition.told_until is None:
        return []
    rows = petition.signatures.filter(counts=True, confirmed_at__lt=petition.told_until)
    # Earlier releases have kept the word itself, too.
    actual = Counter[str]()
    for source, number in rows.values_list("source").annotate(Count("pk")).order_by():
        actual[source or DIRECT] += number
    return sorted(cells({}, actual).items(), key=lambda row: (row[0] == REST, -row[1], row[0]))


def until_told(petition: Petition) -> int:
    """How many were confirmed before the hour until which hours and countries are told."""
    return petition.told_spans.aggregate(total=Sum("signatures"))["total"] or 0


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
