"""What staff see of a campaign at a glance: its figures, and all that wants a person."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from django.utils import timezone

from actions import asking, budget, samples, volume
from actions.models import Gap, SampleTweet, Tweet, TweetAction
from actions.networks import NETWORKS
from campaigns import moments, responding, sourcing
from campaigns.models import Campaign
from progress import meter
from progress.figures import public_figures

# So many posts of the targets at once; the others are a link away.
SHOWN = 3
# So many samples, by chance, as they are offered to visitors now.
READ = 10


def panel(campaign: Campaign) -> dict[str, Any]:
    """Returns the context of desk/panel.html."""
    figures, unseen = public_figures(campaign), list(responding.unseen(campaign)[: SHOWN + 1])
    return {
        "figures": figures,
        "meter": meter.draw(campaign, figures),
        "unseen": unseen[:SHOWN],
        "more_unseen": len(unseen) > SHOWN,
    }


def at_x(campaign: Campaign, action: TweetAction) -> dict[str, Any]:
    """Returns the context of desk/at_x.html."""
    now, month = timezone.now(), budget.month(action)
    offered = list(samples.alive(action, moments.out_of_season(campaign, now)))
    return {
        "alive": len(offered),
        "too_few": len(offered) < samples.FEW,
        "as_they_go_out": _as_they_go_out(campaign, action, offered),
        "spent": month.total.quantize(Decimal("0.01")),
        "budget": action.budget,
        "given_up": [purpose.label for purpose in budget.given_up(action, month)] if campaign.is_live else [],
        "connected": asking.is_connected(),
        "candidates": Tweet.objects.candidates().filter(action=action).count(),
        "lost": Gap.objects.lost().filter(query__action=action),
        "gaps": volume.missing_by_version(action, now),
    }


def _as_they_go_out(campaign: Campaign, action: TweetAction, offered: list[SampleTweet]) -> list[tuple[str, str]]:
    """(language, post) as X will get them: with a handle, and with the address where it belongs."""
    url, targets = sourcing.url(campaign, "x"), action.targets
    read = random.sample(offered, min(READ, len(offered)))
    addressed = ((sample, random.choice(targets) if targets else None) for sample in read)
    texts = ((sample, samples.compose(action, sample.text, target)) for sample, target in addressed)
    return [(sample.language, NETWORKS["x"].whole(text, url if sample.has_link else "")) for sample, text in texts]
