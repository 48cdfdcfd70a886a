"""The sitemap: /sitemap.xml names its pages, each small enough to be kept whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from campaigns.models import Campaign
from core.generic import AnySitemap


class Pages(AnySitemap):
    """Every public campaign, in every language."""

    i18n = alternates = x_default = True
    # Addresses, of 700 bytes each with those of the same page in other languages.
    limit = 1_000
    protocol = urlsplit(settings.SITE_URL).scheme

    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.public().only("slug")

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


def robots(request: HttpRequest) -> HttpResponse:
    """Tells crawlers where the sitemap is, and what is no page to find."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/", f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


SITEMAPS = {"sitemaps": {"campaigns": Pages}}
