"""“I will take part”: the form is on the campaign's page; here is what its button does, and what the mailed links open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import pledging
from campaigns.finding import find
from campaigns.models import Campaign, Pledge
from core.crypto import tokens
from core.postgres.durable import wait_for_standbys
from core.web import throttling
from core.web.forms import title_prefix
from core.web.http import FRESH, SeeOther, cached, cookieless_post, paused, secret_page
from core.web.ratelimit import no_guessing
from petitions.models import why_not_to_confirm
from public import mails
from public.forms import PledgeForm
from public.views.reading import campaign_context


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("campaign", args=[slug]) + "#pledge")
    campaign = find(slug)
    if not campaign.is_pledging:
        return render(request, "public/not_pledging.html", {"campaign": campaign}, status=409)
    form = PledgeForm(request.POST)
    if not form.is_valid():
        return _again(request, campaign, form, 422, challenge=throttling.kept(request, "pledge"))
    admission = throttling.check(request, "pledge")
    if admission.challenge:
        return _again(request, campaign, form, 200, challenge=admission.challenge)
    promise: Any = form.cleaned_data
    pledging.pledge(campaign, promise, get_language() or "en", admission.mail_at)
    return SeeOther(reverse("pledged", args=[slug]))


def _again(request: HttpRequest, campaign: Campaign, form: PledgeForm, status: int, **more: object) -> HttpResponse:
    """The form alone, with everything that was typed."""
    context = (
        campaign_context(campaign) | {"form": form, "pledge_form": form, "title_prefix": title_prefix(form)} | more
    )
    response = render(request, "public/pledge.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@cached(FRESH)
def pledged(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "public/pledged.html", {"campaign": find(slug)})


@secret_page
@no_guessing(mails.PLEDGE)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_pledge(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what is promised; the button of this page confirms the pledge."""
    try:
        row = Pledge.objects.select_related("campaign").get(pk=tokens.read(mails.PLEDGE, token))
    except tokens.BadToken:
        return render(request, "petitions/link_unknown.html", status=404)
    except Pledge.DoesNotExist:
        return render(request, "public/pledge_gone.html", status=410)
    context: dict[str, Any] = {"pledge": row, "campaign": row.campaign}
    context["unpledge"] = tokens.make(mails.UNPLEDGE, row.pk)
    context["paused"] = None if row.confirmed_at else why_not_to_confirm(row.campaign)
    if request.method == "POST" and context["paused"]:
        return paused(request, "public/pledge_confirm.html", context)
    if request.method == "POST":
        try:
            pledging.confirm(row)
        except pledging.LinkExpired:
            return render(request, "public/pledge_gone.html", context, status=410)
        except pledging.AlreadyPledged:
            wait_for_standbys()
        return _stands(request, context)
    if row.confirmed_at:
        wait_for_standbys()
        return _stands(request, context)
    if row.link_expired:
        return render(request, "public/pledge_gone.html", context, status=410)
    return render(request, "public/pledge_confirm.html", context)


def _stands(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    counted = pledging.count(context["campaign"])
    return render(request, "public/pledge_stands.html", context | {"count": counted})


@secret_page
@no_guessing(mails.UNPLEDGE)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def unpledge(request: HttpRequest, token: str) -> HttpResponse:
    """Takes a pledge back: by the link under every reminder, or by the one click that mail programs make of it."""
    try:
        row = Pledge.objects.filter(pk=tokens.read(mails.UNPLEDGE, token)).first()
    except tokens.BadToken:
        return render(request, "petitions/link_unknown.html", status=404)
    if request.method == "POST" and row:
        pledging.take_back(row)
        row = None
    elif not row:
        wait_for_standbys()
    return render(request, "public/unpledge.html", {"pledge": row, "campaign": row.campaign if row else None})
