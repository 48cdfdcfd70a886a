"""What a target posted becomes a response, in its exact words; staff then say which demand it moves."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actions.models import Tweet
from actions.models.posts import TweetQuerySet
from campaigns.models import Campaign, Response


def said(campaign: Campaign) -> TweetQuerySet:
    """What the targets of this campaign said, as far as X still has it, newest first."""
    action = campaign.tweet_action
    if action is None:
        return Tweet.objects.none()
    targets = Q(target=action.target_id) | Q(target__in=action.more_targets.order_by().values("pk"))
    rows = Tweet.objects.filter(targets, kind=Tweet.Kind.TARGET, gone_at=None, target__isnull=False)
    return rows.select_related("target")


def unseen(campaign: Campaign) -> TweetQuerySet:
    """What of it nobody on the staff has looked at."""
    return said(campaign).unseen()


def log(campaign: Campaign, tweet: Tweet) -> Response:
    """Makes a response of a post. A second call returns the same response; after its withdrawal, a new one."""
    assert tweet.target is not None
    with transaction.atomic():
        # One at a time: two people press the same button on a day like that.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        response = campaign.responses.standing().filter(link=tweet.url).first() or Response.objects.create(
            campaign=campaign,
            link=tweet.url,
            target=tweet.target,
            speaker=tweet.target.name,
            said_at=tweet.posted_at,
            where="X",
            words=tweet.text,
        )
        Tweet.objects.filter(pk=tweet.pk, seen_at=None).update(seen_at=timezone.now())
    return response
