"""A petition: what is signed, and in which words people agree."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.owners import Owner, at_level, owner_of
from core.privacy.safety import POLICIES, Policy, SafetyLevel
from core.switches import Switch, where_off
from core.text.translations import Translatable, Translation

LINK_LIVES = timedelta(days=7)
# While one of these is off nobody can confirm.
KEEPS_FROM_CONFIRMING = (Switch.CONFIRMING, Switch.MAINTENANCE)


def links_are_spared(owner: Owner) -> bool:
    """Whether links to confirm outlive their time: they can't be used now, or could not for a while that ended less than it ago."""
    return any(owner.was_off(switch, LINK_LIVES) for switch in KEEPS_FROM_CONFIRMING)


def why_not_to_confirm(owner: Owner) -> Promise | None:
    """What is said to whoever would confirm while nobody can; None while everybody can."""
    return next((owner.paused[switch] for switch in KEEPS_FROM_CONFIRMING if switch in owner.paused), None)


def sparing_links() -> frozenset[int | None]:
    """The ids of the owners of which that holds; None among them is the site."""
    return frozenset[int | None]().union(*(where_off(switch, LINK_LIVES) for switch in KEEPS_FROM_CONFIRMING))


class PetitionQuerySet(models.QuerySet["Petition"]):
    def keeping_no_sources(self) -> Self:
        """Those whose safety level keeps of nobody through which link they came."""
        levels = (at_level(Petition, level) for level, policy in POLICIES.items() if not policy.sources)
        return self.filter(reduce(or_, levels, Q(pk__in=[])))

    def with_paper(self) -> Self:
        """Those whose safety level lets people sign on paper as well."""
        levels = (at_level(Petition, level) for level, policy in POLICIES.items() if policy.paper)
        return self.filter(reduce(or_, levels, Q(pk__in=[])))

    def confirming(self, now: datetime) -> Self:
        """Those whose signatures may still be confirmed: open, or closed for no longer than a link lives."""
        return self.filter(
            Q(closes_at=None) | Q(closes_at__gt=now - LINK_LIVES - timedelta(hours=1)), opens_at__lte=now
        )

    def past_retention(self, now: datetime) -> Self:
        """Closed longer ago than the safety level allows us to know who signed."""
        return self.filter(_retention_over(now, ""))


class Petition(Translatable, models.Model):
    title = models.CharField(_("title"), max_length=200, help_text=_("Named in the confirmation mail."))
    text = models.TextField(
        _("what people sign"), help_text=_("Markdown. The exact words that people put their names to.")
    )
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        help_text=_(
            "Once it has closed, this stays: from here we count how long we know who signed. To open it "
            "again, set the campaign live again."
        ),
    )
    # Hourly, so that nobody can watch one person's signature arrive: petitions/hourly.py.
    pending = models.IntegerField(default=0, editable=False)
    under_review = models.IntegerField(default=0, editable=False)
    removed = models.IntegerField(default=0, editable=False)
    confirmed_hourly = models.IntegerField(default=0, editable=False)
    hourly_at = models.DateTimeField(null=True, editable=False)
    # Hours, days and countries tell of those who confirmed before this full hour: petitions/disclosure.py.
    told_until = models.DateTimeField(null=True, editable=False)

    history = HistoricalRecords(
        excluded_fields=["pending", "under_review", "removed", "confirmed_hourly", "hourly_at", "told_until"]
    )

    objects = PetitionQuerySet.as_manager()

    class Meta:
        permissions = [("aggregate_petition", _("Can take out figures, in cells of five or more"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="petition_closes_after_opening",
                violation_error_message=_("A petition must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Owner:
        """Whoever runs it, a campaign say: its safety level, zone, language and page."""
        return owner_of(self)

    @property
    def written_in(self) -> str:
        return self.owner.language

    @property
    def policy(self) -> Policy:
        """What its safety level says."""
        return POLICIES[SafetyLevel(self.owner.safety)]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.owner.time_zone)

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)

    @property
    def forgets_at(self) -> datetime | None:
        """When we forget who signed; None until it is known when the petition closes."""
        return self.closes_at + self.policy.kept_after_closing if self.closes_at else None

    @property
    def is_closed(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def waits_though_signed(self) -> bool:
        """Its opening was put off after people had signed: they are forgotten some day all the same."""
        return self.opens_at > timezone.now() and self.signatures.exists()

    def clean(self) -> None:
        """The database refuses it too (petitions/closing.py)."""
        stored = Petition.objects.filter(pk=self.pk).first()
        if stored is None or stored.closes_at == self.closes_at:
            return
        if stored.is_closed:
            raise ValidationError({"closes_at": _("It is closed. To open it again, set the campaign live again.")})
        if self.is_closed:
            raise ValidationError(
                {"closes_at": _("Please choose a time that is still to come. To end it now, close the campaign.")}
            )


class PetitionTranslation(Translation):
    original = models.ForeignKey(Petition, models.CASCADE, related_name="translations")
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("what people sign"), blank=True)


class ConsentText(models.Model):
    """One version of the words that people agree to, in one language; written when first agreed to, never changed."""

    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=12)
    texts = models.JSONField()
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Consent {self.pk} ({self.language})"


class Review(models.TextChoices):
    NONE = "none", _("none")
    QUARANTINED = "quarantined", _("quarantined")
    REMOVED = "removed", _("removed")


def _retention_over(now: datetime, path: str = "petition") -> Q:
    """Of a petition that closed longer ago than its safety level allows us to know who signed; `path` leads to it."""
    over, closes_at = Q(), f"{path}__closes_at__lt" if path else "closes_at__lt"
    for level, policy in POLICIES.items():
        over |= at_level(Petition, level, path) & Q(**{closes_at: now - policy.kept_after_closing})
    return over
