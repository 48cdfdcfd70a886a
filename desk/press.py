"""For the press, and for links that stand elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from desk.inlines import PressKitInline, SourceInline
from desk.pages import PageOfCampaign


class PressPage(PageOfCampaign):
    page = "press"
    inlines = [PressKitInline, SourceInline]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of the campaign itself nothing."""
        return []
