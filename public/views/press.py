"""The press kit: for everybody once its embargo is over, before that for those who hold its secret URL."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from actions import samples
from campaigns.finding import find
from campaigns.models import Campaign, PressImage
from core.crypto import tokens
from core.drawing import pdf
from core.web.http import FRESH, cached, secret_page
from core.web.ratelimit import no_guessing
from progress import meter, share_image
from progress.figures import public_figures
from public.views import embedding

KIT = "press"


@require_safe
@cached(FRESH)
def press(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = _with_kit(slug)
    if campaign.press_kit.is_embargoed:
        return render(request, "public/press_embargoed.html", {"campaign": campaign})
    return _kit(request, campaign, "")


@require_safe
@secret_page
@no_guessing(KIT)
def press_early(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    campaign = _with_kit(slug)
    if not _opens(campaign, token):
        return render(request, "petitions/link_unknown.html", status=404)
    return _kit(request, campaign, token)


@require_safe
@cached(3600)
def press_image(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _image(slug, number)


@require_safe
@secret_page
@no_guessing(KIT)
def press_image_early(request: HttpRequest, slug: str, token: str, number: int) -> HttpResponse:
    return _image(slug, number, token)


def _image(slug: str, number: int, token: str = "") -> HttpResponse:
    campaign = _with_kit(slug)
    if campaign.press_kit.is_embargoed and not _opens(campaign, token):
        raise Http404
    image = get_object_or_404(PressImage, kit=campaign.press_kit, pk=number)
    response = HttpResponse(bytes(image.content), content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{campaign.slug}-{image.pk}.jpg"'
    return response


def _with_kit(slug: str) -> Campaign:
    campaign = find(slug)
    if not campaign.has_press_kit:
        raise Http404
    return campaign


def _opens(campaign: Campaign, token: str) -> bool:
    try:
        return tokens.read(KIT, token) == campaign.press_kit.key
    except tokens.BadToken:
        return False


def _kit(request: HttpRequest, campaign: Campaign, token: str) -> HttpResponse:
    by_language: dict[str, list[str]] = {}
    if campaign.tweet_action:
        for sample in samples.alive(campaign.tweet_action):
            texts = by_language.setdefault(sample.language, [])
            if len(texts) < 10:
                texts.append(samples.compose(campaign.tweet_action, sample.text, campaign.target))
    images = campaign.press_kit.images.defer("content").select_related("kit__campaign").prefetch_related("translations")
    figures = public_figures(campaign)
    context = {
        "campaign": campaign,
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "has_pdf": pdf.available(),
        "image": share_image.version(campaign, get_language() or ""),
        "code": embedding.code(request, campaign),
        "code_with_form": embedding.code(request, campaign, form=True),
        "kit": campaign.press_kit,
        "samples": by_language,
        "images": images,
        "token": token,
    }
    return render(request, "public/press.html", context)
