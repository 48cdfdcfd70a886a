"""The sign form. Its page is reading.campaign; here is what its button does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Campaign
from campaigns.views.reading import campaign_context, find
from core import challenge
from core.clients import client_hash
from core.http import SeeOther, cached, cookieless_post
from core.ratelimit import hits_this_minute
from petitions import signing
from petitions.forms import SignForm
from petitions.lateness import mail_is_late

# So many a minute from one address: more are asked for a little work, many more wait for review. Nobody is refused.
CHALLENGE_ABOVE, QUARANTINE_ABOVE = 20, 200


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("campaign", args=[slug]))
    campaign = find(slug)
    if campaign.petition is None or not campaign.is_signing:
        return render(request, "campaigns/not_open.html", {"campaign": campaign}, status=409)
    form = SignForm(request.POST, policy=campaign.policy)
    if not form.is_valid():
        return _again(request, campaign, form, status=422)
    client = client_hash(request)
    if "ticket" in request.POST:
        quarantine = not challenge.passed(request.POST.get("proof", ""), request.POST["ticket"])
    else:
        hits = hits_this_minute("sign", client)
        quarantine = hits > QUARANTINE_ABOVE
        if CHALLENGE_ABOVE < hits <= QUARANTINE_ABOVE:
            return _again(request, campaign, form, challenge=challenge.make())
    typed: Any = form.cleaned_data
    signing.sign(campaign.petition, typed, get_language() or "en", client, quarantine, form.seconds())
    return SeeOther(reverse("check_mail", args=[slug]))


def _again(request: HttpRequest, campaign: Campaign, form: SignForm, status: int = 200, **more: object) -> HttpResponse:
    """The same page with everything that was typed."""
    response = render(request, "campaigns/campaign.html", campaign_context(campaign, form) | more, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@cached(10)
def check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "campaigns/check_mail.html", {"campaign": find(slug), "late": mail_is_late()})
