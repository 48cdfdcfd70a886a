"""Demands and responses one by one: the history of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from campaigns.models import Demand, Response
from core.staff.history import ReadOnlyHistory
from desk.withdrawal import Withdrawing
from desk.zones import CampaignPage


@admin.register(Demand)
class HistoryOnlyAdmin(CampaignPage, ReadOnlyHistory, ModelAdmin):
    """The parts of a campaign are edited there; here is the history of each."""

    list_display = ("__str__", "campaign")
    list_filter = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Response)
class ResponseAdmin(Withdrawing, HistoryOnlyAdmin):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
