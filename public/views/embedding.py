"""The campaign on other sites: a card for a frame, which signs and confirms nothing, and how programs find it (oEmbed)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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

from campaigns import sourcing
from campaigns.finding import find
from campaigns.models import Campaign
from campaigns.models.sources import EMBED
from core.web.http import FRESH, View, cached
from core.web.origins import origin
from core.web.parameters import takes
from petitions.forms import SignForm
from progress import meter, share_image
from progress.figures import public_figures
from public.embed_size import height

WIDTH = 480
SCHEMES = ("light", "dark")
framed = cast(Callable[[View], View], csp_replace({"frame-ancestors": ["*"]}))


@require_safe
@framed
@xframe_options_exempt
@cached(FRESH)
@takes("theme", "form")
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows the card of a campaign; `?theme=light` or `dark` fixes its colours, which else follow the reader's system; with
    `?form=1` it bears the form to sign, which is sent to a page of ours in a tab of its own."""
    theme = request.GET.get("theme", "")
    card = _card(find(slug), "form" in request.GET)
    return render(request, "public/embed.html", card | {"theme": theme if theme in SCHEMES else ""})


def _card(campaign: Campaign, form: bool) -> dict[str, object]:
    """The context of the card; with the form to sign while there is something to sign, and `form`."""
    figures = public_figures(campaign)
    card: dict[str, object] = {"campaign": campaign, "figures": figures, "meter": meter.draw(campaign, figures)}
    card["url"] = sourcing.url(campaign, EMBED)
    if form and campaign.is_signing:
        source = {"source": EMBED} if campaign.policy.sources else {}
        card["form"] = SignForm(initial=source, policy=campaign.policy, likely=campaign.countries_first)
    return card


@dataclass(frozen=True)
class Frame:
    """The HTML that shows the card on another site, in one line, and its size in pixels."""

    html: str
    wide: int
    high: int


def frame(
    request: HttpRequest, campaign: Campaign, form: bool = False, most_wide: int = WIDTH, most_high: int = 0
) -> Frame:
    """In the active language, as high as the card is at this width; `form`: with the form to sign."""
    card = render_to_string("public/embed.html", _card(campaign, form), request)
    wide, high = min(most_wide, WIDTH), height(card, min(most_wide, WIDTH))
    high = min(high, most_high or high)
    context = {
        "url": f"{settings.SITE_URL}{reverse('embed', args=[campaign.slug])}{'?form=1' if form else ''}",
        "title": campaign.translated.headline,
        "width": wide,
        "height": high,
        "form": form,
    }
    html = render_to_string("public/embed_frame.html", context)
    return Frame(" ".join(line.strip() for line in html.splitlines()), wide, high)


def code(request: HttpRequest, campaign: Campaign, form: bool = False) -> str:
    """What an editor pastes: the frame, and the script that keeps it as high as its card."""
    script = f'<script src="{settings.SITE_URL}{settings.STATIC_URL}js/embed.js" async></script>'
    return f"{frame(request, campaign, form).html} {script}"


@require_safe
@cached(FRESH)
@takes("url", "format", "maxwidth", "maxheight")
def oembed(request: HttpRequest) -> JsonResponse:
    """Answers in the form of oembed.com, type "rich", for the URL of a campaign's page."""
    if request.GET.get("format", "json") != "json":
        return JsonResponse({"error": "only json"}, status=501)
    url = request.GET.get("url", "")
    campaign, language = _asked_for(url)
    wide, high = _number(request.GET.get("maxwidth"), WIDTH), _number(request.GET.get("maxheight"), 0)
    with translation.override(language.strip("/") or settings.LANGUAGE_CODE):
        title, picture = campaign.translated.headline, _thumbnail(campaign)
        shown = frame(request, campaign, "form=1" in urlsplit(url).query.split("&"), wide, high)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": campaign.organiser,
        "provider_name": settings.ORGANISATION,
        "provider_url": settings.SITE_URL,
        "cache_age": 300,
        "width": shown.wide,
        "height": shown.high,
        "html": shown.html,
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
