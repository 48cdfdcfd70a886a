"""Moments one by one: writing one, moving one, withdrawing one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from actions.models import SampleTweet
from campaigns import moments
from campaigns.models import Campaign, KeyMoment
from core.staff.times import ZonedTimeField
from core.staff.versions import VersionedForm, locked
from desk.forms import MomentForm
from desk.parts import ChosenWithin, NewPart, PartAdmin
from desk.pictures import MomentPictureInline
from desk.places import page_of
from desk.steps import step
from desk.withdrawal import CHANGE, Withdrawing
from desk.zones import of_campaign


class MoveForm(VersionedForm, forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=200, widget=UnfoldAdminTextInputWidget, help_text=_("Shown on the page.")
    )

    def __init__(self, moment: KeyMoment, data: Any = None) -> None:
        super().__init__(data, initial={"starts_at": moment.starts_at})
        self.fields["starts_at"] = ZonedTimeField(label=_("New time"), zones=of_campaign(moment.campaign))
        self.order_fields(["starts_at", "because"])


class MomentFields(ChosenWithin):
    form = MomentForm
    fields = ("title", "starts_at", "ends_at", "place", "text", "is_day_of_action", "samples")

    def choices(self, campaign: Campaign) -> dict[str, tuple[QuerySet[Any], dict[str, Any]]]:
        samples = SampleTweet.objects.filter(action=campaign.tweet_action_id, is_combined=False)
        return {"samples": (samples, {"action": campaign.tweet_action_id or 0})}


class NewMoment(MomentFields, NewPart):
    page, listed_on, edits = "moment", "timeline", KeyMoment

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Moments come in rows: from one to the next without the list in between."""
        another = {"show_save_and_add_another": True, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, another)


@admin.register(KeyMoment)
class MomentAdmin(MomentFields, PartAdmin):
    page, inlines = "timeline", [MomentPictureInline]
    search_fields = ("title",)
    steps = {"move": CHANGE, **Withdrawing.steps}

    def links(self, row: KeyMoment) -> Iterator[tuple[str, Any]]:
        if not row.withdrawn_at:
            yield reverse("admin:campaigns_keymoment_move", args=[row.pk]), _("Move it, with everything tied to it")
        yield from super().links(row)

    def get_urls(self) -> list[Any]:
        own = [path("<int:pk>/move/", self.admin_site.admin_view(self.move), name="campaigns_keymoment_move")]
        return [*own, *super().get_urls()]

    @transaction.atomic
    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what would move along with the moment; the button of this page moves it."""
        self.require(request, "move")
        if request.method == "POST":
            # After whoever moves it, or saves its campaign, at this moment.
            locked(Campaign.objects.filter(moments=pk)).first()
        moment = get_object_or_404(KeyMoment.objects.standing().select_related("campaign__tweet_action"), pk=pk)
        form = MoveForm(moment, request.POST or None)
        back, title = page_of(moment.campaign_id, "timeline"), _("Move: %(moment)s") % {"moment": moment}
        context: dict[str, Any] = {"title": title, "form": form, "back": back, "button": _("Show what would move")}
        context["zone"] = moment.campaign.zone
        if not form.is_valid():
            return step(request, self, context, 422 if form.is_bound else 200)
        if "sure" not in request.POST:
            shifts = moments.plan(moment, form.cleaned_data["starts_at"])
            return step(request, self, context | {"shifts": shifts, "sure": True, "button": _("Move all of it")})
        moments.move(moment, form.cleaned_data["starts_at"], form.cleaned_data["because"])
        self.log_change(request, moment, [{"changed": {"fields": ["starts_at"]}}])
        self.message_user(request, _("Moved."))
        return HttpResponseRedirect(back)
