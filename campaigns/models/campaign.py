"""The campaign: one goal, two strands towards it, and what is demanded of whom."""

from __future__ import annotations

import zoneinfo
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from simple_history.models import HistoricalRecords

from accounts.models import User
from actions import length
from actions.handles import names
from actions.models import Target, TweetAction
from core import switches
from core.privacy.safety import POLICIES, Policy, SafetyLevel
from core.switches import Switch
from core.text import hashtags, nearest
from core.text.translations import Translatable, language_field
from petitions.models import Petition


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    INTEREST = "interest", _("interest")
    LIVE = "live", _("live")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


class Accent(models.TextChoices):
    RED = "red", _("red")
    ORANGE = "orange", _("orange")
    AMBER = "amber", _("amber")
    OLIVE = "olive", _("olive")
    GREEN = "green", _("green")
    TEAL = "teal", _("teal")
    BLUE = "blue", _("blue")
    INDIGO = "indigo", _("indigo")
    VIOLET = "violet", _("violet")
    PLUM = "plum", _("plum")
    PINK = "pink", _("pink")
    SLATE = "slate", _("slate")


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Not an IANA time zone. An example: Europe/Berlin"))


def plausible(moment: date) -> None:
    """A slip of the pen in a year would break every page that shows it in another zone."""
    if not 1900 <= moment.year <= 2200:
        raise ValidationError(_("Please check the year."))


def known_countries(codes: str) -> None:
    unknown = [code for code in _codes(codes) if code not in dict(countries)]
    if unknown:
        raise ValidationError(_("No country has this code: %(code)s") % {"code": unknown[0]})


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.upper().replace(",", " ").split()))


# Where words are looked for, and how many of them at most.
SAID = (
    "headline",
    "goal_statement",
    "organiser",
    "translations__headline",
    "translations__goal_statement",
    "tweet_action__target__name",
    "tweet_action__target__x_handle",
    "tweet_action__target__translations__name",
)
MOST_WORDS = 8


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def for_staff(self, person: User | AnonymousUser) -> Self:
        """Those of this person's teams; an administrator sees all."""
        if person.is_superuser:
            return self
        return self.filter(pk__in=Campaign.team.through.objects.filter(user=person.pk).values("campaign"))

    def addressing(self, target: Target) -> Self:
        actions = TweetAction.objects.filter(Q(target=target) | Q(more_targets=target))
        return self.filter(tweet_action__in=actions)

    def public(self) -> Self:
        return self.exclude(status=Status.DRAFT)

    def open_first(self) -> Self:
        """Those that can be signed, those that are still to begin, those that are over; the newest of each first."""
        ranks = (Status.LIVE, Status.INTEREST, Status.CLOSED)
        rank = Case(
            *(When(status=status, then=Value(number)) for number, status in enumerate(ranks)), default=len(ranks)
        )
        return self.order_by(rank, "-launched_at", "pk")

    def matching(self, words: str) -> Self:
        """Those that say all of these words: in headline, goal, organiser or target, in any language that they are in."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            said = (Q(**{f"{field}__icontains": word.strip("#@.,")}) for field in SAID)
            found = found.filter(pk__in=Campaign.objects.filter(reduce(or_, said)).values("pk"))
        return found

    def whole(self) -> Self:
        """With all that every page of a campaign shows."""
        return self.select_related("petition", "tweet_action__target", "recap", "press_kit", "hourly")


class Campaign(Translatable, models.Model):
    slug = models.SlugField(
        _("slug"), unique=True, help_text=_("Part of every address, for good: nobody can edit a post after the launch.")
    )
    headline = models.CharField(
        _("headline"),
        max_length=500,
        validators=[length.validate],
        help_text=_("It is a post in itself, with the target's handle: at most 280 characters as X counts."),
    )
    goal_statement = models.CharField(
        _("goal"), max_length=300, help_text=_("What will be different when you have won.")
    )
    signature_goal = models.PositiveIntegerField(_("signature goal"), default=10_000, validators=[MinValueValidator(1)])
    tweet_goal = models.PositiveIntegerField(_("tweet goal"), default=1_000, validators=[MinValueValidator(1)])
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    language = language_field(
        default=settings.LANGUAGE_CODE,
        help_text=_("The language of the texts here. Once this is saved, you can add others."),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[known_zone])
    story = models.TextField(_("story"), blank=True, help_text=_("Markdown."))
    notice = models.TextField(
        _("notice"),
        blank=True,
        help_text=_("Shown on every page of this campaign, in Markdown. For example, say what is made up."),
    )
    organiser = models.CharField(_("who runs this"), max_length=120)
    about = models.TextField(
        _("about who runs this"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Markdown. Two sentences are enough."),
    )
    safety = models.CharField(
        _("safety level"),
        max_length=12,
        choices=SafetyLevel,
        default=SafetyLevel.STANDARD,
        help_text=_(
            "Sets names, comments, countries, steps of the totals, retention, mail wording and advice together."
        ),
    )
    likely_countries = models.CharField(
        _("likely countries"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        validators=[known_countries],
        help_text=_("They come first in the sign form's list, in this order. Two letters each: ES FR MA"),
    )
    accent = models.CharField(_("accent colour"), max_length=12, choices=Accent, default=Accent.RED)
    petition = models.OneToOneField(Petition, models.PROTECT, null=True, blank=True, editable=False)
    tweet_action = models.OneToOneField(TweetAction, models.PROTECT, null=True, blank=True, editable=False)
    # No constraint of Django's: a release that doesn't know this table deletes drafts and accounts too.
    team: models.ManyToManyField[User, Any] = models.ManyToManyField(
        User,
        verbose_name=_("team"),
        blank=True,
        db_constraint=False,
        related_name="campaigns",
        help_text=_("Only they and the administrators see it here, each as far as their roles go."),
    )
    launched_at = models.DateTimeField(_("launched"), null=True, editable=False)
    pledge_threshold = models.PositiveIntegerField(
        _("pledges needed to go ahead"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "While the status is “interest”: how many must say “I will take part” before it goes ahead. "
            "Leave empty to take no pledges."
        ),
    )
    # What was pledged when it was launched: frozen, and shown beside what came of it.
    forecast = models.PositiveIntegerField(_("forecast"), null=True, editable=False)

    history = HistoricalRecords()
    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-launched_at", "pk"]
        permissions = [("report_campaign", _("Can see reports of what came of a campaign"))]
        constraints = [
            models.CheckConstraint(condition=Q(signature_goal__gt=0, tweet_goal__gt=0), name="goals_are_positive"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="campaign_status_is_known"),
            models.CheckConstraint(condition=Q(safety__in=SafetyLevel.values), name="campaign_safety_is_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("campaign", args=[self.slug])

    def after_signing_url(self) -> str:
        """Where a signer goes on: to the tweet step while there is one."""
        return reverse("act" if self.is_acting else "progress", args=[self.slug]) + "?confirmed=1"

    @property
    def policy(self) -> Policy:
        return POLICIES[SafetyLevel(self.safety)]

    @property
    def addressee(self) -> str:
        return str(self.target.translated.name) if self.target else ""

    @property
    def has_paper(self) -> bool:
        """Whether people may sign on sheets of paper as well."""
        return self.petition_id is not None and self.policy.paper

    @property
    def interface_language(self) -> str:
        """Its own, or the nearest that the interface speaks: in it is printed what is for all of its readers."""
        return nearest.page(self.language)

    @property
    def shows_voices(self) -> bool:
        """Whether there is a page with comments that their owners agreed to show."""
        return self.petition_id is not None and self.policy.shows_voices

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def countries_first(self) -> tuple[str, ...]:
        """The codes of the likely countries, in their order."""
        return _codes(self.likely_countries)

    @property
    def is_live(self) -> bool:
        return self.status == Status.LIVE

    @property
    def is_over(self) -> bool:
        return self.status in (Status.CLOSED, Status.ARCHIVED)

    @property
    def was_public(self) -> bool:
        """Whether its pages are or were there for everybody: nothing of them is deleted without a word any more."""
        shown = self.status != Status.DRAFT or self.launched_at is not None
        return shown or self.history.exclude(status=Status.DRAFT).exists()

    @property
    def is_in_action(self) -> bool:
        """Whether people are asked to post, also while the tweet step is switched off for a while."""
        return self.is_live and self.tweet_action_id is not None

    @property
    def is_acting(self) -> bool:
        """Whether composers are open."""
        return self.is_in_action and Switch.TWEET_STEP not in self.paused

    @property
    def paused(self) -> dict[str, Promise]:
        """What is switched off here or for the whole site, and what visitors read in its place."""
        return switches.told(self.pk)

    def was_off(self, switch: Switch, for_the_last: timedelta) -> bool:
        return not switches.where_off(switch, for_the_last).isdisjoint((None, self.pk))

    @property
    def has_recap(self) -> bool:
        recap = getattr(self, "recap", None)
        return recap is not None and recap.published_at is not None and recap.published_at <= timezone.now()

    @property
    def has_press_kit(self) -> bool:
        """Whether there is one, embargoed or not."""
        return getattr(self, "press_kit", None) is not None

    @property
    def is_signing(self) -> bool:
        return self.takes_signatures and Switch.SIGNING not in self.paused

    @property
    def takes_signatures(self) -> bool:
        """Whether it can be signed, also while that is switched off for a while."""
        return self.is_live and self.petition is not None and self.petition.is_open

    @property
    def is_pledging(self) -> bool:
        """Whether people are asked to say beforehand that they will take part, or to be reminded."""
        return self.pledge_threshold is not None and self.status in (Status.INTEREST, Status.LIVE)

    @property
    def hides_hashtag(self) -> bool:
        return self.tweet_action is not None and self.tweet_action.hides_hashtag

    @property
    def target(self) -> Target | None:
        return self.tweet_action.target if self.tweet_action else None

    @property
    def written_in(self) -> str:
        return self.language

    @property
    def headlines(self) -> dict[str, str]:
        """By language, its own first."""
        others = self.translations.exclude(headline="").order_by("language") if self.pk else ()
        return {self.language: self.headline} | {row.language: row.headline for row in others}

    def check_headline(self, headline: str) -> None:
        """In whatever language: it is a post to the target, and shows no hashtag before its time."""
        action = self.tweet_action
        if not headline or action is None:
            return
        if action.hides_hashtag and hashtags.says(headline, action.hashtag):
            raise ValidationError({"headline": _("The hashtag is kept back: leave it out of the headline until then.")})
        handles = action.handles if self.is_live else []
        if handles and not any(names(headline, f"@{handle}") for handle in handles):
            raise ValidationError(
                {"headline": _("The headline is itself a post to the target. Please put the target's handle into it.")}
            )

    def clean(self) -> None:
        """Says all that is wrong: pages that show one field each go by it."""
        wrong: dict[str, list[ValidationError]] = {}
        for check in (self._check_headlines, self._check_status, self._check_safety):
            try:
                check()
            except ValidationError as error:
                error.update_error_dict(wrong)
        if wrong:
            raise ValidationError(wrong)

    def _check_headlines(self) -> None:
        for headline in self.headlines.values():
            self.check_headline(headline)

    def _check_status(self) -> None:
        if self.launched_at and self.status in (Status.DRAFT, Status.INTEREST):
            raise ValidationError({"status": _("It has been launched: posts lead to its page. Close it instead.")})
        if self.status != Status.LIVE or self.petition is None:
            return
        if self.petition.signatures.filter(erased_at__isnull=False, withdrawn_at=None).exists():
            raise ValidationError(
                {"status": _("We have forgotten who signed, so we could keep nobody from signing twice.")}
            )

    def _check_safety(self) -> None:
        levels = list(SafetyLevel.values)
        trusted = Q(launched_at__isnull=False) | Q(pledges__confirmed_at__isnull=False)
        stored = Campaign.objects.filter(trusted, pk=self.pk).order_by().values_list("safety", flat=True).first()
        if stored and levels.index(self.safety) < levels.index(stored):
            raise ValidationError({"safety": _("People have signed under the higher level, so you can only raise it.")})
