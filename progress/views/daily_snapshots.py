"""The figures of a day, dated and signed, and the keys that sign them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from campaigns.finding import find
from campaigns.models import Outcome
from core.web.http import FRESH, cached
from progress import daily_snapshots, definitions
from progress.models import DailySnapshot

# The parts of a snapshot that are about people.
SIDES = ("signatures", "tweets")


@require_safe
@cached(FRESH)
def snapshot(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    kept = _snapshot(slug, day)
    others = daily_snapshots.published(kept.campaign).exclude(pk=kept.pk)[:30]
    data, rows = _read(kept.content)
    context = {
        "campaign": kept.campaign,
        "snapshot": kept,
        "data": data,
        "others": others,
        "rows": rows,
        "authenticity": daily_snapshots.check(kept),
        "public": bytes(kept.key.public).hex(),
        "signature": bytes(kept.signature).hex(),
    }
    return render(request, "progress/daily_snapshot.html", context)


def _read(content: str) -> tuple[dict[str, Any], dict[str, list[tuple[object, ...]]]]:
    """Returns the figures and their rows; empty ones for content that is not written as figures are."""
    try:
        data = json.loads(content)
        rows = _rows(data)
        numbers = [
            data["goal"]["percent"],
            data["responses"] or 0,
            *(data[part]["percent"] for part in SIDES),
            *(row[0] for part in SIDES for row in rows.get(part, [])),
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}, {}
    return (data, rows) if all(number is None or type(number) is int for number in numbers) else ({}, {})


def _rows(data: dict[str, Any]) -> dict[str, list[tuple[object, ...]]]:
    """(number or None, label) of the figures, and (title, outcome, since) of the demands, as the snapshot has them."""
    words = {
        "confirmed": gettext("confirmed signatures"),
        "pending": gettext("pending"),
        "under_review": gettext("under review"),
        "removed": pgettext("how many", "removed"),
        **({"paper": gettext("on paper, counted apart")} if data["signatures"].get("paper") else {}),
        "opened": gettext("opened"),
        "matching": gettext("matching"),
        "linked": pgettext("how many", "linked"),
        "verified": pgettext("how many", "verified"),
    }
    rows: dict[str, list[tuple[object, ...]]] = {
        part: [(data[part][key], label) for key, label in words.items() if key in data[part]]
        for part in SIDES
        if data[part]["goal"] is not None
    }
    if "tweets" in rows:
        note = definitions.not_looked_up(data["tweets"]["linked"] - data["tweets"]["verified"])
        rows["tweets"] = [
            (number, f"{label} ({note})" if note and label == words["linked"] else label)
            for number, label in rows["tweets"]
        ]
    rows["demands"] = [
        (demand["title"], Outcome(demand["outcome"]).label, date.fromisoformat(demand["since"]))
        for demand in data["demands"]
    ]
    return rows


@require_safe
@cached(FRESH)
def snapshot_json(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """Answers with exactly the bytes that were signed; the signature (Ed25519) and its public key are in the headers, in hex."""
    kept = _snapshot(slug, day)
    response = HttpResponse(kept.content, content_type="application/json")
    response.headers["Signature-Ed25519"] = bytes(kept.signature).hex()
    response.headers["Signature-Key"] = bytes(kept.key.public).hex()
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Signature-Ed25519, Signature-Key"
    return response


@require_safe
@cached(300)
def snapshot_keys(request: HttpRequest) -> HttpResponse:
    """Lists the public keys that are ours, as this site was told them from outside the database; the newest first."""
    oldest_first = sorted(settings.SNAPSHOT_KEYS.items(), key=lambda item: item[1])
    keys = [(public.hex(), since) for public, since in reversed(oldest_first)]
    return render(request, "progress/snapshot_keys.html", {"keys": keys})


def _snapshot(slug: str, day: str) -> DailySnapshot:
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    campaign = find(slug)
    kept = get_object_or_404(daily_snapshots.published(campaign).select_related("key").defer("key__secret"), day=wanted)
    kept.campaign = campaign
    return kept
