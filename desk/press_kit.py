"""The press kit and its pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.admin import StackedInline

from campaigns.models import PressImage, PressKit
from desk.pictures import DrawnForm, drawn_into
from desk.recap import EditedHere


class PressImageForm(DrawnForm):
    class Meta:
        model = PressImage
        fields = ("alt", "credit")

    def clean(self) -> dict[str, Any]:
        return drawn_into(self, super().clean() or {})

    def has_changed(self) -> bool:
        return bool(super().has_changed())


class PressImageInline(StackedInline):
    model, form, extra, per_page = PressImage, PressImageForm, 0, 8
    fields = ("picture", "alt", "credit")


@admin.register(PressKit)
class PressKitAdmin(EditedHere):
    page = "press"
    fields = ("campaign", "embargo_until", "text", "facts", "contact")
    inlines = [PressImageInline]
