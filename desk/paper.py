"""Where staff find what is signed on paper: the sheet to print, and the batches of it, at the levels that have paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns import paper_sheet
from campaigns.models import Campaign
from core.drawing import pdf
from core.locks import one_at_a_time
from core.staff.pages import WithSteps
from desk.listing import ListingPage, paged
from desk.steps import step
from petitions.paper import counting


class PaperPage(ListingPage):
    """What was entered so far, and the way to the sheet."""

    page, template = "paper", "desk/paper.html"

    def lists(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        petition = campaign.petition
        if petition is None or not campaign.has_paper:
            raise Http404
        return {
            "on_paper": counting.by_petition([petition]).get(petition.pk, counting.NONE),
            "batches": paged(request, "batches", petition.paper_batches.select_related("entered_by", "checked_by")),
            "days": petition.policy.kept_after_closing.days,
            "destroy_by": petition.forgets_at and petition.forgets_at.astimezone(campaign.zone),
            "may_enter": request.user.has_perm("petitions.add_paperbatch"),
            "may_look": request.user.has_perm("petitions.view_paperbatch"),
            "enter": reverse("admin:petitions_paperbatch_add", query={"petition": petition.pk}),
        }


class Sheets(WithSteps):
    """Of a campaign: `<number>/sheet.pdf`."""

    steps = {"sheet": "campaigns.view_campaign"}

    def get_urls(self) -> list[Any]:
        sheet = path("<int:pk>/sheet.pdf", self.admin_site.admin_view(self.sheet), name="campaigns_campaign_sheet")
        return [sheet, *super().get_urls()]

    @method_decorator(require_safe)
    def sheet(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet that people sign. One page at a time is set on the whole site, as for visitors."""
        self.require(request, "sheet")
        campaign = get_object_or_404(Campaign.objects.whole(), pk=pk)
        if not campaign.has_paper:
            raise Http404
        with one_at_a_time("report") as ours:
            try:
                content = pdf.render(paper_sheet.page(campaign)) if ours else b""
            except pdf.Unprintable:
                content = b""
        if not content:
            back = reverse("admin:campaigns_campaign_paper", args=[pk])
            return step(request, self, {"title": _("The sheet to sign on"), "back": back}, 503, "no_sheet")
        response = HttpResponse(content, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}-sheet.pdf"'
        return response
