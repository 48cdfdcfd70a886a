"""The campaign on other sites: a card for a frame, which signs and confirms nothing, and how programs find it (oEmbed)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from campaigns.finding import find
from campaigns.models import Campaign
from core.web.http import View, cached
from core.web.origins import origin
from core.web.parameters import takes
from progress import meter, share_image
from progress.figures import public_figures

WIDTH, HEIGHT = 480, 420
SCHEMES = ("light", "dark")
framed = cast(Callable[[View], View], csp_replace({"frame-ancestors": ["*"]}))


@require_safe
@framed
@xframe_options_exempt
@cached(60)
@takes("theme")
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the card of a campaign; `?theme=light` or `dark` fixes its colours, which else follow the reader's system."""
    campaign = find(slug)
    figures = public_figures(campaign)
    theme = request.GET.get("theme", "")
    context: dict[str, object] = {"campaign": campaign, "figures": figures, "meter": meter.draw(campaign, figures)}
    context |= {"theme": theme if theme in SCHEMES else "", "url": settings.SITE_URL + campaign.get_absolute_url()}
    return render(request, "public/embed.html", context)


@require_safe
@cached(300)
@takes("url", "format", "maxwidth", "maxheight")
def oembed(request: HttpRequest) -> JsonResponse:
    """Answers in the form of oembed.com, type "rich", for the URL of a campaign's page."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": "only json"}, status=501)
    campaign, language = _asked_for(request.GET.get("url", ""))
    wide = min(_number(request.GET.get("maxwidth"), WIDTH), WIDTH)
    high = min(_number(request.GET.get("maxheight"), HEIGHT), HEIGHT)
    url = f"{settings.SITE_URL}{language}{reverse('embed', args=[campaign.slug])}"
    with translation.override(language.strip("/") or settings.LANGUAGE_CODE):
        title, picture = campaign.translated.headline, _thumbnail(campaign)
    frame = {"url": url, "title": title, "width": wide, "height": high}
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": campaign.organiser,
        "provider_name": settings.ORGANISATION,
        "provider_url": settings.SITE_URL,
        "cache_age": 300,
        "width": wide,
        "height": high,
        "html": " ".join(line.strip() for line in render_to_string("public/embed_frame.html", frame).splitlines()),
    }
    response = JsonResponse(answer | picture, json_dumps_params={"ensure_ascii": False})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _thumbnail(campaign: Campaign) -> dict[str, object]:
    """Returns the oEmbed fields of the share image; {} where none was drawn."""
    version = share_image.version(campaign, translation.get_language() or "")
    if not version:
        return {}
    url = settings.SITE_URL + reverse("share_image", args=[campaign.slug, version])
    size = {"thumbnail_width": share_image.WIDTH, "thumbnail_height": share_image.HEIGHT}
    return {"thumbnail_url": url, **size}


def _asked_for(url: str) -> tuple[Campaign, str]:
    """The campaign whose page this is, and the language of its path. Raises Http404."""
    try:
        if origin(url) != origin(settings.SITE_URL):
            raise Http404
        path = urlsplit(url.strip()).path
        first = f"/{path.split('/')[1]}" if path.startswith("/") else ""
        # The default language has no prefix: /en/… is no page.
        language = first if first[1:] in dict(settings.LANGUAGES).keys() - {settings.LANGUAGE_CODE} else ""
        match = _resolve(path.removeprefix(language))
    except (ValueError, Resolver404) as error:
        raise Http404 from error
    if "slug" not in match.kwargs:
        raise Http404
    return find(match.kwargs["slug"]), language


def _resolve(path: str) -> ResolverMatch:
    """Finds the view of a path, with or without its final slash, as people paste it. Raises Resolver404."""
    try:
        return resolve(path)
    except Resolver404:
        return resolve(f"{path}/")


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else default
