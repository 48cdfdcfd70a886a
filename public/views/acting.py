"""The tweet step: take a sample, make it your own, open the composer. What is posted there, we neither do nor see."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from csp.decorators import csp_update
from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions import linking, opening, samples
from actions.networks import COMPOSER_HOSTS, COMPOSERS, Network
from campaigns import moments
from campaigns.finding import find, find_kept
from campaigns.models import Campaign
from core.privacy.clients import client_hash
from core.web.forms import no_controls
from core.web.http import SeeOther, View, cookieless_post
from core.web.kept_pages import kept_by_chance
from core.web.parameters import takes
from core.web.ratelimit import MINUTE, hits_this_minute
from progress.figures import public_figures
from public.forms import LinkForm

LINKS_A_MINUTE = 20
# So many different pages of this step each process has at a time, for a crowd: they are others every three seconds.
HAND = 12


class Post(forms.CharField):
    def to_python(self, value: object) -> str:
        """Turns every kind of line end into one character, since browsers differ."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class PostForm(forms.Form):
    sample = forms.IntegerField(required=False, widget=forms.HiddenInput)
    target = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = Post(
        label=_("Your post"),
        max_length=1_000,
        validators=[no_controls],
        widget=forms.Textarea(attrs={"rows": 5, "data-weigh": ""}),
        help_text=_("Make it your own: a changed text is read, a copied one is skipped."),
        error_messages={"required": _("Please write something.")},
    )

    def for_network(self, network: Network) -> bool:
        """Returns whether the text can go to this network; adds an error to the form if not."""
        try:
            network.validate(self.cleaned_data["text"])
        except ValidationError as error:
            self.add_error("text", error)
        return not self.errors


to_composers = cast(Callable[[View], View], csp_update({"form-action": COMPOSER_HOSTS}))


class ToComposer(HttpResponseRedirect):
    status_code = 303
    allowed_schemes = sorted({host.split(":")[0] for host in COMPOSER_HOSTS})


@require_safe
@never_cache
@to_composers
@takes("not", "after", "confirmed", "linked")
def act(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if not campaign.is_acting or campaign.tweet_action is None:
        return render(request, "public/not_acting.html", {"campaign": campaign})
    action = campaign.tweet_action
    kept_by_chance(request, max(min(samples.alive(action).count() * max(len(action.targets), 1), HAND), 1))
    shown = samples.pick(
        action,
        get_language() or "en",
        but_not=_number(request.GET.get("not")),
        after=_number(request.GET.get("after")),
        without=moments.out_of_season(campaign, timezone.now()),
    )
    typed = (
        {"sample": shown.sample.pk, "text": shown.text, "target": shown.target.pk if shown.target else None}
        if shown
        else None
    )
    return _page(request, campaign, PostForm(initial=typed), shown)


def _another_url(campaign: Campaign, shown: samples.Shown | None) -> str:
    """Leads to the same page with another text, and with another target where there are several."""
    but_not = {"not": shown.sample.pk} if shown else {}
    after = {"after": shown.target.pk} if shown and shown.target else {}
    return reverse("act", args=[campaign.slug], query=but_not | after)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_composers
def go(request: HttpRequest, slug: str, network: str) -> HttpResponse:
    """Counts the opening and answers with the way to the composer, or with the text to copy."""
    if network not in COMPOSERS:
        raise Http404
    if request.method != "POST":
        return SeeOther(reverse("act", args=[slug]))
    campaign, where = find_kept(slug), COMPOSERS[network]
    if not campaign.is_acting or campaign.tweet_action is None:
        return render(request, "public/not_acting.html", {"campaign": campaign}, status=409)
    form = PostForm(request.POST)
    if not form.is_valid() or not form.for_network(where):
        return _page(request, campaign, form, None, status=422)
    action = campaign.tweet_action
    sample = samples.known(action.pk).get(form.cleaned_data["sample"])
    target = samples.known_targets(action.pk).get(form.cleaned_data["target"], action.target)
    opening.record(action, sample, where.slug, client_hash(request), target)
    if where.composer:
        return ToComposer(where.link(form.cleaned_data["text"]))
    return render(request, "public/copy.html", {"campaign": campaign, "text": form.cleaned_data["text"]})


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_composers
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes the link of a post, which counts as *linked*, whoever pasted it."""
    if request.method != "POST":
        return SeeOther(reverse("act", args=[slug]) + "#link")
    campaign = find(slug)
    if not campaign.is_acting or campaign.tweet_action is None or not campaign.policy.links:
        return render(request, "public/not_acting.html", {"campaign": campaign}, status=409)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, PostForm(), None, status=422, link_form=form)
    if hits_this_minute("link", client_hash(request)) > LINKS_A_MINUTE:
        form.add_error(
            "link", _("Many links came from where you are. Yours is still here: please press again in a minute.")
        )
        response = _page(request, campaign, PostForm(), None, status=429, link_form=form)
        response.headers["Retry-After"] = str(MINUTE)
        return response
    linking.link(campaign.tweet_action, form.post_id())
    return SeeOther(reverse("act", args=[slug]) + "?linked=1#link")


def _page(
    request: HttpRequest,
    campaign: Campaign,
    form: PostForm,
    shown: samples.Shown | None,
    status: int = 200,
    link_form: LinkForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    days = campaign.moments.days_of_action()
    text = Post().to_python(form["text"].value())
    offers = {
        slug: {"network": network, "weight": network.weight(text), "is_over": not network.takes(text)}
        for slug, network in COMPOSERS.items()
    }
    context = {
        "campaign": campaign,
        "form": form,
        "another_url": _another_url(campaign, shown),
        "x_offer": offers.pop("x"),
        "other_offers": offers.values(),
        "confirmed": "confirmed" in request.GET,
        "linked": "linked" in request.GET,
        "link_form": (link_form or LinkForm()) if campaign.policy.links else None,
        "target": shown.target if shown else campaign.target,
        "figures": public_figures(campaign),
        "today": days.current(now).first(),
        "next_day": days.coming(now).first(),
    }
    return render(request, "public/act.html", context, status=status)
