"""What staff see of a campaign at a glance: its figures, and all that wants a person."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from django.utils import timezone

from actions import asking, budget, samples, volume
from actions.models import Gap, Tweet, TweetAction
from actions.networks import NETWORKS
from campaigns import moments, responding, sourcing, translating
from campaigns.models import Campaign
from progress import meter
from progress.figures import public_figures

# So many posts of the targets at once; the others are a link away.
SHOWN = 3
# So many samples, by chance, as they are offered to visitors now.
READ = 10


def panel(campaign: Campaign) -> dict[str, Any]:
    """Returns the context of desk/panel.html."""
    figures = public_figures(campaign)
    context: dict[str, Any] = {"campaign": campaign, "figures": figures, "meter": meter.draw(campaign, figures)}
    context["languages"] = translating.progress(campaign)
    if campaign.tweet_action:
        context |= _action(campaign, campaign.tweet_action)
    return context


def _action(campaign: Campaign, action: TweetAction) -> dict[str, Any]:
    now = timezone.now()
    alive = samples.alive(action, moments.out_of_season(campaign, now)).count()
    unseen = responding.unseen(campaign)
    gaps = [span for query in action.queries.all() for span in volume.missing(query, now)]
    return {
        "unseen": unseen[:SHOWN],
        "more_unseen": max(len(unseen) - SHOWN, 0),
        "alive": alive,
        "too_few": alive < samples.FEW,
        "as_they_go_out": _as_they_go_out(campaign, action),
        "spent": budget.spent(action).quantize(Decimal("0.01")),
        "budget": action.budget,
        "given_up": [purpose.label for purpose in budget.given_up(action)] if campaign.is_live else [],
        "connected": asking.is_connected(),
        "candidates": Tweet.objects.candidates().filter(action=action).count(),
        "lost": Gap.objects.lost().filter(query__action=action),
        "gaps": gaps,
    }


def _as_they_go_out(campaign: Campaign, action: TweetAction) -> list[tuple[str, str]]:
    """(language, post) as X will get them: with a handle, and with the address where it belongs."""
    offered = list(samples.alive(action, moments.out_of_season(campaign, timezone.now())))
    read = random.sample(offered, min(READ, len(offered)))
    url = sourcing.url(campaign, "x")
    texts = ((sample, samples.compose(action, sample.text, samples.next_target(action, None))) for sample in read)
    return [(sample.language, NETWORKS["x"].whole(text, url if sample.has_link else "")) for sample, text in texts]
