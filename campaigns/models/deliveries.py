"""What is handed to the target: names of those who agreed to it, and packs that hold them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.models import Target
from campaigns.models.campaign import Campaign
from campaigns.models.timeline import KeyMoment
from core.models import SigningKey
from core.privacy.safety import SafetyLevel
from petitions.models import ConsentText, Signature


class NameForTargetQuerySet(models.QuerySet["NameForTarget"]):
    def not_delivered(self) -> Self:
        """Whoever agreed can still take it back."""
        delivered = Delivery.objects.handed_over().filter(people=OuterRef("pk"))
        return self.filter(~Exists(delivered), taken_back_at=None)

    def have_left_us(self) -> Self:
        """In a pack that staff have fetched."""
        return self.filter(Exists(Delivery.objects.filter(people=OuterRef("pk"), state=Delivery.State.FETCHED)))

    def for_delivery(self, delivery: Delivery) -> Self:
        """Whose names a pack may hold, as the safety level is now: the signature counts, and says who it was."""
        if not delivery.campaign.policy.hands_over:
            return self.none()
        signed = self.filter(signature__petition=delivery.campaign.petition_id, signature__counts=True)
        return signed.filter(signature__erased_at=None, target=delivery.target_id, taken_back_at=None)


class NameForTarget(models.Model):
    """A signer agreed that this target may have the name, in these words. The row is gone when that is taken back, unless a list with
    the name had left us by then, and in any case when we forget who signed."""

    signature = models.OneToOneField(Signature, models.CASCADE, related_name="name_for_target")
    target = models.ForeignKey(Target, models.PROTECT, related_name="names")
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, db_index=False, related_name="+")
    agreed_at = models.DateTimeField(default=timezone.now)
    # While somebody may carry a list with it: no other list has the name, and the signer reads which one that was.
    taken_back_at = models.DateTimeField(null=True)

    objects = NameForTargetQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "names for targets"

    def __str__(self) -> str:
        return f"Name for a target {self.pk}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def over(self) -> Self:
        """Whose time has run out, whether or not the task that says so has run yet."""
        return self.filter(state__in=Delivery.OPEN, expires_at__lte=timezone.now())

    def open(self) -> Self:
        """Those that can still be fetched, or will be."""
        return self.filter(state__in=Delivery.OPEN, expires_at__gt=timezone.now())

    def ready(self) -> Self:
        """Those that whoever asked can fetch."""
        return self.open().filter(state=Delivery.State.READY)

    def handed_over(self) -> Self:
        """Those that the public knows of."""
        return self.exclude(handed_over_at=None)

    def to_be_recorded(self) -> Self:
        """Those that left the site lately, and of which nobody has said what became of them; without those that may not be
        recorded any more, or that a later one has replaced."""
        carried = self.filter(state=Delivery.State.FETCHED, handed_over_at=None, safety=F("campaign__safety"))
        carried = carried.filter(asked_at__gt=timezone.now() - Delivery.ASKED_ABOUT)
        later = Delivery.objects.filter(campaign=OuterRef("campaign"), target=OuterRef("target"))
        return carried.filter(~Exists(later.filter(state=Delivery.State.FETCHED, asked_at__gt=OuterRef("asked_at"))))

    def for_pages(self) -> Self:
        """Those, with what a page shows of them."""
        joined = self.handed_over().select_related("campaign", "target", "moment__campaign", "moment__picture")
        return joined.defer("moment__picture__content").prefetch_related(
            "target__translations", "moment__picture__translations"
        )


class Delivery(models.Model):
    """A pack for the target was asked for (campaigns/delivering/). The row stays as the record of it; the pack goes once it is
    fetched. What was handed over is public once staff have said so."""

    class State(models.TextChoices):
        WRITING = "writing", _("is being written")
        READY = "ready", _("ready to fetch")
        FETCHED = "fetched", _("fetched")
        EXPIRED = "expired", _("expired")

    OPEN = (State.WRITING, State.READY)
    LIVES = timedelta(days=3)
    # So long the desk asks what became of a pack: one that is older was probably never handed over.
    ASKED_ABOUT = timedelta(days=60)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deliveries", verbose_name=_("campaign"))
    target = models.ForeignKey(Target, models.PROTECT, related_name="deliveries", verbose_name=_("target"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by"), db_index=False
    )
    asked_at = models.DateTimeField(_("requested"), default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WRITING)
    expires_at = models.DateTimeField(_("expires"))
    # What the pack says, once it is written: of how many it speaks, how many it names, and the signed statement about its files.
    written_at = models.DateTimeField(_("written"), null=True)
    # The level under which that was.
    safety = models.CharField(max_length=10, blank=True)
    signatures = models.PositiveIntegerField(_("signatures"), default=0)
    names = models.PositiveIntegerField(_("names"), default=0)
    people: models.ManyToManyField[Any, Any] = models.ManyToManyField(NameForTarget, related_name="deliveries")
    statement = models.TextField(blank=True)
    signed = models.BinaryField(max_length=64, null=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, db_index=False, related_name="+")
    # What a time-stamp authority answered (RFC 3161, DER), and how often it was asked in vain (campaigns/delivering/stamping.py).
    stamp = models.BinaryField(null=True)
    stamp_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    stamp_tried_at = models.DateTimeField(null=True)
    # The handover, as staff recorded it.
    handed_over_at = models.DateTimeField(_("handed over"), null=True)
    receipt = models.CharField(_("receipt number"), max_length=80, blank=True)
    moment = models.ForeignKey(KeyMoment, models.SET_NULL, null=True, db_index=False, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["writing", "ready", "fetched", "expired"]), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "fetched"])
                | Q(written_at__isnull=False, signed__isnull=False, key__isnull=False, safety__in=SafetyLevel.values)
                & ~Q(statement=""),
                name="written_delivery_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, receipt="") | Q(handed_over_at__isnull=False, state="fetched"),
                name="delivery_is_fetched_before_it_is_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

    def get_absolute_url(self) -> str:
        """Where anybody can check it, once it was handed over."""
        return reverse("delivered", args=[self.campaign.slug, self.pk])

    @property
    def is_over(self) -> bool:
        return self.state not in self.OPEN or self.expires_at <= timezone.now()

    @property
    def is_writing(self) -> bool:
        return self.state == self.State.WRITING and not self.is_over

    @property
    def told(self) -> str:
        """The state in words; what has expired is called so before the task has said it."""
        if self.handed_over_at:
            return str(_("handed over"))
        over = self.state in self.OPEN and self.is_over
        return str(self.State.EXPIRED.label) if over else self.get_state_display()

    @property
    def may_be_recorded(self) -> bool:
        """Whether it has left the site, nobody has said yet that it was handed over, and what it says may still be said."""
        return self.is_carried and not self.is_of_another_level

    @property
    def is_carried(self) -> bool:
        """Whether it has left the site, and nobody has said yet that it was handed over."""
        return self.state == self.State.FETCHED and self.handed_over_at is None

    @property
    def is_of_another_level(self) -> bool:
        """Whether the safety level was raised since it was written: what it says may be more than is said now."""
        return self.safety != self.campaign.safety

    @property
    def is_outdated(self) -> bool:
        return self.is_of_another_level or self.lacks > 0

    @property
    def lacks(self) -> int:
        """How many of its names may not be handed over any more."""
        return self.names - NameForTarget.objects.for_delivery(self).filter(deliveries=self).count()

    @property
    def name(self) -> str:
        """How its files are called."""
        return f"{self.campaign.slug}-{self.pk}"


class SealedPack(models.Model):
    """The pack of a delivery as an age file: given out once, and kept no longer than the delivery lives. In no backup
    (campaigns/recovering.py)."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="pack")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"Pack of delivery {self.delivery_id}"
