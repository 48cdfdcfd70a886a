"""Which sample is shown next, to whom it speaks, and how it reads then."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from actions.length import addressed
from actions.models import SampleTweet, Target, TweetAction
from actions.networks import Network
from core.kept import kept
from core.text import hashtags

# Below so many different texts a crowd sounds like one voice.
FEW = 20


@dataclass(frozen=True)
class Shown:
    sample: SampleTweet
    target: Target | None
    text: str


def alive(action: TweetAction, without: Collection[int] = ()) -> QuerySet[SampleTweet]:
    """What may be shown now; `without`: samples whose moment it is not."""
    return action.samples.offered().exclude(pk__in=without)


@kept
def known(action: int) -> dict[int, SampleTweet]:
    """{id: sample}: all of an action's, whatever became of them since somebody was shown one. A second old at most."""
    return SampleTweet.objects.filter(action=action).in_bulk()


@kept
def known_targets(action: int) -> dict[int, Target]:
    """{id: target}: all who are addressed. A second old at most."""
    return {target.pk: target for target in TweetAction.objects.get(pk=action).targets}


def pick(
    action: TweetAction,
    language: str,
    but_not: int | None = None,
    after: int | None = None,
    without: Collection[int] = (),
) -> Shown | None:
    """Any sample in this language, else in any; another one than `but_not` where there is another one. It speaks to the target
    after the one with id `after`, else to any."""
    offered = list(alive(action, without))
    pool = [sample for sample in offered if sample.language == language] or offered
    others = [sample for sample in pool if sample.pk != but_not] or pool
    if not others:
        return None
    sample, target = choose(others), next_target(action, after)
    return Shown(sample, target, compose(action, sample.text, target))


def choose(pool: list[SampleTweet]) -> SampleTweet:
    """Each is as likely as the next, so that no text floods: of n, none is shown much more often than once in n times."""
    return random.choice(pool)


def next_target(action: TweetAction, after: int | None) -> Target | None:
    targets = action.targets
    places = [place for place, target in enumerate(targets) if target.pk == after]
    if places:
        return targets[(places[0] + 1) % len(targets)]
    return random.choice(targets) if targets else None


def compose(action: TweetAction, text: str, target: Target | None) -> str:
    """As it is offered: with the handle of whoever is addressed, and without the hashtag as long as that is kept back."""
    text = addressed(text, f"@{target.x_handle}" if target else "")
    return without_hashtag(action, text) if action.hides_hashtag else " ".join(text.split(" "))


def known_as(target: Target, network: Network) -> str:
    """How a post on this network speaks to the target: by its handle there, else by its name."""
    handle = getattr(target, f"{network.slug}_handle", "")
    return f"@{handle}" if handle else str(target.translated.name)


def readdressed(text: str, target: Target | None, network: Network) -> str:
    """A post that speaks to the target at X, as it goes to this network. static/js/weigh.js does the same."""
    if target is None or network.slug == "x" or network.for_friends:
        return text
    handle = rf"(?<!\w)\.?@{re.escape(target.x_handle)}(?!\w)"
    return re.sub(handle, lambda _found: known_as(target, network), text, flags=re.ASCII | re.IGNORECASE)


def without_hashtag(action: TweetAction, text: str) -> str:
    """The text without the hashtag, and without the gap that it leaves."""
    return hashtags.without(text, action.hashtag)
