"""The figures of the progress page as CSV. No cell tells of fewer than five people: small ones are merged (S11)."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from actions import volume
from campaigns.finding import find
from core.web.http import FRESH, cached
from petitions import disclosure
from progress import definitions, over_time, pace
from progress.figures import public_figures


@require_safe
@cached(FRESH)
def signatures_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """from_utc, to_utc (excluded), signatures: whole days that are over, joined until each row has at least five."""
    campaign = find(slug)
    if campaign.petition is None or campaign.policy.rounding > 1:
        raise Http404
    days = disclosure.by_days(disclosure.by_hours(campaign.petition))
    rows = ([start.date(), end.date(), number] for start, end, number in days)
    return _csv(f"{slug}-signatures", ["from_utc", "to_utc", "signatures"], rows)


@require_safe
@cached(FRESH)
def countries_csv(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if campaign.petition is None or not campaign.policy.countries:
        raise Http404
    rows = ([code or "other", number] for code, number in disclosure.by_country(campaign.petition))
    return _csv(f"{slug}-countries", ["country", "signatures"], rows)


@require_safe
@cached(FRESH)
def tweets_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """hour_utc, matching: without hours that X was never asked about, and without contaminated ones."""
    campaign = find(slug)
    if campaign.tweet_action is None:
        raise Http404
    rows = ([start.isoformat(), posts] for start, posts in volume.by_hour(campaign.tweet_action))
    return _csv(f"{slug}-tweets", ["hour_utc", "matching"], rows)


@require_safe
@cached(FRESH)
def figures_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """figure, number (empty: not known), as_of, definition: every public figure, as the progress page has it."""
    campaign = find(slug)
    figures = public_figures(campaign)
    growth = definitions.growth(campaign, pace.growth(campaign, figures, over_time.read(campaign)))
    rows = (
        [
            figure.key,
            figure.number,
            figure.as_of.isoformat(timespec="seconds") if figure.as_of else "",
            f"{figure.definition} {figure.note}".strip(),
        ]
        for figure in [*definitions.every(campaign, figures), *growth]
    )
    return _csv(f"{slug}-figures", ["figure", "number", "as_of", "definition"], rows)


def _csv(name: str, columns: list[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    # Without this mark a spreadsheet reads Arabic as Latin letters.
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows(rows)
    return response
