"""The sitemap."""

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
    protocol = urlsplit(settings.SITE_URL).scheme

    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.public()

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc
