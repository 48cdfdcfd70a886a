"""The other steps from one status to the next: asking for pledges, taking that back, and the archive."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from campaigns import closing, launching, pledging, readiness
from campaigns.models import Campaign, Status
from core.staff.pages import WithSteps
from desk.going_live import Waiving, preview_of, rows
from desk.steps import step


class WaivingToAnnounce(Waiving):
    words = _("I know: announce it anyway")


class Announcing(WithSteps):
    """Of a campaign: `<number>/announce/`, `<number>/recall/`, `<number>/put-away/`."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/announce/", view(self.announce), name="campaigns_campaign_announce"),
            path("<int:pk>/recall/", view(self.recall), name="campaigns_campaign_recall"),
            path("<int:pk>/put-away/", view(self.put_away), name="campaigns_campaign_put_away"),
        ]
        return [*own, *super().get_urls()]

    def announce(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what pledging needs; a POST with a tick for each doubt makes a draft public. Answers 422 when it can't."""
        self.require(request, "announce")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        if campaign.status != Status.DRAFT:
            return self._nothing(request, campaign, _("It is not a draft, so there is nothing to announce."))
        items = readiness.to_announce(campaign)
        sent = request.POST if request.method == "POST" else None
        form = WaivingToAnnounce(readiness.doubts(items), sent)
        if form.is_valid():
            try:
                is_new = launching.announce(pk, [*form.fields])
            except launching.NotReady:
                # Perhaps somebody has changed it just now.
                items = readiness.to_announce(Campaign.objects.whole().get(pk=pk))
                form = WaivingToAnnounce(readiness.doubts(items), sent)
            else:
                lacking = [f"without {key}" for key in form.fields]
                told = _("Announced. Everybody sees it now, and can pledge.")
                return self._moved(request, campaign, is_new, ["status: interest", *lacking], told)
        context = {
            "title": _("Announce it"),
            "campaign": campaign,
            "preview": preview_of(campaign),
            "form": form,
            "rows": rows(campaign, items, form),
            "is_ready": not readiness.missing(items),
            "back": _page(campaign),
        }
        return step(request, self, context, 200 if sent is None else 422, "announce")

    def recall(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows who has pledged; a POST makes an announced campaign a draft again."""
        self.require(request, "recall")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        if not launching.may_recall(campaign):
            return self._nothing(
                request, campaign, _("You can make it a draft again only if it was announced and never went live.")
            )
        if request.method == "POST":
            is_new = launching.recall(pk)
            return self._moved(
                request, campaign, is_new, ["status: draft"], _("It is a draft again: only staff see it.")
            )
        pledged = pledging.count(campaign)
        context = {
            "title": _("Make it a draft again"),
            "campaign": campaign,
            "pledged": pledged,
            "back": _page(campaign),
        }
        return step(request, self, context, 200, "recall")

    def put_away(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what nobody has seen yet; a POST moves a closed campaign into the archive, or out of it."""
        self.require(request, "put_away")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        is_away = campaign.status == Status.ARCHIVED
        if not campaign.is_over:
            return self._nothing(request, campaign, _("It is not over yet: close it first."))
        if request.method == "POST":
            # What its reader saw is done, and nothing else: the button of a page that is out of date does nothing.
            if request.POST.get("do") == "take_out":
                is_new = closing.take_out(pk)
                return self._moved(request, campaign, is_new, ["status: closed"], _("It is back from the archive."))
            is_new = closing.put_away(pk)
            return self._moved(request, campaign, is_new, ["status: archived"], _("It is archived."))
        context = {
            "title": _("Take it out of the archive") if is_away else _("Archive this campaign"),
            "campaign": campaign,
            "is_away": is_away,
            "unpublished": list(closing.unpublished(campaign)),
            "back": _page(campaign),
        }
        return step(request, self, context, 200, "put_away")

    def _nothing(self, request: HttpRequest, campaign: Campaign, words: Any) -> HttpResponse:
        self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(_page(campaign))

    def _moved(
        self, request: HttpRequest, campaign: Campaign, is_new: bool, fields: list[str], words: Any
    ) -> HttpResponse:
        if is_new:
            self.log_change(request, campaign, [{"changed": {"fields": fields}}])
        self.message_user(request, words)
        return HttpResponseRedirect(_page(campaign))


def _page(campaign: Campaign) -> str:
    return reverse("admin:campaigns_campaign_change", args=[campaign.pk])
