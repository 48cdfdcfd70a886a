"""The largest crowds among signatures: of one mail domain, and of one IP address on one day, with what tells people apart.

Each is known by a mark that can be a condition (petitions/selection.py). Nobody reads which domain of people's own, or which
address, it is. There is none of few: whoever knows somebody's domain could find out by its crowd whether that person has signed.
An address is another one each day, and may be told from fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import ExtractHour

from core.privacy import domains
from petitions.models import Signature
from petitions.selection import FILLED, MARKS

# A crowd has at least so many, of one address on one day so many; at most so many of a kind are shown.
LEAST, LEAST_OF_A_DAY, MOST = 20, 10, 35
# People sleep until this hour.
MORNING = 5


@dataclass(frozen=True)
class Crowd:
    """`others`: how many IP addresses a domain's crowd came from, how many mail domains an address's crowd has. Parts of 100."""

    mark: str
    sort: Any
    number: int
    usual: int
    night: int
    others: int
    countries: int


def of_domains(rows: QuerySet[Signature], zone: ZoneInfo) -> list[Crowd]:
    return _crowds(rows.exclude(domain=""), "domains", "client_hash", LEAST, zone)


def of_addresses(rows: QuerySet[Signature], zone: ZoneInfo) -> list[Crowd]:
    return _crowds(rows.exclude(client_hash=None), "addresses", "domain", LEAST_OF_A_DAY, zone)


def _crowds(rows: QuerySet[Signature], kind: str, other: str, least: int, zone: ZoneInfo) -> list[Crowd]:
    marked = rows.order_by().alias(hour=ExtractHour("signed_at", tzinfo=zone)).annotate(mark=MARKS[kind])
    found = marked.values("mark").annotate(
        number=Count("pk"),
        usual=Count("pk", filter=FILLED["usual"][1]),
        night=Count("pk", filter=Q(hour__lt=MORNING)),
        others=Count(other, distinct=True),
        countries=Count("country", distinct=True),
        one=Max("domain"),
    )
    large = found.filter(number__gte=least).order_by("-number", "mark")[:MOST]
    return [_crowd(one, kind) for one in large]


def _crowd(found: Mapping[str, Any], kind: str) -> Crowd:
    number = found["number"]
    return Crowd(
        mark=found["mark"],
        sort=domains.sort_of(found["one"]) if kind == "domains" else "",
        number=number,
        usual=round(100 * found["usual"] / number),
        night=round(100 * found["night"] / number),
        others=found["others"],
        countries=found["countries"],
    )
