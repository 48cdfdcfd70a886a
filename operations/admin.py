"""What was wrong with the running site, for administrators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from core.staff.pages import NothingToSave
from operations import incidents
from operations.models import Incident


@admin.register(Incident)
class IncidentAdmin(NothingToSave, ModelAdmin):
    list_display = ("title", "began_at", "over_at")
    fields = readonly_fields = ("title", "advice", "began_at", "told_at", "over_at")

    @admin.display(description=_("what"))
    def title(self, incident: Incident) -> str:
        return str(incident)

    @admin.display(description=_("what to do"))
    def advice(self, incident: Incident) -> str:
        return incident.advice

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if incidents.is_silent():
            silent = _(
                "Nothing checks any more whether something is wrong: no worker is running, or the scheduler is not."
            )
            messages.error(request, str(silent))
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
