"""The parts of a campaign one by one: the history of each, and what needs a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from actions.models import Tweet
from campaigns import mailing, moments
from campaigns.admin.forms import RecapPartForm
from campaigns.admin.steps import step
from campaigns.admin.withdrawal import CHANGE, Withdrawing
from campaigns.models import (
    Demand,
    KeyMoment,
    PressImage,
    PressKit,
    Recap,
    RecapPart,
    Response,
    Update,
    plausible,
)
from core.drawing import pictures
from core.generic import AnyModelForm
from core.staff.history import ReadOnlyHistory


def campaign_page(number: int) -> str:
    return reverse("admin:campaigns_campaign_change", args=[number])


@admin.register(Demand)
class PartAdmin(ReadOnlyHistory, ModelAdmin):
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
class ResponseAdmin(Withdrawing, PartAdmin):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class MoveForm(forms.Form):
    starts_at = forms.SplitDateTimeField(
        label=_("New time"), widget=UnfoldAdminSplitDateTimeWidget, validators=[plausible], help_text=_("In UTC.")
    )
    because = forms.CharField(
        label=_("Why"), max_length=200, widget=UnfoldAdminTextInputWidget, help_text=_("Shown on the page.")
    )


@admin.register(KeyMoment)
class MomentAdmin(Withdrawing, PartAdmin):
    steps = {"move": CHANGE, **Withdrawing.steps}

    def get_urls(self) -> list[Any]:
        own = [path("<int:pk>/move/", self.admin_site.admin_view(self.move), name="campaigns_keymoment_move")]
        return [*own, *super().get_urls()]

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First what would move along, then the button that moves it."""
        self.require(request, "move")
        moment = get_object_or_404(KeyMoment.objects.standing().select_related("campaign__tweet_action"), pk=pk)
        form = MoveForm(request.POST or None, initial={"starts_at": moment.starts_at})
        back, title = campaign_page(moment.campaign_id), _("Move: %(moment)s") % {"moment": moment}
        context: dict[str, Any] = {"title": title, "form": form, "back": back, "button": _("Show what would move")}
        if not form.is_valid():
            return step(request, self, context, 422 if form.is_bound else 200)
        if "sure" not in request.POST:
            shifts = moments.plan(moment, form.cleaned_data["starts_at"])
            return step(request, self, context | {"shifts": shifts, "sure": True, "button": _("Move all of it")})
        moments.move(moment, form.cleaned_data["starts_at"], form.cleaned_data["because"])
        self.log_change(request, moment, [{"changed": {"fields": ["starts_at"]}}])
        self.message_user(request, _("Moved."))
        return HttpResponseRedirect(back)


@admin.register(Update)
class UpdateAdmin(Withdrawing, PartAdmin):
    steps = {"mail": CHANGE, **Withdrawing.steps}

    def get_urls(self) -> list[Any]:
        own = [path("<int:pk>/mail/", self.admin_site.admin_view(self.mail), name="campaigns_update_mail")]
        return [*own, *super().get_urls()]

    def mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To everyone who took part and asked to hear: how many that are, and one button, once."""
        self.require(request, "mail")
        update = get_object_or_404(Update.objects.standing().select_related("campaign__petition"), pk=pk)
        back = campaign_page(update.campaign_id)
        if request.method != "POST":
            facts = {_("Goes to"): mailing.audience(update), _("Subject"): update.title}
            context = {
                "title": _("Mail this update"),
                "words": update.text,
                "facts": facts,
                "back": back,
                "button": _("Mail it, once"),
            }
            return step(request, self, context)
        try:
            mailing.begin(update)
        except mailing.NotNow:
            self.message_user(request, _("An update is mailed once it is published, and once only."), messages.ERROR)
        else:
            self.log_change(request, update, [{"changed": {"fields": ["mailing_at"]}}])
            self.message_user(request, _("It is on its way."))
        return HttpResponseRedirect(back)


class EditedHere(ReadOnlyHistory, ModelAdmin):
    """A part that is made inside its campaign and has parts of its own, which are edited here."""

    list_display = ("__str__", "campaign")
    readonly_fields = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class RecapPartInline(StackedInline):
    model, form, extra = RecapPart, RecapPartForm, 0
    fields = ("position", "text", "tweet", "response")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        match = request.resolver_match
        recap = match.kwargs.get("object_id") if match else None
        if db_field.name == "tweet":
            kwargs["queryset"] = Tweet.objects.approved().filter(action__campaign__recap=recap)
        if db_field.name == "response":
            kwargs["queryset"] = Response.objects.filter(campaign__recap=recap)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Recap)
class RecapAdmin(EditedHere):
    fields = ("campaign", "text", "published_at")
    inlines = [RecapPartInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Recap | None = None) -> Any:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "published_at") if obj and obj.was_public else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Recap | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.was_public)


class PressImageForm(AnyModelForm):
    picture = forms.FileField(
        label=_("picture"), required=False, help_text=_("JPEG, PNG or WebP; what else the file holds is left out.")
    )

    class Meta:
        model = PressImage
        fields = ("alt", "credit")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("picture")
        if file:
            try:
                made = pictures.anew(file.file, file.size)
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
    model, form, extra = PressImage, PressImageForm, 0
    fields = ("picture", "alt", "credit")


@admin.register(PressKit)
class PressKitAdmin(EditedHere):
    fields = ("campaign", "embargo_until", "text", "facts", "contact")
    inlines = [PressImageInline]
