"""The picture of a campaign's page, and its organiser's logo."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from campaigns.models import CampaignPicture, Delivery, KeyMoment, MomentPicture
from core.drawing import pictures
from core.generic import AnyModelForm
from core.staff.versions import VersionedForm

# In points of the picture, half of them on most screens.
PAGE, LOGO, MOMENT = (960, 480), (320, 160), (960, 960)
KEPT = _("JPEG, PNG or WebP. We keep the picture, and leave out whatever else the file holds.")


class DrawnForm(VersionedForm, AnyModelForm):
    """A form with a file that is drawn anew. `keeps`: the field of its row that holds what was drawn."""

    keeps: ClassVar[str] = "content"

    picture = forms.FileField(
        label=_("picture"),
        required=False,
        help_text=KEPT,
    )

    @cached_property
    def drawn(self) -> pictures.Picture:
        """Raises ValidationError for what is no picture."""
        file: Any = self.files[self.add_prefix("picture")]
        file.seek(0)
        return pictures.anew(file.file, file.size)

    def stored(self, name: str) -> str:
        if name != "picture":
            return super().stored(name)
        return _hash(getattr(self.instance, self.keeps)) if self.instance.pk else ""

    def typed(self, name: str) -> str:
        if name != "picture" or not self.is_sent(name):
            return super().typed(name)
        try:
            return _hash(self.drawn.content)
        except forms.ValidationError:
            return "?"


def _hash(content: bytes) -> str:
    return hashlib.sha256(bytes(content)).hexdigest()


def drawn_into(form: DrawnForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was drawn goes into the form's row."""
    if cleaned.get("picture"):
        try:
            made = form.drawn
        except forms.ValidationError as error:
            form.add_error("picture", error)
        else:
            form.instance.content, form.instance.width, form.instance.height = made.content, made.width, made.height
    elif not form.instance.pk:
        form.add_error("picture", _("Please choose a picture."))
    return cleaned


class PictureForm(DrawnForm):
    keeps = "whole"

    class Meta:
        model = CampaignPicture
        fields = ("kind", "alt", "focus_x", "focus_y")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("picture")
        if file:
            try:
                self.instance.whole = self.drawn.content
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
    model, form, extra, max_num = CampaignPicture, PictureForm, 0, 2
    fields = ("kind", "picture", "alt", "focus_x", "focus_y")


def of_moment(file: Any) -> pictures.Picture:
    """What is shown of an uploaded `file`. Raises ValidationError for what is no picture."""
    file.seek(0)
    return pictures.within(pictures.anew(file.file, file.size).content, MOMENT)


class MomentPictureForm(DrawnForm):
    class Meta:
        model = MomentPicture
        fields = ("alt",)

    @cached_property
    def drawn(self) -> pictures.Picture:
        return of_moment(self.files[self.add_prefix("picture")])

    def clean(self) -> dict[str, Any]:
        return drawn_into(self, super().clean() or {})


class MomentPictureInline(StackedInline):
    """Of a moment that tells of a handover: replaced or taken away at any level, added where faces may be shown."""

    model, form, extra, max_num = MomentPicture, MomentPictureForm, 0, 1
    fields = ("picture", "alt")

    def has_add_permission(self, request: HttpRequest, obj: KeyMoment | None = None) -> bool:
        may = super().has_add_permission(request, obj) and obj is not None and obj.campaign.policy.shows_faces
        return bool(may and Delivery.objects.filter(moment=obj).exists())
