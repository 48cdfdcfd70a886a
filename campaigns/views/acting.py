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
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions import length, opening, samples
from actions.models import SampleTweet
from actions.share import COMPOSER_HOSTS, NETWORKS, Network
from campaigns.models import Campaign
from campaigns.views.reading import find
from core.clients import client_hash
from core.forms import no_controls
from core.http import SeeOther, View, cookieless_post


class PostForm(forms.Form):
    sample = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your post"), max_length=1_000, validators=[no_controls],
        widget=forms.Textarea(attrs={"rows": 5, "data-weigh": ""}),
        help_text=_("Make it your own: a changed text is read, a copied one is skipped."),
        error_messages={"required": _("Please write something.")},
    )  # fmt: skip

    def for_network(self, network: Network) -> bool:
        """Whether the text can go to this network; adds the error if not. X takes 280, as it weighs them."""
        if network.slug == "x":
            try:
                length.validate_weight(self.cleaned_data["text"])
            except ValidationError as error:
                self.add_error("text", error)
        return not self.errors


to_composers = cast(Callable[[View], View], csp_update({"form-action": COMPOSER_HOSTS}))


class ToComposer(HttpResponseRedirect):
    status_code = 303
    allowed_schemes = ["https", "mailto"]


@require_safe
@never_cache
@to_composers
def act(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = find(slug)
    if not campaign.is_acting or campaign.tweet_action is None:
        return render(request, "campaigns/not_acting.html", {"campaign": campaign})
    shown = request.GET.get("not", "")
    sample = samples.pick(
        campaign.tweet_action, get_language() or "en", int(shown) if shown.isdecimal() and len(shown) < 10 else None
    )
    form = PostForm(initial={"sample": sample.pk, "text": sample.text} if sample else None)
    return _page(request, campaign, form, sample)


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_composers
def go(request: HttpRequest, slug: str, network: str) -> HttpResponse:
    """Counts the opening and answers with the way to the composer, or with the text to copy."""
    if network not in NETWORKS:
        raise Http404
    if request.method != "POST":
        return SeeOther(reverse("act", args=[slug]))
    campaign, where = find(slug), NETWORKS[network]
    if not campaign.is_acting or campaign.tweet_action is None:
        return render(request, "campaigns/not_acting.html", {"campaign": campaign}, status=409)
    form = PostForm(request.POST)
    if not form.is_valid() or not form.for_network(where):
        return _page(request, campaign, form, None, status=422)
    sample = SampleTweet.objects.filter(action=campaign.tweet_action, pk=form.cleaned_data["sample"]).first()
    opening.record(campaign.tweet_action, sample, where.slug, client_hash(request))
    if where.composer:
        return ToComposer(where.link(form.cleaned_data["text"]))
    return render(request, "campaigns/copy.html", {"campaign": campaign, "text": form.cleaned_data["text"]})


def _page(
    request: HttpRequest, campaign: Campaign, form: PostForm, sample: SampleTweet | None, status: int = 200
) -> HttpResponse:
    context = {
        "campaign": campaign, "form": form, "sample": sample, "networks": NETWORKS.values(), "limit": length.LIMIT,
        "weight": length.weighted_length(str(form["text"].value() or "")), "confirmed": "confirmed" in request.GET,
    }  # fmt: skip
    return render(request, "campaigns/act.html", context, status=status)
