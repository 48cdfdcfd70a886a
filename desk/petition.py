"""The petition of a campaign: made here, or edited."""

from __future__ import annotations

from django.http import HttpRequest

from campaigns.models import Campaign
from desk.forms import PetitionForm
from desk.pages import PageOfCampaign
from petitions.models import Petition


class PetitionPage(PageOfCampaign):
    page, edits, form = "petition", Petition, PetitionForm
    fields = ("title", "text", "opens_at", "closes_at")

    def row_of(self, campaign: Campaign) -> Petition | None:
        return campaign.petition

    def attach(self, campaign: Campaign, row: Petition) -> None:
        campaign.petition = row
        campaign.save(update_fields=["petition"])

    def get_readonly_fields(self, request: HttpRequest, obj: Petition | None = None) -> tuple[str, ...]:
        # What people have put their name to stays as it was; when it closed decides how long we know who signed.
        text = ("text",) if obj and obj.signatures.exists() else ()
        return (*text, "closes_at") if obj and obj.is_closed else text
