"""Public pages of a draft, for staff alone: /admin/preview/<the path that the page will have>.

They are made by the views of the public, from the draft as it would be on its first day. Nothing is counted or stored: only pages
that show something are let through, their forms are inert, and what a form would be sent to answers 404 until the campaign is public.
No cache keeps anything below /admin/ (core/web/parameters.py: ELSEWHERE).
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils import translation
from django.views.decorators.http import require_safe

from campaigns.finding import previewing
from campaigns.models import Campaign
from core.web.http import SeeOther
from core.web.kept_pages import HAND

PAGES = ("campaign", "campaign_picture", "act", "progress", "updates", "recap", "wall", "voices", "press")
PREVIEW = "/admin/preview"


@require_safe
def preview(request: HttpRequest, place: str) -> HttpResponse:
    """Shows the page whose path is `place`. What is public already is looked at where it is; raises Http404 for other pages."""
    if not request.user.has_perm("campaigns.view_campaign"):
        raise PermissionDenied
    path = f"/{place}"
    first = place.partition("/")[0]
    language = first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            raise Http404 from None
        if match.url_name not in PAGES:
            raise Http404
        slug = match.kwargs["slug"]
        if Campaign.objects.public().filter(slug=slug).exists():
            return SeeOther(path)
        get_object_or_404(Campaign.objects.for_staff(request.user), slug=slug)
        # To its tabs and languages it is the public page; it is one page, without words after the `?`.
        request.path, request.GET = path, QueryDict()
        request.__dict__["is_preview"] = True
        with previewing():
            answer = match.func(request, *match.args, **match.kwargs)
        return _for_staff(request, answer, slug, language)


def _for_staff(request: HttpRequest, answer: HttpResponse, slug: str, language: str) -> HttpResponse:
    request.META.pop(HAND, None)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Content-Language"] = language
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        text = _pointed(answer.content.decode(), slug)
        answer.content = re.sub(r"<form\b", "<form inert", text).encode()
    return answer


def _pointed(text: str, slug: str) -> str:
    """The page, whose links to the campaign lead to previews; those to what has none lead nowhere."""

    def there(found: re.Match[str]) -> str:
        with translation.override(found["language"] or settings.LANGUAGE_CODE):
            try:
                known = resolve(found["path"].partition("?")[0].partition("#")[0]).url_name in PAGES
            except Resolver404:
                known = False
        return f'{found["name"]}="{PREVIEW + found["path"] if known else "#"}"'

    codes = "|".join(re.escape(code) for code, _name in settings.LANGUAGES)
    own = rf'(?P<path>/(?:(?P<language>{codes})/)?c/{re.escape(slug)}/[^"]*)'
    return re.sub(rf'\b(?P<name>href|src)="(?:{re.escape(settings.SITE_URL)})?{own}"', there, text)
