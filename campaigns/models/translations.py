"""What a campaign says, in more languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions import length
from campaigns.models.campaign import Campaign
from campaigns.models.demands import Demand
from campaigns.models.press_kit import PressImage, PressKit
from campaigns.models.recap import Recap, RecapPart
from campaigns.models.responses import Response
from campaigns.models.timeline import KeyMoment, Update
from core.text.translations import Wording


class CampaignWording(Wording):
    of = models.ForeignKey(Campaign, models.CASCADE, related_name="wordings")
    headline = models.CharField(_("headline"), max_length=500, blank=True, validators=[length.validate])
    goal_statement = models.CharField(_("goal"), max_length=300, blank=True)
    story = models.TextField(_("story"), blank=True)
    notice = models.TextField(_("notice"), blank=True)

    def clean(self) -> None:
        self.of.check_headline(self.headline)


class DemandWording(Wording):
    of = models.ForeignKey(Demand, models.CASCADE, related_name="wordings")
    title = models.CharField(_("demand"), max_length=200, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)


class KeyMomentWording(Wording):
    of = models.ForeignKey(KeyMoment, models.CASCADE, related_name="wordings")
    title = models.CharField(_("what"), max_length=200, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)


class UpdateWording(Wording):
    of = models.ForeignKey(Update, models.CASCADE, related_name="wordings")
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)


class ResponseWording(Wording):
    """A translation: it never stands in place of the exact words, but beside them."""

    of = models.ForeignKey(Response, models.CASCADE, related_name="wordings")
    where = models.CharField(_("where"), max_length=200, blank=True)
    words = models.TextField(_("exact words"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)


class RecapWording(Wording):
    of = models.ForeignKey(Recap, models.CASCADE, related_name="wordings")
    text = models.TextField(_("text"), blank=True)


class RecapPartWording(Wording):
    of = models.ForeignKey(RecapPart, models.CASCADE, related_name="wordings")
    text = models.TextField(_("text"), blank=True)


class PressKitWording(Wording):
    of = models.ForeignKey(PressKit, models.CASCADE, related_name="wordings")
    text = models.TextField(_("press release"), blank=True)
    facts = models.TextField(_("facts"), blank=True)
    contact = models.TextField(_("contact"), blank=True)


class PressImageWording(Wording):
    of = models.ForeignKey(PressImage, models.CASCADE, related_name="wordings")
    alt = models.CharField(_("what can be seen"), max_length=300, blank=True)
