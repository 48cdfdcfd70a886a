"""In which zone the times of a campaign are, on whatever page of the admin they stand."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from core.staff.errors import SaysWhatIsWrong
from core.staff.times import PageInZone, TimesInZone, Zones, zone_named

CHANGED_HERE = _(
    "An example: Europe/Berlin. You type and read all times of this campaign in it. Times that you typed "
    "before stay at their moment."
)


def of_campaign(campaign: Campaign) -> Zones:
    return Zones(campaign.zone, campaign.zone)


class InCampaignZone(TimesInZone):
    """A page or an inline of a campaign, or of a part of one. Read once in a request."""

    def zones(self, request: HttpRequest) -> Zones:
        known: Zones | None = request.__dict__.get("_zones")
        if known is None:
            known = request.__dict__["_zones"] = self._zones(request)
        return known

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "time_zone":
            kwargs = {"help_text": CHANGED_HERE} | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _zones(self, request: HttpRequest) -> Zones:
        edited = getattr(self, "parent_model", None) or self.model
        match = request.resolver_match
        number = str(match.kwargs.get("object_id") or (*match.args, "")[0]) if match else ""
        where = "time_zone" if edited is Campaign else "campaign__time_zone"
        rows = edited._default_manager.filter(pk=number) if number.isdecimal() else edited._default_manager.none()
        name = rows.values_list(where, flat=True).first()
        shown = ZoneInfo(name or "UTC")
        chosen = zone_named(request.POST.get("time_zone", "").strip()) if edited is Campaign else None
        return Zones(shown, chosen or shown, is_open=name is None)


class CampaignPage(SaysWhatIsWrong, InCampaignZone, PageInZone):
    """A page on which a campaign or a part of it is edited or read."""
