"""The tweet step: take a sample, make it your own, open the composer. What is posted there, we neither do nor see."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from actions import linking, opening, samples
from actions.models import SampleTweet, Target, Tweet, TweetAction
from actions.networks import COMPOSER_HOSTS, FRIENDS, POSTS, Network
from campaigns import moments, sourcing
from campaigns.finding import find, find_kept
from campaigns.models import Campaign
from core.postgres.durable import wait_for_standbys
from core.privacy.clients import client_hash
from core.switches import Switch
from core.web.http import SeeOther, View, cookieless_post, paused
from core.web.kept_pages import kept_by_chance
from core.web.parameters import takes
from core.web.ratelimit import MINUTE, hits_this_minute
from progress import share_image
from progress.figures import public_figures
from public.forms import FriendForm, LinkForm, Post, PostForm
from public.views import passing, writing

LINKS_A_MINUTE = 20
# So many different pages of this step each process has at a time, for a crowd: they are others every three seconds.
HAND = 12


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
        return _not_acting(request, campaign)
    action = campaign.tweet_action
    kept_by_chance(request, max(min(samples.alive(action).count() * max(len(action.targets), 1), HAND), 1))
    shown = samples.pick(
        action,
        get_language() or "en",
        but_not=_number(request.GET.get("not")),
        after=_number(request.GET.get("after")),
        without=moments.out_of_season(campaign, timezone.now()),
    )
    return _page(request, campaign, PostForm(initial=_offered(shown)))


def _not_acting(request: HttpRequest, campaign: Campaign, status: int = 200) -> HttpResponse:
    """Says that there is nothing to post now, with what was typed: no link where nobody is asked for one."""
    names = ("text", "kept", "link") if campaign.policy.links else ("text", "kept")
    typed = [Post().to_python(request.POST.get(name)) for name in names]
    context = {"campaign": campaign, "typed": [text for text in typed if text]}
    if request.method == "POST" and Switch.TWEET_STEP in campaign.paused and not campaign.is_over:
        return paused(request, "public/not_acting.html", context)
    return render(request, "public/not_acting.html", context, status=status)


def _offered(shown: samples.Shown | None) -> dict[str, object]:
    if shown is None:
        return {}
    return {"sample": shown.sample.pk, "text": shown.text, "target": shown.target.pk if shown.target else None}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_composers
def another(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows another text, for another target where there are several. What was typed stays at hand: the button `back` shows it."""
    if request.method != "POST":
        return SeeOther(reverse("act", args=[slug]))
    campaign = find(slug)
    if not campaign.is_acting or campaign.tweet_action is None:
        return _not_acting(request, campaign, 409)
    action, sent = campaign.tweet_action, request.POST
    sample, target = _chosen(action, _number(sent.get("sample")), _number(sent.get("target")))
    typed, kept = Post().to_python(sent.get("text")), Post().to_python(sent.get("kept"))
    ticked = {"answer": sent.get("answer")}
    own = "" if sample and typed == samples.compose(action, sample.text, target) else typed
    if "back" in sent and kept:
        chosen = ticked | {"sample": sample.pk if sample else None, "target": target.pk if target else None}
        return _page(request, campaign, PostForm(initial={**chosen, "text": kept, "kept": own}), is_answer=True)
    shown = samples.pick(
        action,
        get_language() or "en",
        but_not=sample.pk if sample else None,
        after=_number(sent.get("target")),
        without=moments.out_of_season(campaign, timezone.now()),
    )
    return _page(
        request, campaign, PostForm(initial={**ticked, **_offered(shown), "kept": own or kept}), is_answer=True
    )


def _chosen(action: TweetAction, sample: int | None, target: int | None) -> tuple[SampleTweet | None, Target | None]:
    """The sample that was shown, and the target that it spoke to; who is no target of this action is not believed."""
    return samples.known(action.pk).get(sample or 0), samples.known_targets(action.pk).get(target or 0, action.target)


@cookieless_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@to_composers
def go(request: HttpRequest, slug: str, network: str) -> HttpResponse:
    """Counts the opening and answers with the way to the composer, or with the text to copy."""
    if network in FRIENDS:
        return _to_friends(request, slug, FRIENDS[network])
    if network not in POSTS:
        raise Http404
    if request.method != "POST":
        return SeeOther(reverse("act", args=[slug]))
    campaign, where = find_kept(slug), POSTS[network]
    if not campaign.is_acting or campaign.tweet_action is None:
        return _not_acting(request, campaign, 409)
    form = PostForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, form, status=422, is_answer=True)
    action = campaign.tweet_action
    sample, target = _chosen(action, form.cleaned_data["sample"], form.cleaned_data["target"])
    text = samples.readdressed(form.cleaned_data["text"], target, where)
    url = _url(campaign, sample, text, where)
    wanted = form.cleaned_data["answer"] if where.slug == "x" else None
    said = answerable(campaign, wanted) if wanted else None
    if said and said.answer == Tweet.Answer.QUOTE:
        # X makes a quotation of the last link.
        text, url = where.whole(text, url), said.url
    if not form.fits(where, text, url):
        return _page(request, campaign, form, status=422, is_answer=True)
    if wanted and not said:
        return _page(request, campaign, form, status=409, is_answer=True)
    opening.record(action, sample, where.slug, client_hash(request), target)
    reply_to = str(said.post_id) if said and said.answer == Tweet.Answer.REPLY else ""
    return _gone(request, campaign, where, text, url, reply_to)


def answerable(campaign: Campaign, wanted: int | None = None) -> Tweet | None:
    """The newest post of a target, or the one wanted, that staff want answered, while X has it and the safety level allows it."""
    if campaign.tweet_action is None or not campaign.policy.answers:
        return None
    posts = campaign.tweet_action.tweets.answerable().select_related("target").order_by("-posted_at")
    return (posts.filter(pk=wanted) if wanted else posts).first()


def _to_friends(request: HttpRequest, slug: str, where: Network) -> HttpResponse:
    """The same for what is written to a friend, who is told of the campaign and of nobody who signed."""
    if request.method != "POST":
        return SeeOther(reverse("pass_on", args=[slug]))
    campaign = find_kept(slug)
    if campaign.is_over or Switch.TWEET_STEP in campaign.paused:
        return _not_acting(request, campaign, 409)
    form = FriendForm(request.POST)
    if not campaign.policy.messengers and not where.is_sealed:
        form.add_error(None, _("We switched this way off for safety; your text is still here."))
        return passing.page(request, campaign, form, status=409)
    url = sourcing.url(campaign, where.slug)
    if not form.is_valid() or not form.fits(where, form.cleaned_data["text"], url):
        return passing.page(request, campaign, form, status=422)
    if campaign.is_acting and campaign.tweet_action:
        opening.record(campaign.tweet_action, None, where.slug, client_hash(request), campaign.target)
    return _gone(request, campaign, where, form.cleaned_data["text"], url)


def _gone(
    request: HttpRequest, campaign: Campaign, where: Network, text: str, url: str, reply_to: str = ""
) -> HttpResponse:
    if where.composer:
        return ToComposer(where.link(text, url, passing.subject(campaign), reply_to))
    context = {"campaign": campaign, "network": where, "text": where.whole(text, url)}
    return render(request, "public/copy.html", context)


def _url(campaign: Campaign, sample: SampleTweet | None, text: str, network: Network) -> str:
    """The campaign's address, as it ends a post on this network: "" where staff left it out, or it stands in the text already."""
    if (sample and not sample.has_link) or f"/c/{campaign.slug}/" in text:
        return ""
    return sourcing.url(campaign, network.slug)


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
        return _not_acting(request, campaign, 409)
    form = LinkForm(request.POST)
    # As it was sent, right or wrong: nothing of it is lost over a link.
    post = PostForm(initial={name: request.POST.get(name) for name in PostForm.base_fields})
    if not form.is_valid():
        return _page(request, campaign, post, status=422, link_form=form, is_answer=True)
    if hits_this_minute("link", client_hash(request)) > LINKS_A_MINUTE:
        form.add_error(
            "link",
            _("Many links came from your network. Yours is still here: please press the button again in a minute."),
        )
        response = _page(request, campaign, post, status=429, link_form=form, is_answer=True)
        response.headers["Retry-After"] = str(MINUTE)
        return response
    sample, _target = _chosen(campaign.tweet_action, _number(request.POST.get("sample")), None)
    linking.link(campaign.tweet_action, form.post_id(), sample)
    # Whoever sends it again writes nothing, and is told that it is linked.
    wait_for_standbys()
    return SeeOther(reverse("act", args=[slug]) + "?linked=1#link")


def _page(
    request: HttpRequest,
    campaign: Campaign,
    form: PostForm,
    status: int = 200,
    link_form: LinkForm | None = None,
    is_answer: bool = False,
) -> HttpResponse:
    """`is_answer`: to what was typed, so that the browser puts nothing older in its place."""
    assert campaign.tweet_action is not None
    now = timezone.now()
    days = campaign.moments.days_of_action()
    values = {name: form[name].value() for name in ("sample", "target", "text", "kept")}
    sample, target = _chosen(campaign.tweet_action, _number(str(values["sample"])), _number(str(values["target"])))
    text, wanted = Post().to_python(values["text"]), _number(str(form["answer"].value()))
    chosen = answerable(campaign, wanted) if wanted else None
    said = chosen or answerable(campaign)
    quoted = chosen.url if chosen and chosen.answer == Tweet.Answer.QUOTE else ""
    offers = {slug: _offer(campaign, sample, target, text, network, quoted) for slug, network in POSTS.items()}
    context = {
        "campaign": campaign,
        "form": form,
        "kept": values["kept"],
        "is_answer": is_answer,
        "x_offer": offers.pop("x"),
        "other_offers": offers.values(),
        "confirmed": "confirmed" in request.GET,
        "linked": "linked" in request.GET,
        "link_form": (link_form or LinkForm()) if campaign.policy.links else None,
        "target": target,
        "figures": public_figures(campaign),
        "today": days.current(now).first(),
        "next_day": days.coming(now).first(),
        "answerable": said,
        "is_answering": chosen is not None,
        "is_answer_gone": wanted and not chosen,
        "image": share_image.version(campaign, get_language() or ""),
        "writes_to": writing.recipient(campaign),
    }
    return render(request, "public/act.html", context, status=status)


def _offer(
    campaign: Campaign, sample: SampleTweet | None, target: Target | None, text: str, network: Network, quoted: str
) -> dict[str, object]:
    """What stands beside the button of a network: how long the post will be there, with its address. `quoted`: a post at X."""
    there, url = samples.readdressed(text, target, network), _url(campaign, sample, "", network)
    ends_with = _url(campaign, sample, text, network)
    if quoted and network.slug == "x":
        there, ends_with = network.whole(there, ends_with), quoted
    return {
        "network": network,
        "weight": network.weight(there, ends_with),
        "is_over": not network.takes(there, ends_with),
        "url": url,
        "name": samples.known_as(target, network) if target and network.slug != "x" else "",
    }
