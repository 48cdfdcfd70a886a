"""Updates: what is written in each, and a new one. How one is mailed: desk/mailing.py."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from campaigns.models import Campaign, Update
from desk.forms import UpdateForm
from desk.parts import ChosenWithin, NewPart


class UpdateFields(ChosenWithin):
    form = UpdateForm
    fields = ("title", "text", "published_at", "publish_now", "moment")

    def choices(self, campaign: Campaign) -> dict[str, tuple[QuerySet[Any], dict[str, Any]]]:
        return {"moment": (campaign.moments.all(), {"campaign": campaign.pk})}


class NewUpdate(UpdateFields, NewPart):
    page, listed_on, edits, needs = "update", "timeline", Update, "campaigns.add_update"
