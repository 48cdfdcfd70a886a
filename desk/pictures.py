"""The picture of a campaign's page, and its organiser's logo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from campaigns.models import CampaignPicture
from core.drawing import pictures
from core.generic import AnyModelForm

# In points of the picture, half of them on most screens.
PAGE, LOGO = (960, 480), (320, 160)


class PictureForm(AnyModelForm):
    picture = forms.FileField(
        label=_("picture"), required=False, help_text=_("JPEG, PNG or WebP; what else the file holds is left out.")
    )

    class Meta:
        model = CampaignPicture
        fields = ("kind", "alt", "focus_x", "focus_y")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("picture")
        if file:
            try:
                self.instance.whole = pictures.anew(file.file, file.size).content
            except forms.ValidationError as error:
                self.add_error("picture", error)
        elif not self.instance.pk:
            self.add_error("picture", _("Please choose a picture."))
        if not self.errors:
            self._draw(cleaned)
        return cleaned

    def _draw(self, cleaned: dict[str, Any]) -> None:
        whole = bytes(self.instance.whole)
        if cleaned["kind"] == CampaignPicture.Kind.PAGE:
            shown = pictures.cut(whole, PAGE, (cleaned["focus_x"], cleaned["focus_y"]))
        else:
            shown = pictures.within(whole, LOGO)
        self.instance.content, self.instance.width, self.instance.height = shown.content, shown.width, shown.height


class PictureInline(StackedInline):
    model, form, extra, max_num, tab = CampaignPicture, PictureForm, 0, 2, True
    fields = ("kind", "picture", "alt", "focus_x", "focus_y")
