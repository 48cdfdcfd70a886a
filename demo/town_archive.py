"""An invented campaign that is still to begin: it goes ahead once enough people have said that they will take part."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from actions import combining
from actions.models import SamplePart, Target, TweetAction
from campaigns.models import Campaign, Demand, KeyMoment, Pledge, Status
from core.privacy.mailboxes import hashed
from petitions import consent
from petitions.models import Petition

SLUG, THRESHOLD, PLEDGED = "open-the-town-archive", 150, 84
NOTICE = "**Everything in this campaign is invented:** the archive, the town and its people."
STORY = """\
Whoever wants to see the papers of the old harbour fills in a form, and waits for a year. The archive says that it has no reading room. It has one: it is full of chairs.

If enough of us take part, we ask on the day on which the town council sits.
"""
PARTS = {
    "opening": ["My grandmother worked in that harbour.", "I teach history in this town.", "I have asked twice."],
    "fact": ["The papers are in boxes, in a dry room.", "A request takes a year."],
    "ask": ["{target}, please open the reading room.", "When can we come and read, {target}?"],
}


def load(dice: random.Random) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    target = Target.objects.create(
        name="Town Archive of Exampleton",
        x_handle="xmpl_archive",
        is_fictional=True,
        reason="It decides itself who may read there, and when.",
    )
    action = TweetAction.objects.create(target=target, hashtag="OpenTheTownArchive")
    for kind, texts in PARTS.items():
        for text in texts:
            whole = f"{text} #{action.hashtag}" if kind == "ask" else text
            SamplePart.objects.create(action=action, language="en", kind=kind, text=whole)
    combining.store(action)
    campaign = Campaign.objects.create(
        slug=SLUG,
        headline="A reading room full of chairs: open it, @xmpl_archive! #OpenTheTownArchive",
        goal_statement="Whoever wants to read the papers of the old harbour can do so within a week.",
        signature_goal=1_000,
        tweet_goal=600,
        status=Status.INTEREST,
        time_zone="Europe/Madrid",
        story=STORY,
        notice=NOTICE,
        organiser="Harbour History Group (invented)",
        accent="violet",
        petition=Petition.objects.create(
            title="Open the town archive",
            text="To the Town Archive of Exampleton: open the reading room, and answer requests within a week.",
            opens_at=now + timedelta(days=12),
        ),
        tweet_action=action,
        pledge_threshold=THRESHOLD,
    )
    Demand.objects.create(campaign=campaign, position=1, title="The reading room is open", since=now.date())
    KeyMoment.objects.create(
        campaign=campaign,
        title="The town council sits, and everybody asks",
        starts_at=now + timedelta(days=12),
        ends_at=now + timedelta(days=13),
        is_day_of_action=True,
    )
    _pledges(campaign, dice)


def _pledges(campaign: Campaign, dice: random.Random) -> None:
    words, now = consent.current(consent.PLEDGING), timezone.now()
    rows = []
    for number in range(PLEDGED):
        address, moment = f"pledger-{number}@example.org", now - timedelta(minutes=dice.randrange(120, 9_000))
        rows.append(
            Pledge(
                campaign=campaign,
                email=address,
                **hashed(address),
                pledged_at=moment - timedelta(minutes=4),
                mailed_at=moment - timedelta(minutes=3),
                confirmed_at=moment,
                consent_text=words,
            )
        )
    Pledge.objects.bulk_create(rows)
