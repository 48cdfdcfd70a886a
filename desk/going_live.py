"""The steps at which a campaign begins and ends for everybody: a checklist with links to what is lacking, and one button."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from campaigns import closing, launching, readiness
from campaigns.models import Campaign, Status
from campaigns.readiness import Item
from core.staff.pages import WithSteps
from core.text import nearest
from desk.places import place_of
from desk.steps import step


def preview_of(campaign: Campaign) -> str:
    """The address of a draft's page for staff, in the language that it is written in, or the nearest that the site has."""
    with translation.override(nearest.page(campaign.language)):
        return reverse("preview", args=[campaign.get_absolute_url().removeprefix("/")])


def on_site(campaign: Campaign) -> str:
    """The address of its page: a draft's is there for staff alone (config/previews.py)."""
    return preview_of(campaign) if campaign.status == Status.DRAFT else campaign.get_absolute_url()


class Waiving(forms.Form):
    """One tick for each thing that is lacking, and may be."""

    words = _("I know: go live anyway")

    def __init__(self, doubts: Iterable[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in doubts:
            self.fields[item.key] = forms.BooleanField(
                label=self.words,
                widget=forms.CheckboxInput(attrs={"aria-describedby": f"about-{item.key}"}),
            )


class GoingLive(WithSteps):
    """Of a campaign: `<number>/live/`, `<number>/close/`."""

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/live/", self.admin_site.admin_view(self.live), name="campaigns_campaign_live"),
            path("<int:pk>/close/", self.admin_site.admin_view(self.close), name="campaigns_campaign_close"),
        ]
        return [*own, *super().get_urls()]

    def live(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what the campaign has and lacks; a POST with a tick for each doubt makes it live. Answers 422 when it can't."""
        self.require(request, "live")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        back = reverse("admin:campaigns_campaign_change", args=[pk])
        if campaign.is_live:
            self.message_user(request, _("It is live already."))
            return HttpResponseRedirect(back)
        items = readiness.checklist(campaign)
        sent = request.POST if request.method == "POST" else None
        form = Waiving(readiness.doubts(items), sent)
        if form.is_valid():
            if self._launch(request, campaign, [*form.fields]):
                return HttpResponseRedirect(back)
            # Perhaps somebody has changed it just now.
            items = readiness.checklist(Campaign.objects.whole().get(pk=pk))
            form = Waiving(readiness.doubts(items), sent)
        context = {
            "title": _("Open it again") if campaign.is_over else _("Go live"),
            "campaign": campaign,
            "preview": preview_of(campaign) if campaign.status == Status.DRAFT else "",
            "form": form,
            "rows": rows(campaign, items, form),
            "is_ready": not readiness.missing(items),
            "back": back,
        }
        return step(request, self, context, 200 if sent is None else 422, "live")

    def _launch(self, request: HttpRequest, campaign: Campaign, waived: list[str]) -> bool:
        """Whether it is live now, or was a moment ago."""
        try:
            is_new = launching.launch(campaign.pk, waived)
        except launching.NotReady:
            return False
        if is_new:
            lacking = [f"without {key}" for key in waived]
            self.log_change(request, campaign, [{"changed": {"fields": ["status: live", *lacking]}}])
        self.message_user(request, _("It is live: everybody sees it."))
        return True

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what ends, and what nobody has seen yet; a POST closes the campaign."""
        self.require(request, "close")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        back = reverse("admin:campaigns_campaign_change", args=[pk])
        if not closing.may_close(campaign):
            self.message_user(
                request, _("There is nothing to close: it is not public, or already over."), messages.WARNING
            )
            return HttpResponseRedirect(back)
        if request.method == "POST":
            if closing.close(pk):
                self.log_change(request, campaign, [{"changed": {"fields": ["status: closed"]}}])
            self.message_user(request, _("It is closed."))
            return HttpResponseRedirect(back)
        context = {
            "title": _("Close this campaign"),
            "campaign": campaign,
            "unpublished": list(closing.unpublished(campaign)),
            "back": back,
        }
        return step(request, self, context, 200, "close")


def rows(campaign: Campaign, items: Iterable[Item], form: Waiving) -> list[tuple[Item, str, forms.BoundField | None]]:
    """Returns each item with the address where it is mended, and its tick if there is one: for desk/checklist.html."""
    return [(item, place_of(campaign.pk, item.place), _tick(form, item)) for item in items]


def _tick(form: Waiving, item: Item) -> forms.BoundField | None:
    return form[item.key] if item.key in form.fields else None
