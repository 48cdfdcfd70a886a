"""An invented campaign that was won: short, local, and over."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.utils import timezone

from actions.models import Target, TrackingQuery, TweetAction, Volume
from campaigns import status
from campaigns.models import Campaign, Demand, KeyMoment, Outcome, Recap, Response, Status
from demo import dicing
from petitions import consent
from petitions.models import Petition, Signature

SLUG = "keep-the-night-bus"
SIGNATURES = [14, 22, 31, 45, 88, 124, 171, 66, 40, 28, 17, 9]
TWEETS = [0, 3, 5, 11, 34, 140, 96, 21, 9, 4, 2, 1]
NOTICE = "**Everything in this campaign is invented:** the board, the bus, the people and their posts."
STORY = """\
The night bus takes nurses, bakers and cleaners home. In spring the Transport Board put an end to it on its list of savings, on page 40.

The board votes in public. It can take one line off that list.
"""
RECAP = """\
## Seven days
People wrote who rides the bus at three in the morning, and where to. On the day before the vote they said it to the board, all at once.

## What was decided
The line is off the list. The night bus runs on, every hour until five.
"""


def load(dice: random.Random) -> None:
    """Over for three weeks."""
    begun = (timezone.now() - timedelta(days=33)).replace(hour=6, minute=0, second=0, microsecond=0)
    over = begun + timedelta(days=len(SIGNATURES))
    target = Target.objects.create(
        name="Transport Board of Exampleton",
        x_handle="xmpl_transport",
        is_fictional=True,
        reason="Its members vote on every line and every timetable.",
    )
    petition = Petition.objects.create(
        title="Keep the night bus",
        text="To the Transport Board of Exampleton: take the night bus off the list of savings.",
        opens_at=begun,
        closes_at=over,
    )
    action = TweetAction.objects.create(target=target, hashtag="KeepTheNightBus")
    campaign = Campaign.objects.create(
        slug=SLUG,
        headline="Who gets the nurses home, @xmpl_transport? #KeepTheNightBus",
        goal_statement="The night bus of Exampleton runs on.",
        signature_goal=500,
        tweet_goal=250,
        status=Status.CLOSED,
        time_zone="Europe/Madrid",
        story=STORY,
        notice=NOTICE,
        organiser="Night Shift Exampleton (invented)",
        accent="blue",
        petition=petition,
        tweet_action=action,
        launched_at=begun,
    )
    demand = Demand.objects.create(campaign=campaign, position=1, title="The night bus runs on", since=begun.date())
    vote = begun + timedelta(days=7, hours=12)
    KeyMoment.objects.create(
        campaign=campaign,
        title="Everybody says who rides the bus",
        starts_at=begun + timedelta(days=5),
        ends_at=begun + timedelta(days=6),
        is_day_of_action=True,
    )
    KeyMoment.objects.create(campaign=campaign, title="The board votes", starts_at=vote, place="Town hall")
    status.move_demand(
        Response.objects.create(
            campaign=campaign,
            target=target,
            speaker="The chair of the board",
            said_at=vote + timedelta(hours=1),
            where="after the vote, in the town hall",
            words="We have heard from more people about this line than about all the others together. It stays.",
            demand=demand,
            outcome=Outcome.MET,
        )
    )
    Recap.objects.create(campaign=campaign, text=RECAP, published_at=over)
    _signatures(petition, begun, dice)
    _tweets(action, begun, dice)


def _signatures(petition: Petition, begun: datetime, dice: random.Random) -> None:
    words, rows = consent.current(), []
    for day, number in enumerate(SIGNATURES):
        for _ in range(number):
            moment = begun + timedelta(days=day, minutes=dice.randrange(18 * 60))
            rows.append(
                Signature(
                    petition=petition,
                    country="ES" if dice.random() < 0.9 else dicing.country(dice),
                    signed_at=moment - timedelta(minutes=4),
                    confirmed_at=moment,
                    consent_text=words,
                    mailed_at=moment,
                    erased_at=timezone.now(),
                )
            )
    Signature.objects.bulk_create(rows)


def _tweets(action: TweetAction, begun: datetime, dice: random.Random) -> None:
    until = begun + timedelta(days=len(TWEETS))
    query = TrackingQuery.objects.create(
        action=action, version=1, query="#KeepTheNightBus -is:retweet", since=begun, until=until, fetched_at=until
    )
    hours: dict[datetime, int] = {}
    for day, number in enumerate(TWEETS):
        for _ in range(number):
            hour = begun + timedelta(days=day, hours=dice.randrange(18))
            hours[hour] = hours.get(hour, 0) + 1
    Volume.objects.bulk_create(
        Volume(query=query, start=hour, end=hour + timedelta(hours=1), posts=hours.get(hour, 0), fetched_at=until)
        for hour in (begun + timedelta(hours=number) for number in range(len(TWEETS) * 24))
    )
