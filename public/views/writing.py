"""A mail to the target, in the supporter's own words and from the supporter's own mailbox. We send, keep and count nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions import letters
from actions.models import Target
from campaigns.finding import find
from campaigns.models import Campaign
from core.web.http import SeeOther, View, cookieless_post
from core.web.kept_pages import kept_by_chance
from public.forms import LetterForm
from public.views import passing

# So many different texts each process has at a time.
HAND = 12
TOO_LONG = gettext_lazy("Mail programs cut off a text this long: please shorten it.")
to_mail = cast(Callable[[View], View], csp_update({"form-action": ["mailto:"]}))


class ToMail(SeeOther):
    allowed_schemes = ["mailto"]


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_mail
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows who will see what, and a text to begin with; its button opens the mail program."""
    campaign = find(slug)
    target = recipient(campaign)
    if target is None or campaign.tweet_action is None:
        raise Http404
    if request.method != "POST":
        kept_by_chance(request, HAND)
        opening, end = gettext("To %(name)s,") % {"name": target.translated.name}, gettext("Kind regards")
        language, subject = get_language() or "en", passing.subject(campaign)
        draft = letters.draft(campaign.tweet_action, target, language, subject, opening, end)
        return _page(request, campaign, target, LetterForm(initial=draft._asdict()))
    form = LetterForm(request.POST)
    if form.is_valid():
        way = letters.link(target, form.cleaned_data["subject"], form.cleaned_data["text"])
        if len(way) <= letters.LIMIT:
            return ToMail(way)
        form.add_error("text", TOO_LONG)
    return _page(request, campaign, target, form, status=422)


def recipient(campaign: Campaign) -> Target | None:
    """The target that people are asked to write to: while the campaign is live, its level allows it, and staff gave its address."""
    target = campaign.target
    may = campaign.is_acting and campaign.policy.mails_to_target
    return target if target is not None and may and target.email else None


def _page(
    request: HttpRequest, campaign: Campaign, target: Target, form: LetterForm, status: int = 200
) -> HttpResponse:
    return render(request, "public/write.html", {"campaign": campaign, "target": target, "form": form}, status=status)
