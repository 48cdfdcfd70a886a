"""The same page in another language: the language is in the path and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info

from core.text.translations import direction

# Pages that stand under every language; the rest (the admin, logins, data for machines) has one address.
ALONE = (
    "/admin/",
    "/accounts/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/",
    "/petitions/",
    "/oembed",
    "/sitemap",
    "/robots.txt",
    "/favicon.ico",
)


@dataclass(frozen=True)
class InLanguage:
    code: str
    name: str
    direction: str
    path: str


def links_for(path: str) -> list[InLanguage]:
    """This page in every language; empty for a page that has one address only."""
    if path.startswith(ALONE):
        return []
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    bare = path.removeprefix(f"/{first}") if first in dict(settings.LANGUAGES) else path
    return [_one(code, bare) for code, _name in settings.LANGUAGES]


def _one(code: str, bare: str) -> InLanguage:
    info = get_language_info(code)
    prefix = "" if code == settings.LANGUAGE_CODE else f"/{code}"
    return InLanguage(code, info["name_local"], direction(code), prefix + bare)
