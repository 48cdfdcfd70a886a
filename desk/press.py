"""For the press, and for links that stand elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk.inlines import PressKitInline, SourceInline
from desk.pages import PageOfCampaign


class PressPage(PageOfCampaign):
    page, needs = "press", "campaigns.change_presskit"
    inlines = [PressKitInline, SourceInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of the campaign itself is saved here: each inline asks for the right to its own rows."""
        return request.user.has_perm("campaigns.view_campaign") and request.user.has_perm(self.needs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of the campaign itself nothing."""
        return []
