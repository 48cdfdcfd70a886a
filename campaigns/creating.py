"""A new campaign, with the parts that it begins with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from actions import tracking
from actions.models import SampleTweet, Target, TweetAction
from campaigns.models import Campaign, Demand
from petitions.models import Petition


def create(
    campaign: Campaign,
    petition: Petition | None = None,
    action: TweetAction | None = None,
    target: Target | None = None,
    sample: SampleTweet | None = None,
    demands: Iterable[Demand] = (),
    by: User | None = None,
) -> Campaign:
    """Stores a draft and its parts, none of which were stored before. `target`, `sample`: of the tweet action; `by`: the first of its
    team.
    Raises IntegrityError where its slug is taken; then nothing is stored."""
    with transaction.atomic():
        if petition:
            petition.save()
        if action:
            _begin(action, target, sample, campaign.language)
        campaign.petition, campaign.tweet_action = petition, action
        campaign.save()
        for demand in demands:
            demand.campaign = campaign
            demand.save()
        if by:
            campaign.team.add(by)
    return campaign


def _begin(action: TweetAction, target: Target | None, sample: SampleTweet | None, language: str) -> None:
    if target:
        target.language = language
        target.save()
        action.target = target
    action.terms_wanted = True
    action.save()
    if sample:
        sample.action, sample.language = action, language
        sample.save()
    tracking.prepare(action, tracking.default_query(action))
