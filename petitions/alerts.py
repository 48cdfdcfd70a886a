"""What looks like sabotage, for staff to look at. An alert changes nothing by itself: every rule here also fits some real crowd."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from core.postgres import replica
from petitions.models import Alert, Petition, Signature
from petitions.small_countries import SMALL

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT = timedelta(hours=6)


@dataclass(frozen=True)
class Finding:
    kind: str
    detail: str


def look(petition: Petition, now: datetime | None = None, using: str = DEFAULT_DB_ALIAS) -> list[Finding]:
    """All that is conspicuous now."""
    now = now or timezone.now()
    rows = Signature.objects.using(using).filter(petition=petition)
    hour = rows.filter(signed_at__gt=now - HOUR)
    rules = (
        _countries(rows),
        _domains(hour),
        _too_fast(hour),
        _names(rows.filter(signed_at__gt=now - DAY)),
        _old_links(rows, now),
        _night(rows, now, petition),
    )
    return [finding for rule in rules for finding in rule]


def raise_alerts(petition: Petition) -> None:
    """Tell staff once about each, and again only after six hours."""
    now = timezone.now()
    for finding in replica.read(lambda using: look(petition, now, using)):
        if not petition.alerts.filter(kind=finding.kind, detail=finding.detail, raised_at__gt=now - SILENT).exists():
            Alert.objects.create(petition=petition, kind=finding.kind, detail=finding.detail)


def _countries(rows: QuerySet[Signature]) -> Iterator[Finding]:
    """More than one in fifty of those who live there."""
    for country, number in rows.filter(country__in=SMALL).values_list("country").annotate(number=Count("pk")):
        if number > max(SMALL[country] * 1000 / 50, 20):
            yield Finding(Alert.Kind.COUNTRY, country)


def _domains(hour: QuerySet[Signature]) -> Iterator[Finding]:
    """A third of an hour's signatures from one domain that is no large provider."""
    total = hour.count()
    if total >= 50:
        for domain, _number in (
            hour.exclude(domain="").values_list("domain").annotate(number=Count("pk")).filter(number__gt=total // 3)
        ):
            if len(domain) == 32:
                yield Finding(Alert.Kind.DOMAIN, domain[:8])


def _too_fast(hour: QuerySet[Signature]) -> Iterator[Finding]:
    """A fifth of an hour's forms filled in within two seconds, or sent without the time that our page puts into them."""
    counts = hour.aggregate(all=Count("pk"), fast=Count("pk", filter=Q(seconds__lt=2) | Q(seconds=None)))
    if counts["all"] >= 20 and counts["fast"] * 5 > counts["all"]:
        yield Finding(Alert.Kind.FAST, "")


def _names(day: QuerySet[Signature]) -> Iterator[Finding]:
    """Twenty times the same name in a day; which one, only the hash of the day knows."""
    for name, _number in (
        day.exclude(name_hash=None).values_list("name_hash").annotate(number=Count("pk")).filter(number__gte=20)
    ):
        yield Finding(Alert.Kind.NAME, bytes(name).hex()[:8])


def _old_links(rows: QuerySet[Signature], now: datetime) -> Iterator[Finding]:
    """An hour in which most confirmations come from links that are days old: somebody has kept them for this moment."""
    confirmed = rows.filter(confirmed_at__gt=now - HOUR)
    counts = confirmed.aggregate(
        all=Count("pk"), old=Count("pk", filter=Q(confirmed_at__gt=F("mailed_at") + timedelta(days=3)))
    )
    if counts["old"] >= 20 and counts["old"] * 2 > counts["all"]:
        yield Finding(Alert.Kind.OLD_LINKS, "")


def _night(rows: QuerySet[Signature], now: datetime, petition: Petition) -> Iterator[Finding]:
    """People sleep. Three hours of the night, in the campaign's zone, that are not quieter than the day are no people's."""
    local = now.astimezone(petition.zone)
    night_ends = local.replace(hour=5, minute=0, second=0, microsecond=0)
    if local.hour != 5:
        return
    night = rows.filter(signed_at__gte=night_ends - 3 * HOUR, signed_at__lt=night_ends).count()
    day = rows.filter(signed_at__gte=night_ends - DAY, signed_at__lt=night_ends - 3 * HOUR).count()
    if night >= 60 and night / 3 > 0.9 * day / 21:
        yield Finding(Alert.Kind.NIGHT, "")
