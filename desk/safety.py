"""The switches of a campaign: its safety level, its status, in which language and zone it is, how it looks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns import status
from campaigns.models import Campaign
from desk.pages import PageOfCampaign
from desk.status_field import CampaignForm


class SafetyPage(PageOfCampaign):
    page, form = "safety", CampaignForm
    fieldsets = (
        (_("Safety"), {"fields": ("safety", "status", "pledge_threshold")}),
        (_("Language, time, look"), {"fields": ("language", "time_zone", "likely_countries", "accent")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Campaign | None = None) -> tuple[str, ...]:
        # In which language people have signed which words must stay true.
        return ("language",) if obj and obj.petition and obj.petition.signatures.exists() else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        status.apply(Campaign.objects.whole().get(pk=form.instance.pk), before=form.initial.get("status", ""))
