"""Demands one by one: the history of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from campaigns.models import Demand
from core.staff.choosing import SearchedWithin
from core.staff.history import ReadOnlyHistory
from core.staff.teams import OfTeams
from desk.zones import CampaignPage


@admin.register(Demand)
class DemandAdmin(OfTeams, CampaignPage, ReadOnlyHistory, SearchedWithin, ModelAdmin):
    """They are edited with their campaign; here is the history of each."""

    team_path = "campaign"
    list_display = ("__str__", "campaign")
    list_filter = ("campaign",)
    search_fields = ("title",)
    searched_within = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
