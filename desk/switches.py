"""The pages on which staff switch something off for a while, for a campaign or for the whole site, and on again."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import User
from campaigns import switching
from campaigns.models import Campaign, SwitchState
from core.staff.pages import WithSteps
from core.switches import TOLD, Switch
from core.text.forms import CleanForm
from desk.head import navigation
from desk.steps import step
from desk.withdrawal import CHANGE

OFF, ON = "off", "on"


class SwitchForm(CleanForm, forms.Form):
    """`to`: what the page offered, so that a second press changes nothing back."""

    switch = forms.ChoiceField(choices=Switch, widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=((OFF, OFF), (ON, ON)), widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "For your colleagues: they read it on the first page of the admin while this is off, and in the log."
        ),
    )


class Switches(WithSteps):
    """`<number>/switches/` of a campaign, `switches/` of the site; `?switch=map` is the step of one."""

    steps = {"switches": CHANGE, "site_switches": "campaigns.switch_site"}

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/switches/", view(self.switches), name="campaigns_campaign_switches"),
            path("switches/", view(self.site_switches), name="campaigns_campaign_site_switches"),
        ]
        return [*own, *super().get_urls()]

    def switches(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists the switches of a campaign, or shows the step of one; a POST with a reason sets it."""
        self.require(request, "switches")
        campaign = get_object_or_404(Campaign, pk=pk)
        shown = {"pages": navigation(request, campaign, "switches"), "words": campaign.headline}
        return self._switches(request, campaign, reverse("admin:campaigns_campaign_switches", args=[pk]), shown)

    def site_switches(self, request: HttpRequest) -> HttpResponse:
        """The same for the whole site."""
        self.require(request, "site_switches")
        return self._switches(request, None, reverse("admin:campaigns_campaign_site_switches"), {})

    def _switches(
        self, request: HttpRequest, campaign: Campaign | None, here: str, shown: dict[str, Any]
    ) -> HttpResponse:
        rows = SwitchState.objects.filter(Q(campaign=campaign) | Q(campaign=None), is_off=True).select_related("by")
        off = {(state.campaign_id, state.switch): state for state in rows}
        own = campaign.pk if campaign else None
        chosen = request.GET.get("switch", "")
        if request.method != "POST" and chosen not in Switch.values:
            of_site = {switch: campaign and off.get((None, switch)) for switch in Switch}
            shown |= {
                "title": _("Pause something") if campaign else _("Pause something on the whole site"),
                "switches": [(switch, TOLD[switch], off.get((own, switch)), of_site[switch]) for switch in Switch],
            }
            return step(request, self, shown, template="switches")
        initial = {"switch": chosen, "to": ON if (own, chosen) in off else OFF}
        form = SwitchForm(request.POST if request.method == "POST" else None, initial=initial)
        if form.is_valid():
            self._set(request, campaign, form.cleaned_data)
            return HttpResponseRedirect(here)
        to = form["to"].value()
        switch = Switch(form["switch"].value()) if form["switch"].value() in Switch.values else None
        title = _("Switch on again: %(what)s") if to == ON else _("Switch off: %(what)s")
        shown |= {
            "title": title % {"what": switch.label if switch else ""},
            "form": form,
            "button": _("Switch on again") if to == ON else _("Switch off"),
            "facts": {_("What visitors read meanwhile"): TOLD[switch]} if switch else {},
            "back": here,
        }
        return step(request, self, shown, 422 if form.is_bound else 200)

    def _set(self, request: HttpRequest, campaign: Campaign | None, said: dict[str, Any]) -> None:
        switch, is_off = Switch(said["switch"]), said["to"] == OFF
        state = switching.switch(campaign, switch, is_off, cast(User, request.user), said["reason"])
        if state is None:
            self.message_user(request, _("Somebody has done that already."))
            return
        self.log_change(
            request, campaign or state, [{"changed": {"fields": [f"{switch.value}: {said['to']}", said["reason"]]}}]
        )
        words = gettext("Switched off. Everybody sees it within 5 seconds.")
        again = gettext("Switched on again. Everybody sees it within 5 seconds.")
        self.message_user(request, words if is_off else again)
