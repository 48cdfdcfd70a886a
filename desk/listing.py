"""Pages of a campaign that list what it has many of, so many at once: each row leads to a small page of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from campaigns.models import Campaign
from desk.head import PAGES, head
from desk.panel import at_x

PER_PAGE = 15


class ListingPage:
    """Mounted like a PageOfCampaign (desk/pages.py). Whoever may see the campaign may look at it; there is nothing to save."""

    page: ClassVar[str]
    template: ClassVar[str]
    edits: ClassVar[type[Model]] = Campaign

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        self.model, self.admin_site = model, admin_site

    def view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not request.user.has_perm("campaigns.view_campaign"):
            raise PermissionDenied
        campaign = get_object_or_404(Campaign.objects.whole(), pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            **head(request, campaign, self.page),
            "title": PAGES[self.page],
            "opts": Campaign._meta,
            "original": campaign,
            **self.lists(request, campaign),
        }
        return TemplateResponse(request, self.template, context)

    def lists(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        """Returns what else the template shows."""
        raise NotImplementedError


def paged(request: HttpRequest, name: str, rows: QuerySet[Any]) -> Page[Any]:
    """Returns the rows that are asked for with `?<name>=2`; a page that is none is the nearest one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get(name))


class TimelinePage(ListingPage):
    """Moments and updates."""

    page, template = "timeline", "desk/timeline.html"

    def lists(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        return {
            "moments": paged(request, "moments", campaign.moments.order_by("-starts_at", "pk")),
            "updates": paged(request, "updates", campaign.updates.order_by("-published_at", "-pk")),
        }


class AfterwardsPage(ListingPage):
    """What the target said, the recap, and all of it as one file."""

    page, template = "afterwards", "desk/afterwards.html"

    def lists(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        responses = campaign.responses.select_related("demand").order_by("-said_at", "pk")
        recap = getattr(campaign, "recap", None)
        return {
            "responses": paged(request, "responses", responses),
            "recap": recap,
            "entries": recap.entries.count() if recap else 0,
        }


class AtXPage(ListingPage):
    """What goes out and what comes in at X, what it costs, and what is not known."""

    page, template = "x", "desk/at_x.html"

    def lists(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        return at_x(campaign, campaign.tweet_action) if campaign.tweet_action else {}
