"""What the target said, and the recap: logged and begun here, one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from actions.models import Target
from campaigns import status
from campaigns.models import Campaign, Recap, Response
from desk.forms import OfCampaign, ResponseForm
from desk.parts import ChosenWithin, NewPart, PartAdmin


class ResponseFields(ChosenWithin):
    """An answer that says something else about demands than before settles them; a mended typo moves nothing."""

    form = ResponseForm
    fields = ("target", "speaker", "said_at", "where", "link", "evidence", "words", "demand", "outcome")

    def choices(self, campaign: Campaign) -> dict[str, tuple[QuerySet[Any], dict[str, Any]]]:
        return {
            "demand": (campaign.demands.all(), {"campaign": campaign.pk}),
            "target": (Target.objects.all(), {}),
        }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Response, form: Any, change: bool) -> None:
        before = Response.objects.filter(pk=obj.pk).first()
        admin_page: Any = super()
        admin_page.save_model(request, obj, form, change)
        settle(before, obj)


def settle(before: Response | None, after: Response | None) -> None:
    """Settles the demands that an answer moves, or moved."""
    if before and after and _moves(before) == _moves(after):
        return
    for response in filter(None, (before, after)):
        if response.demand:
            status.settle_demand(response.demand, removed=before if before and before.outcome else None)


def _moves(response: Response) -> tuple[object, ...]:
    return response.demand_id, response.outcome, response.said_at


@admin.register(Response)
class ResponseAdmin(ResponseFields, PartAdmin):
    page = "afterwards"
    search_fields = ("speaker", "words", "where")

    def delete_model(self, request: HttpRequest, obj: Response) -> None:
        before = Response.objects.get(pk=obj.pk)
        super().delete_model(request, obj)
        settle(before, None)


class NewResponse(ResponseFields, NewPart):
    page, listed_on, edits = "response", "afterwards", Response


class RecapForm(OfCampaign):
    class Meta:
        model = Recap
        fields = ("text", "published_at")


class RecapText(NewPart):
    """Its text and its time. What follows the text stands on the recap's own page (desk/recap.py)."""

    page, listed_on, edits, form = "recap", "afterwards", Recap, RecapForm
    fields = ("text", "published_at")

    def row_of(self, campaign: Campaign) -> Recap | None:
        return getattr(campaign, "recap", None)
