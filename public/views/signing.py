"""The sign form. Its page is reading.campaign; here is what its button does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.finding import find, find_kept
from campaigns.models import Campaign
from core.privacy.clients import client_hash
from core.web import throttling
from core.web.forms import title_prefix
from core.web.http import SeeOther, cached, cookieless_post
from operations.watching import counting
from operations.watching.names import SIGNATURES
from petitions import signing
from petitions.forms import SignForm
from petitions.mail_delay import mail_is_late
from public.views.reading import campaign_context


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("campaign", args=[slug]))
    campaign = find_kept(slug)
    if campaign.petition is None or not campaign.is_signing:
        return render(request, "public/not_open.html", {"campaign": campaign}, status=409)
    form = SignForm(request.POST, policy=campaign.policy)
    if not form.is_valid():
        return _again(request, campaign, form, status=422, challenge=throttling.kept(request, "sign"))
    admission = throttling.check(request, "sign")
    if admission.challenge:
        return _again(request, campaign, form, challenge=admission.challenge)
    typed: Any = form.cleaned_data
    language, client = get_language() or "en", client_hash(request)
    signing.sign(campaign.petition, typed, language, client, admission.doubtful, form.seconds(), admission.mail_at)
    counting.count(SIGNATURES, "accepted")
    return SeeOther(reverse("check_mail", args=[slug]))


def _again(request: HttpRequest, campaign: Campaign, form: SignForm, status: int = 200, **more: object) -> HttpResponse:
    """The same page with everything that was typed."""
    context = campaign_context(campaign, form) | {"title_prefix": title_prefix(form)} | more
    response = render(request, "public/campaign.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@cached(10)
def check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "public/check_mail.html", {"campaign": find(slug), "late": mail_is_late()})
