"""The press kit and its pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from campaigns.models import PressImage, PressKit
from desk.pictures import DrawnForm
from desk.recap import EditedHere


class PressImageForm(DrawnForm):
    class Meta:
        model = PressImage
        fields = ("alt", "credit")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("picture")
        if file:
            try:
                made = self.drawn
            except forms.ValidationError as error:
                self.add_error("picture", error)
            else:
                self.instance.content, self.instance.width, self.instance.height = made.content, made.width, made.height
        elif not self.instance.pk:
            self.add_error("picture", _("Please choose a picture."))
        return cleaned

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
