"""The sign form. Its page is reading.campaign; here is what its button does, and the page after it: “check your mail”."""

from __future__ import annotations

from copy import deepcopy
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import sourcing
from campaigns.finding import find, find_kept
from campaigns.models import Campaign
from core.crypto import sealed
from core.privacy.clients import client_hash
from core.web import throttling
from core.web.challenge import Challenge
from core.web.forms import title_prefix
from core.web.http import FRESH, SeeOther, cached, cookieless_post, paused, secret_page
from core.web.parameters import takes
from core.web.ratelimit import no_guessing
from core.web.throttling import Admission
from operations.watching import counting
from operations.watching.names import SIGNATURES
from petitions import signing
from petitions.forms import SignForm
from petitions.mail_delay import minutes_late
from petitions.signing import Submission
from public import typed as just_typed
from public.views.reading import campaign_context, sign_form


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("campaign", args=[slug]))
    campaign = find_kept(slug)
    form = sign_form(campaign, request.POST)
    if campaign.petition is None or not campaign.takes_signatures:
        context = {"campaign": campaign, "typed": _to_copy(campaign, form)}
        response = render(request, "public/not_open.html", context, status=409)
        response.headers["Cache-Control"] = "no-store"
        return response
    if not campaign.is_signing:
        # The smallest page that has the form: perhaps it is a flood that made staff pause it.
        return paused(request, "public/not_open.html", {"campaign": campaign, "form": form, "is_typed": True})
    if not form.is_valid() or form.meant:
        return _again(request, campaign, form, status=422, challenge=throttling.kept(request, "sign"))
    admission = throttling.check(request, "sign")
    if admission.challenge:
        return _again(request, campaign, form, challenge=admission.challenge)
    typed: Any = form.cleaned_data
    if not sourcing.is_known(campaign, typed["source"]):
        typed["source"] = ""
    _take(request, campaign, typed, admission, form.seconds())
    before, after = _around_token(slug, get_language())
    return SeeOther(before + just_typed.seal(slug, typed) + after)


@lru_cache(maxsize=1_000)
def _around_token(slug: str, _language: str | None) -> tuple[str, str]:
    """What stands before and after the token in the address of `check_mail_to`: Django would look at each letter of it."""
    before, after = reverse("check_mail_to", args=[slug, "token"]).rsplit("token", 1)
    return before, after


def _to_copy(campaign: Campaign, form: SignForm) -> list[str]:
    """Returns what was typed, to be copied; nothing where it is dangerous to be seen with it."""
    if not campaign.policy.shows_voices:
        return []
    return [text for text in (form[name].value() for name in ("name", "email", "comment")) if text]


def _take(
    request: HttpRequest, campaign: Campaign, typed: Submission, admission: Admission, seconds: int | None = None
) -> None:
    assert campaign.petition is not None
    language, client = get_language() or "en", client_hash(request)
    signing.sign(campaign.petition, typed, language, client, admission.doubtful, seconds, admission.mail_at)
    counting.count(SIGNATURES, "accepted")


def _again(request: HttpRequest, campaign: Campaign, form: SignForm, status: int = 200, **more: object) -> HttpResponse:
    """The same page with everything that was typed."""
    context = campaign_context(campaign, form) | {"title_prefix": title_prefix(form)} | more
    response = render(request, "public/campaign.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@cached(FRESH)
def check_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """For whoever comes without a token: what to look for, and nothing of what anybody typed."""
    campaign = find(slug)
    return _over(request, campaign) if _has_closed(campaign) else _check_mail(request, campaign)


@secret_page
@no_guessing(just_typed.PURPOSE, sealed.genuine)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
@takes("sent")
def check_mail_to(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Says where the mail goes; its button asks for one more. All of it comes from the token: nothing is looked up."""
    campaign = find_kept(slug)
    try:
        typed = just_typed.unseal(slug, token)
    except sealed.BadSeal as error:
        return _gone(request, campaign, error)
    if _has_closed(campaign):
        return _over(request, campaign, 409 if request.method == "POST" else 200)
    if request.method != "POST":
        return _check_mail(request, campaign, typed, token)
    if campaign.petition is None or not campaign.takes_signatures:
        return render(request, "public/not_open.html", {"campaign": campaign}, status=409)
    if not campaign.is_signing:
        return paused(request, "public/check_mail.html", _mail_context(request, campaign, typed, token))
    # One more signature that waits, as if it had been typed again: so the caps on mails hold, and the answer is always the same.
    admission = throttling.check(request, "sign")
    if admission.challenge:
        return _check_mail(request, campaign, typed, token, admission.challenge)
    _take(request, campaign, typed, admission)
    return SeeOther(f"{reverse('check_mail_to', args=[slug, token])}?sent=1")


@secret_page
@no_guessing(just_typed.PURPOSE, sealed.genuine)
@require_safe
def sign_again(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The form with what was typed an hour ago at most, for whoever sees that the address is wrong."""
    campaign = find_kept(slug)
    try:
        typed: Any = just_typed.unseal(slug, token)
    except sealed.BadSeal as error:
        return _gone(request, campaign, error)
    if _has_closed(campaign):
        return _over(request, campaign)
    form = sign_form(campaign, initial=typed)
    form.fields["email"] = deepcopy(form.fields["email"])
    form.fields["email"].widget.attrs["autofocus"] = True
    context = {"campaign": campaign, "form": form, "token": token, "is_typed": True}
    return render(request, "public/sign_again.html", context)


def _has_closed(campaign: Campaign) -> bool:
    return campaign.is_over or (campaign.petition is not None and campaign.petition.is_closed)


def _over(request: HttpRequest, campaign: Campaign, status: int = 200) -> HttpResponse:
    """What still helps whoever has signed: the link in the mail."""
    return render(request, "public/check_mail_over.html", {"campaign": campaign}, status=status)


def _check_mail(
    request: HttpRequest,
    campaign: Campaign,
    typed: Submission | None = None,
    token: str = "",
    challenge: Challenge | None = None,
) -> HttpResponse:
    return render(request, "public/check_mail.html", _mail_context(request, campaign, typed, token, challenge))


def _mail_context(
    request: HttpRequest,
    campaign: Campaign,
    typed: Submission | None,
    token: str,
    challenge: Challenge | None = None,
) -> dict[str, object]:
    sender = settings.DEFAULT_FROM_EMAIL
    return {
        "campaign": campaign,
        "address": typed["email"] if typed else "",
        "token": token,
        "challenge": challenge,
        "sender": parseaddr(sender)[1] if campaign.policy.neutral_mail else sender,
        "minutes_late": minutes_late(),
        "sent": "sent" in request.GET,
    }


def _gone(request: HttpRequest, campaign: Campaign, error: sealed.BadSeal) -> HttpResponse:
    status = 410 if isinstance(error, sealed.TooOld) else 404
    return render(request, "public/check_mail_gone.html", {"campaign": campaign}, status=status)
