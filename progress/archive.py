"""A finished campaign in one file that needs nothing else: a page to read, data, and the evidence. Numbers are those that the public
sees; posts are named by their number at X only, and nobody who signed is in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from actions.models import Tweet
from actions.volume import by_hour
from campaigns import translating
from campaigns.models import Campaign, PressImage, PressKit, Recap, RecapEntry, Update
from petitions import disclosure
from progress import meter
from progress.figures import as_json, public_figures

STYLE = "static/css/outcry.css"


def build(campaign: Campaign) -> bytes:
    """Returns the bytes of a ZIP: index.html, campaign.json, countries.csv, tweets-by-hour.csv."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("index.html", _page(campaign))
        pack.writestr("campaign.json", json.dumps(_data(campaign), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        if campaign.petition and campaign.policy.countries:
            pack.writestr("countries.csv", _csv(["country", "signatures"], _countries(campaign)))
        if campaign.tweet_action:
            hours = ([start.isoformat(), posts] for start, posts in by_hour(campaign.tweet_action))
            pack.writestr("tweets-by-hour.csv", _csv(["hour_utc", "matching"], hours))
    return out.getvalue()


def _page(campaign: Campaign) -> str:
    figures = public_figures(campaign)
    context = {
        "campaign": campaign,
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "style": (settings.BASE_DIR / STYLE).read_text(),
        "demands": campaign.demands.all(),
        "responses": campaign.responses.select_related("demand"),
        "moments": campaign.moments.all(),
        "updates": campaign.updates.published(),
        "post_ids": _post_ids(campaign),
        "made_at": timezone.now(),
        "site_url": settings.SITE_URL,
    }
    return render_to_string("progress/archive.html", context)


def _data(campaign: Campaign) -> dict[str, Any]:
    recap = campaign.recap.text if campaign.has_recap else None
    return {
        "progress": as_json(campaign, public_figures(campaign)),
        "headline": campaign.headline,
        "organiser": campaign.organiser,
        "story": campaign.story,
        "petition": campaign.petition.text if campaign.petition else None,
        "forecast": public_figures(campaign).forecast,
        "demands": list(campaign.demands.values("title", "outcome", "since", "evidence")),
        "responses": _rows(
            campaign.responses,
            ["speaker", "said_at"],
            ["where", "link", "words", "evidence", "demand__title", "outcome"],
        ),
        "moments": _rows(campaign.moments, ["title", "starts_at", "ends_at"], ["place", "moved_from", "moved_because"]),
        "updates": _rows(campaign.updates.published(), ["title", "published_at"], ["text"]),
        "recap": recap,
        "in_other_languages": _translations(campaign),
        "post_ids": _post_ids(campaign),
        "made_at": timezone.now(),
    }


def _rows(parts: Any, always: list[str], standing: list[str]) -> list[dict[str, Any]]:
    """Lists the rows as data; of a withdrawn one only what it was, when and why it went."""
    rows = list(parts.values(*always, *standing, "withdrawn_at", "withdrawn_because"))
    return [row | dict.fromkeys(standing) if row["withdrawn_at"] else row for row in rows]


def _translations(campaign: Campaign) -> dict[str, dict[str, str]]:
    """By language: what each text of this archive is there, by the name of its object and field."""
    shown = [
        thing
        for thing in translating.things(campaign)
        if not isinstance(thing, PressKit | PressImage)
        and not getattr(thing, "withdrawn_at", None)
        and not (isinstance(thing, Update) and thing not in campaign.updates.published())
        and not (isinstance(thing, Recap | RecapEntry) and not campaign.has_recap)
    ]
    texts: dict[str, dict[str, str]] = {}
    for thing in shown:
        for row in thing.translations.all():
            own = {
                f"{translating.key_of(thing)}-{field}": getattr(row, field)
                for field in row.texts()
                if getattr(row, field)
            }
            texts.setdefault(row.language, {}).update(own)
    return texts


def _post_ids(campaign: Campaign) -> list[str]:
    action = campaign.tweet_action
    if action is None:
        return []
    return [str(number) for number in Tweet.objects.shown().filter(action=action).values_list("post_id", flat=True)]


def _countries(campaign: Campaign) -> Iterable[list[object]]:
    assert campaign.petition is not None
    return ([country or "other", number] for country, number in disclosure.by_country(campaign.petition))


def _csv(names: list[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    # A spreadsheet knows by this mark how the letters are written.
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()
