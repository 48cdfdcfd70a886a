"""The sitemap: /sitemap.xml names its pages, each small enough to be kept whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

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


SITEMAPS = {"sitemaps": {"campaigns": Pages}}
