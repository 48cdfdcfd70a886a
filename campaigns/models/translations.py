"""What a campaign says, in more languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions import length
from campaigns.models.campaign import Campaign
from campaigns.models.demands import Demand
from campaigns.models.pictures import CampaignPicture, MomentPicture
from campaigns.models.press_kit import PressImage, PressKit
from campaigns.models.recap import Recap, RecapEntry
from campaigns.models.responses import Response
from campaigns.models.timeline import KeyMoment, Update
from core.text.translations import Translation


class CampaignTranslation(Translation):
    original = models.ForeignKey(Campaign, models.CASCADE, related_name="translations")
    headline = models.CharField(_("headline"), max_length=500, blank=True, validators=[length.validate])
    goal_statement = models.CharField(_("goal"), max_length=300, blank=True)
    story = models.TextField(_("story"), blank=True)
    notice = models.TextField(_("notice"), blank=True)
    about = models.TextField(_("about who runs this"), blank=True, default="", db_default="")

    def clean(self) -> None:
        self.original.check_headline(self.headline)


class DemandTranslation(Translation):
    original = models.ForeignKey(Demand, models.CASCADE, related_name="translations")
    title = models.CharField(_("demand"), max_length=200, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)


class KeyMomentTranslation(Translation):
    original = models.ForeignKey(KeyMoment, models.CASCADE, related_name="translations")
    title = models.CharField(_("what"), max_length=200, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)


class UpdateTranslation(Translation):
    original = models.ForeignKey(Update, models.CASCADE, related_name="translations")
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)


class ResponseTranslation(Translation):
    """A translation: it never stands in place of the exact words, but beside them."""

    original = models.ForeignKey(Response, models.CASCADE, related_name="translations")
    where = models.CharField(_("where"), max_length=200, blank=True)
    words = models.TextField(_("exact words"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)


class RecapTranslation(Translation):
    original = models.ForeignKey(Recap, models.CASCADE, related_name="translations")
    text = models.TextField(_("text"), blank=True)


class RecapEntryTranslation(Translation):
    original = models.ForeignKey(RecapEntry, models.CASCADE, related_name="translations")
    text = models.TextField(_("text"), blank=True)


class PressKitTranslation(Translation):
    original = models.ForeignKey(PressKit, models.CASCADE, related_name="translations")
    text = models.TextField(_("press release"), blank=True)
    facts = models.TextField(_("facts"), blank=True)
    contact = models.TextField(_("contact"), blank=True)


class PressImageTranslation(Translation):
    original = models.ForeignKey(PressImage, models.CASCADE, related_name="translations")
    alt = models.CharField(_("what can be seen"), max_length=300, blank=True)


class CampaignPictureTranslation(Translation):
    original = models.ForeignKey(CampaignPicture, models.CASCADE, related_name="translations")
    alt = models.CharField(_("what can be seen"), max_length=300, blank=True)


class MomentPictureTranslation(Translation):
    original = models.ForeignKey(MomentPicture, models.CASCADE, related_name="translations")
    alt = models.CharField(_("what can be seen"), max_length=300, blank=True)
