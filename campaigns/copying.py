"""A new campaign made after another one: its texts in every language, samples, pictures and moments; never people, figures, answers
or news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from actions import combining, tracking
from actions.models import SampleTweet, TweetAction
from campaigns.models import Campaign, Outcome, Status
from core.text.translations import Translation

Row = TypeVar("Row", bound=models.Model)


def copy(campaign: Campaign, slug: str, first_day: date | None = None) -> Campaign:
    """A draft at `slug`. Its moments keep their distances and local times; with `first_day` the first one is on that day."""
    shift = _shift(campaign, first_day)

    def later(moment: datetime | None) -> datetime | None:
        return _later(campaign, moment, shift)

    with transaction.atomic():
        made = _again(
            campaign, slug=slug, status=Status.DRAFT, launched_at=None, forecast=None, petition=None, tweet_action=None
        )
        if campaign.petition:
            closes_at = later(campaign.petition.closes_at)
            made.petition = _again(
                campaign.petition,
                opens_at=timezone.now(),
                closes_at=closes_at if closes_at and closes_at > timezone.now() else None,
                **dict.fromkeys(("pending", "under_review", "removed", "confirmed_hourly"), 0),
                **dict.fromkeys(("hourly_at", "told_until")),
            )
        samples = dict[int, SampleTweet]()
        if campaign.tweet_action:
            made.tweet_action, samples = _action(campaign.tweet_action, later)
        made.save()
        _rows(campaign.demands.all(), campaign=made, outcome=Outcome.OPEN, since=timezone.localdate(), evidence="")
        _rows(campaign.pictures.all(), campaign=made)
        _rows(campaign.sources.all(), campaign=made)
        for moment in campaign.moments.standing():
            times = {"starts_at": later(moment.starts_at), "ends_at": later(moment.ends_at)}
            copied = _again(moment, campaign=made, moved_from=None, moved_because="", **times)
            copied.samples.set(samples[sample.pk] for sample in moment.samples.all() if sample.pk in samples)
        kit = getattr(campaign, "press_kit", None)
        if kit:
            _rows(
                kit.images.all(),
                kit=_again(kit, campaign=made, key=kit._meta.get_field("key").get_default(), embargo_until=None),
            )
        if made.tweet_action:
            combining.store(made.tweet_action)
    return made


def _action(action: TweetAction, later: Any) -> tuple[TweetAction, dict[int, SampleTweet]]:
    """The tweet action, and its new samples by the number of the old ones. Targets are shared: an office is what it is."""
    unsaid = {"terms_read_at": None, "terms_read_by": "", "x_approval": ""}
    made = _again(action, hashtag_from=later(action.hashtag_from), is_tracking=False, busy_until=None, **unsaid)
    made.more_targets.set(action.more_targets.all())
    _rows(action.parts.all(), action=made)
    # What staff have vetoed among those put together stays vetoed.
    kept = action.samples.filter(Q(is_combined=False) | Q(is_vetoed=True))
    samples = {sample.pk: _again(sample, action=made) for sample in kept}
    follows = action.query in ("", tracking.default_query(action))
    tracking.prepare(made, tracking.default_query(made) if follows else action.query)
    return made, samples


def _shift(campaign: Campaign, first_day: date | None) -> timedelta:
    first = campaign.moments.standing().order_by("starts_at").first()
    if first is None or first_day is None:
        return timedelta(0)
    return first_day - first.starts_at.astimezone(campaign.zone).date()


def _later(campaign: Campaign, moment: datetime | None, shift: timedelta) -> datetime | None:
    """At the same local time, whatever the clocks were changed to in between."""
    if moment is None:
        return None
    local = moment.astimezone(campaign.zone).replace(tzinfo=None) + shift
    return local.replace(tzinfo=campaign.zone)


def _rows(rows: Iterable[models.Model], **changed: Any) -> None:
    for row in rows:
        _again(row, **changed)


def _again(row: Row, **changed: Any) -> Row:
    """A new row with the same values but for those `changed`, and its translations."""
    made = type(row)(**_values(row, *changed), **changed)
    made.save()
    translations = getattr(row, "translations", None)
    for said in translations.all() if translations else ():
        _copy_translation(said, row, made)
    return made


def _copy_translation(said: Translation, row: Any, made: Any) -> None:
    """What the new row does not say is said in no language, and a translation is as fresh as it was."""
    kind: Any = type(said)
    unsaid = {name: "" for name in kind.texts() if not getattr(made, name)}
    source = made.source if said.source == row.source else said.source
    kind(**_values(said, "original", "source", *unsaid), **unsaid, original=made, source=source).save()


def _values(row: models.Model, *without: str) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if not (field.primary_key or field.generated)]
    return {field.attname: getattr(row, field.attname) for field in fields if field.name not in without}
