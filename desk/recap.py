"""The recap, entry by entry."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline

from actions.models import Tweet
from campaigns.models import Recap, RecapEntry, Response
from core.staff.editing import Editing
from core.staff.history import ReadOnlyHistory
from desk.choices import ChoicesReadOnce
from desk.forms import RecapEntryForm
from desk.zones import CampaignPage


class EditedHere(CampaignPage, Editing, ReadOnlyHistory, ModelAdmin):
    """A part that is made inside its campaign and has parts of its own, which are edited here."""

    list_display = ("__str__", "campaign")
    readonly_fields = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class RecapEntryInline(ChoicesReadOnce, StackedInline):
    model, form, extra = RecapEntry, RecapEntryForm, 0
    fields = ("position", "text", "tweet", "response")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        recap = match.kwargs.get("object_id") if match else None
        if db_field.name == "tweet":
            kwargs["queryset"] = Tweet.objects.approved().filter(action__campaign__recap=recap)
        if db_field.name == "response":
            kwargs["queryset"] = Response.objects.filter(campaign__recap=recap)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Recap)
class RecapAdmin(EditedHere):
    fields = ("campaign", "text", "published_at")
    inlines = [RecapEntryInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Recap | None = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "published_at") if obj and obj.was_public else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Recap | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)
