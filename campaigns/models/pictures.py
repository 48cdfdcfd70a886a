"""What a campaign's page shows besides words; none by default."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.timeline import KeyMoment
from core.text.translations import Translatable


def version_of(content: bytes | memoryview[int]) -> str:
    return hashlib.sha256(bytes(content)).hexdigest()[:12]


class CampaignPicture(Translatable, models.Model):
    """Drawn anew from what was uploaded (core/drawing/pictures.py): `whole` is what staff chose, `content` the part that is shown,
    in the size in which it is."""

    class Kind(models.TextChoices):
        PAGE = "page", _("the picture of the page")
        LOGO = "logo", _("the organiser's logo")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="pictures")
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind, default=Kind.PAGE)
    alt = models.CharField(_("what can be seen"), max_length=300)
    focus_x = models.PositiveSmallIntegerField(
        _("focal point, from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In percent. We crop the picture of the page around this point, twice as wide as high."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point, from the top"), default=50, validators=[MaxValueValidator(100)]
    )
    whole = models.BinaryField()
    content = models.BinaryField()
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # In its URL: another picture has another one.
    version = models.CharField(max_length=12, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="one_picture_of_a_kind"),
            models.CheckConstraint(condition=~Q(alt=""), name="campaign_picture_has_a_description"),
            models.CheckConstraint(condition=Q(kind__in=["page", "logo"]), name="campaign_picture_kind_is_known"),
            models.CheckConstraint(condition=Q(focus_x__lte=100, focus_y__lte=100), name="focus_is_in_the_picture"),
        ]

    def __str__(self) -> str:
        return self.alt

    def save(self, **kwargs: Any) -> None:
        self.version = version_of(self.content)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("campaign_picture", args=[self.campaign.slug, self.pk, self.version])

    @property
    def written_in(self) -> str:
        return self.campaign.language


class MomentPicture(Translatable, models.Model):
    """Of a handover (desk/deliveries.py), drawn anew from what was uploaded, whole. Whoever carried the petition may be seen on it:
    KeyMoment.shown_picture says where it is shown."""

    moment = models.OneToOneField(KeyMoment, models.CASCADE, related_name="picture")
    alt = models.CharField(_("what can be seen"), max_length=300)
    content = models.BinaryField()
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    version = models.CharField(max_length=12, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="moment_picture_has_a_description")]

    def __str__(self) -> str:
        return self.alt

    def save(self, **kwargs: Any) -> None:
        self.version = version_of(self.content)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("moment_picture", args=[self.moment.campaign.slug, self.pk, self.version])

    @property
    def written_in(self) -> str:
        return self.moment.written_in
