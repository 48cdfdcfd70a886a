"""A sample that did its part is offered no more, and once more when that was wrong."""

from __future__ import annotations

from actions.models import SampleTweet


def retire(sample: SampleTweet) -> None:
    """One that is put together would come back with the next save of its parts: it is vetoed."""
    _offer(sample, False)


def offer_again(sample: SampleTweet) -> None:
    _offer(sample, True)


def _offer(sample: SampleTweet, offered: bool) -> None:
    if sample.is_combined:
        sample.is_vetoed = not offered
        sample.save(update_fields=["is_vetoed"])
    else:
        sample.is_offered = offered
        sample.save(update_fields=["is_offered"])
