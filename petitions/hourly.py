"""Once an hour: what may be told of a petition (petitions/disclosure.py) is stored. Figures that say more than a live total would
show strangers who has just signed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from petitions import disclosure, removals, tally
from petitions.disclosure import HOUR, rounded, rounded_down
from petitions.models import LINK_LIVES, Petition, Signature, ToldCountry, ToldSpan


def due(now: datetime) -> QuerySet[Petition]:
    """Those of which this hour nothing was told yet."""
    return Petition.objects.filter(Q(hourly_at=None) | Q(hourly_at__lt=disclosure.full_hour(now)))


def take(petition: Petition) -> None:
    """Whole or not at all, and in every hour only once: asking again changes nothing."""
    now = timezone.now()
    with transaction.atomic():
        # no_key: whoever signs meanwhile does not wait.
        if not list(due(now).filter(pk=petition.pk).select_for_update(no_key=True)):
            return
        mine = Signature.objects.filter(petition=petition)
        removed = removals.number(removals.ended(petition))
        Petition.objects.filter(pk=petition.pk).update(
            pending=rounded(mine.pending().count()),
            under_review=rounded(mine.under_review().count()),
            removed=removed if petition.policy.rounding == 1 else rounded_down(removed),
            confirmed_hourly=rounded_down(tally.confirmed(petition)),
            hourly_at=now,
            told_until=_tell(petition, now),
        )


def _tell(petition: Petition, now: datetime) -> datetime | None:
    """Stores hours and countries; until when they tell. In steps there are none, and none of a former level stay behind."""
    if petition.policy.rounding > 1:
        ToldSpan.objects.filter(petition=petition).delete()
        ToldCountry.objects.filter(petition=petition).delete()
        return None
    until = _tell_hours(petition, now)
    if until:
        _tell_countries(petition, until)
    return until


def _tell_hours(petition: Petition, now: datetime) -> datetime | None:
    hours = tally.by_hour(petition)
    if not hours:
        return petition.told_until
    told = list(petition.told_spans.order_by("start"))
    for span in told:
        number = sum(hours.get(hour, 0) for hour in _hours(span))
        number = disclosure.steady(span.signatures, number)
        if number != span.signatures:
            ToldSpan.objects.filter(pk=span.pk).update(signatures=number)
    start = told[-1].end if told else min(hours).replace(hour=0)
    is_over = petition.closes_at is not None and petition.closes_at < now - LINK_LIVES - HOUR
    later = {hour: number for hour, number in hours.items() if hour >= start}
    new = disclosure.spans(later, start, now, is_over)
    ToldSpan.objects.bulk_create(
        ToldSpan(petition=petition, start=span.start, end=span.end, signatures=span.signatures) for span in new
    )
    return new[-1].end if new else told[-1].end if told else None


def _hours(span: ToldSpan) -> list[datetime]:
    return [span.start + number * HOUR for number in range(int((span.end - span.start) / HOUR))]


def _tell_countries(petition: Petition, until: datetime) -> None:
    told = dict(petition.told_countries.values_list("country", "signatures"))
    cells = disclosure.cells(told, tally.by_country(petition, until))
    if cells != told:
        petition.told_countries.all().delete()
        ToldCountry.objects.bulk_create(
            ToldCountry(petition=petition, country=country, signatures=number) for country, number in cells.items()
        )
