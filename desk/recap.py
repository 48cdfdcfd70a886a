"""The recap, entry by entry."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, StackedInline
from unfold.forms import PaginationInlineFormSet

from actions.models import Tweet
from campaigns.models import Campaign, Recap, RecapEntry, Response
from core.staff.choosing import Found
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from core.staff.teams import OfTeams
from desk.forms import RecapEntryForm
from desk.head import navigation
from desk.zones import CampaignPage


class EditedHere(OfTeams, CampaignPage, Editing, ReadOnlyHistory, ModelAdmin):
    """A part that is made inside its campaign and has parts of its own, which are edited here. `page`: that of its campaign that
    leads here."""

    page: ClassVar[str]

    team_path = "campaign"
    list_display = ("__str__", "campaign")
    readonly_fields = ("campaign",)
    change_form_outer_before_template = "desk/part.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context["adminform"].form.instance
        if row.pk is not None:
            context["pages"] = navigation(request, row.campaign, self.page)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class RecapEntryInline(StackedInline):
    model, form, formset, extra, per_page = RecapEntry, RecapEntryForm, PaginationInlineFormSet, 0, 5
    fields = ("position", "text", "tweet", "response")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        recap = match.kwargs.get("object_id") if match else None
        campaign = Campaign.objects.filter(recap=recap).values_list("pk", "tweet_action").first() or (0, 0)
        owner: dict[str, Any] = {}
        if db_field.name == "tweet":
            owner = {"action": campaign[1]}
            kwargs["queryset"] = Tweet.objects.approved().filter(action__campaign__recap=recap)
        if db_field.name == "response":
            owner = {"campaign": campaign[0]}
            kwargs["queryset"] = Response.objects.filter(campaign__recap=recap)
        if owner:
            kwargs["widget"] = Found(db_field, self.admin_site, owner=owner)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Recap)
class RecapAdmin(EditedHere):
    page = "afterwards"
    fields = ("campaign", "text", "published_at")
    inlines = [RecapEntryInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Recap | None = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "published_at") if obj and obj.was_public else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Recap | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)
