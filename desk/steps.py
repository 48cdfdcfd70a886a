"""A page of the admin on which staff look before they leap: what will happen, and one button."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def step(
    request: HttpRequest, admin: ModelAdmin[Any], context: dict[str, Any], status: int = 200, template: str = "step"
) -> HttpResponse:
    """Renders desk/<template>.html. Keys of `context`: title, back, button; form, words, shifts, facts as needed."""
    whole = {**admin.admin_site.each_context(request), "opts": admin.model._meta, **context}
    return TemplateResponse(request, f"desk/{template}.html", whole, status=status)
