"""Moments one by one: moving one, withdrawing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns import moments
from campaigns.models import Campaign, KeyMoment
from core.staff.times import ZonedTimeField
from core.staff.versions import VersionedForm, locked
from desk.demands import HistoryOnlyAdmin
from desk.steps import step
from desk.withdrawal import CHANGE, Withdrawing
from desk.zones import of_campaign


def campaign_page(number: int) -> str:
    return reverse("admin:campaigns_campaign_change", args=[number])


class MoveForm(VersionedForm, forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=200, widget=UnfoldAdminTextInputWidget, help_text=_("Shown on the page.")
    )

    def __init__(self, moment: KeyMoment, data: Any = None) -> None:
        super().__init__(data, initial={"starts_at": moment.starts_at})
        self.fields["starts_at"] = ZonedTimeField(label=_("New time"), zones=of_campaign(moment.campaign))
        self.order_fields(["starts_at", "because"])


@admin.register(KeyMoment)
class MomentAdmin(Withdrawing, HistoryOnlyAdmin):
    steps = {"move": CHANGE, **Withdrawing.steps}

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
        back, title = campaign_page(moment.campaign_id), _("Move: %(moment)s") % {"moment": moment}
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
