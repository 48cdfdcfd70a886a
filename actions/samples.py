"""Which sample is shown next."""

from __future__ import annotations

import random

from actions.models import SampleTweet, TweetAction


def pick(action: TweetAction, language: str, but_not: int | None = None) -> SampleTweet | None:
    """Any sample in this language, else in any; another one than `but_not` where there is another one."""
    offered = list(action.samples.offered())
    pool = [sample for sample in offered if sample.language == language] or offered
    others = [sample for sample in pool if sample.pk != but_not] or pool
    return random.choice(others) if others else None
