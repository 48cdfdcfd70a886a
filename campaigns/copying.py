"""A new campaign made after another one: its texts in every language, samples, pictures and moments; never people, figures, answers
or news."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from actions import combining, tracking
from actions.models import SampleTweet, TweetAction
from campaigns.models import Campaign, Delivery, KeyMoment
from core.text.translations import Translation

Row = TypeVar("Row", bound=models.Model)
Later = Callable[[datetime | None], datetime | None]


@dataclass(frozen=True)
class Part:
    """Rows that come along with all they say in every language. `path`: from a row to its campaign. `anew`: the fields that begin
    with their defaults again; `moves`: the times that keep their distance from the first moment."""

    path: str
    words: Promise
    anew: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()


# Whatever belongs to a campaign stands here or in BEHIND (desk/tests/test_copying.py); the page of the step says both.
ALONG: dict[str, Part] = {
    "campaigns.Campaign": Part("pk", _("Goal and page"), ("slug", "status", "launched_at", "forecast")),
    "petitions.Petition": Part(
        "campaign",
        _("Petition"),
        ("opens_at", "pending", "under_review", "removed", "confirmed_hourly", "hourly_at", "told_until"),
        ("closes_at",),
    ),
    "actions.TweetAction": Part(
        "campaign",
        _("Tweet action"),
        ("terms_wanted", "terms_read_at", "terms_read_by", "x_approval", "is_tracking", "busy_until"),
        ("hashtag_from",),
    ),
    "actions.SamplePart": Part("action__campaign", _("Parts of texts to post")),
    "actions.SampleTweet": Part("action__campaign", _("Texts to post, vetoed ones too")),
    "campaigns.Demand": Part("campaign", _("Demands"), ("outcome", "since", "evidence")),
    "campaigns.CampaignPicture": Part("campaign", _("Pictures")),
    "campaigns.KeyMoment": Part(
        "campaign", _("Key moments that were not withdrawn"), ("moved_from", "moved_because"), ("starts_at", "ends_at")
    ),
    "campaigns.PressKit": Part("campaign", _("Press kit, under a new secret address"), ("key", "embargo_until")),
    "campaigns.PressImage": Part("kit__campaign", _("Pictures of the press kit")),
    "campaigns.Source": Part("campaign", _("Sources of its links")),
}
SHARED = {"actions.Target": _("The targets: if you change one, it changes for every campaign")}
BEHIND: dict[Promise, tuple[str, ...]] = {
    _("Everybody who signed, commented or pledged"): (
        "petitions.Signature",
        "petitions.Voice",
        "campaigns.Pledge",
        "campaigns.NameForTarget",
    ),
    _("What alerts told moderators, and what they decided"): (
        "petitions.Alert",
        "petitions.Decision",
        "petitions.DecidedSignature",
        "petitions.Job",
        "petitions.StandingDecision",
        "petitions.SecondLook",
    ),
    _("What was signed on paper"): ("petitions.PaperBatch", "petitions.PaperScan"),
    _("Exports"): ("petitions.Export", "petitions.ExportPart"),
    _("Pauses"): ("campaigns.SwitchState",),
    _("Deliveries, and their key moments"): (
        "campaigns.Delivery",
        "campaigns.SealedPack",
        "campaigns.MomentPicture",
    ),
    _("Reminders and mails that went out"): ("campaigns.Reminder", "campaigns.UpdateMail"),
    _("All figures, and everything drawn from them"): (
        "petitions.Tally",
        "petitions.TallyByCountry",
        "petitions.TallyByHour",
        "petitions.ToldSpan",
        "petitions.ToldCountry",
        "actions.Opening",
        "actions.OpeningTally",
        "actions.OpeningTallyByTarget",
        "progress.CountedDay",
        "progress.DailySnapshot",
        "progress.HourlyFigures",
        "progress.ShareImage",
    ),
    _("Posts that we collected or that people linked, what we asked X, and what it cost"): (
        "actions.TrackingQuery",
        "actions.Tweet",
        "actions.LinkedPost",
        "actions.Volume",
        "actions.Gap",
        "actions.Contamination",
        "actions.Charge",
    ),
    _("What the targets answered"): ("campaigns.Response",),
    _("Updates"): ("campaigns.Update",),
    # No model of its own.
    _("Its team: the new one begins with you"): (),
    _("Recap"): ("campaigns.Recap", "campaigns.RecapEntry"),
}


def along(campaign: Campaign) -> Iterator[tuple[Part, int, list[str]]]:
    """Each part that this campaign has, how many rows of it come along, and the fields of it that begin anew, in words."""
    for label, part in ALONG.items():
        model = apps.get_model(label)
        rows = model._default_manager.filter(**{part.path: campaign.pk})
        number = (rows.filter(withdrawn_at=None) if model is KeyMoment else rows).count()
        fields = [model._meta.get_field(name) for name in part.anew]
        # What has no words of its own is seen by no reader either.
        if number:
            yield part, number, [str(field.verbose_name) for field in fields if field._verbose_name is not None]


def copy(campaign: Campaign, slug: str, first_day: date | None = None, by: User | None = None) -> Campaign:
    """A draft at `slug`. Its moments keep their distances and local times; with `first_day` the first one is on that day. `by`: the
    first of its team."""
    shift = _shift(campaign, first_day)

    def later(moment: datetime | None) -> datetime | None:
        return _later(campaign, moment, shift)

    with transaction.atomic():
        made = _again(campaign, later, slug=slug, petition=None, tweet_action=None)
        if campaign.petition:
            closes_at = later(campaign.petition.closes_at)
            still = closes_at if closes_at and closes_at > timezone.now() else None
            made.petition = _again(campaign.petition, later, closes_at=still)
        samples = dict[int, SampleTweet]()
        if campaign.tweet_action:
            made.tweet_action, samples = _action(campaign.tweet_action, later)
        made.save()
        if by:
            made.team.add(by)
        for rows in (campaign.demands, campaign.pictures, campaign.sources):
            for row in rows.all():
                _again(row, later, campaign=made)
        for moment in _moments(campaign):
            copied = _again(moment, later, campaign=made)
            copied.samples.set(samples[sample.pk] for sample in moment.samples.all() if sample.pk in samples)
        kit = getattr(campaign, "press_kit", None)
        if kit:
            new_kit = _again(kit, later, campaign=made)
            for image in kit.images.all():
                _again(image, later, kit=new_kit)
        if made.tweet_action:
            combining.store(made.tweet_action)
    return made


def _action(action: TweetAction, later: Later) -> tuple[TweetAction, dict[int, SampleTweet]]:
    """The tweet action, and its new samples by the number of the old ones."""
    made = _again(action, later)
    made.more_targets.set(action.more_targets.all())
    for part in action.parts.all():
        _again(part, later, action=made)
    # What staff have vetoed among those put together stays vetoed.
    kept = action.samples.filter(Q(is_combined=False) | Q(is_vetoed=True))
    samples = {sample.pk: _again(sample, later, action=made) for sample in kept}
    follows = action.query in ("", tracking.default_query(action))
    tracking.prepare(made, tracking.default_query(made) if follows else action.query)
    return made, samples


def _moments(campaign: Campaign) -> models.QuerySet[KeyMoment]:
    """Those that stand, but for the handover of a petition: that one tells what happened, with the address of its proof."""
    handovers = Delivery.objects.exclude(moment=None).filter(campaign=campaign)
    standing: models.QuerySet[KeyMoment] = campaign.moments.standing()
    return standing.exclude(pk__in=handovers.values("moment"))


def _shift(campaign: Campaign, first_day: date | None) -> timedelta:
    first = _moments(campaign).order_by("starts_at").first()
    if first is None or first_day is None:
        return timedelta(0)
    return first_day - first.starts_at.astimezone(campaign.zone).date()


def _later(campaign: Campaign, moment: datetime | None, shift: timedelta) -> datetime | None:
    """At the same local time, whatever the clocks were changed to in between."""
    if moment is None:
        return None
    local = moment.astimezone(campaign.zone).replace(tzinfo=None) + shift
    return local.replace(tzinfo=campaign.zone)


def _again(row: Row, later: Later, **changed: Any) -> Row:
    """A new row as ALONG says, with the values `changed`, and its translations."""
    part = ALONG[row._meta.label]
    field: Any = row._meta.get_field
    begun = {name: field(name).get_default() for name in part.anew}
    moved = {name: later(getattr(row, name)) for name in part.moves}
    new = begun | moved | changed
    made = type(row)(**_values(row, *new), **new)
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
