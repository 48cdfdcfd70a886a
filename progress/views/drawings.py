"""Pictures of the figures: the share image and the map."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from campaigns.finding import find
from core.switches import Switch
from core.web.http import FRESH, SeeOther, cached, come_again
from progress import world_map
from progress.models import ShareImage
from progress.views.page import countries_of

YEAR = 365 * 24 * 3600


@require_safe
def shared_image(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Serves one version of the image, which networks may cache for good; the URL of an old version redirects to the newest."""
    image = get_object_or_404(ShareImage.objects.exclude(content=b""), campaign=find(slug), language=get_language())
    if version != image.version:
        return SeeOther(reverse("share_image", args=[slug, image.version]))
    response = HttpResponse(bytes(image.content), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@cached(FRESH)
def countries_svg(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if Switch.MAP in campaign.paused:
        return come_again(HttpResponse())
    by_country = countries_of(campaign)
    if not by_country:
        raise Http404
    response = HttpResponse(world_map.draw(by_country, campaign.accent), content_type="image/svg+xml")
    # A picture of ours with a style of its own, and nothing else in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
