"""`python -m demo.seed`: loads the demo campaigns and the staff login into an empty database; a second run changes nothing."""

from __future__ import annotations

import io
import math
import os
import random
from datetime import UTC, date, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

from accounts.models import User  # noqa: E402
from actions import combining  # noqa: E402
from actions.models import SamplePart, Target, TrackingQuery, TweetAction, Volume  # noqa: E402
from campaigns import status, translating  # noqa: E402
from campaigns.models import (  # noqa: E402
    Campaign,
    Demand,
    KeyMoment,
    Outcome,
    PressImage,
    PressKit,
    Recap,
    Response,
    Source,
    Status,
    Update,
)
from core.crypto import ed25519  # noqa: E402
from core.drawing import pictures  # noqa: E402
from core.privacy.mailboxes import hashed  # noqa: E402
from demo import campaigns as data  # noqa: E402
from demo import dicing, night_bus, town_archive, translations  # noqa: E402
from petitions import consent, hourly, tally, voices  # noqa: E402
from petitions.models import Petition, Signature, Voice  # noqa: E402
from progress import hourly_figures  # noqa: E402

# Signatures and tweets a day, from 9 June 2011 on; the peak is the day of action.
BAHRAIN_SIGNATURES = [210, 260, 320, 480, 900, 2_350, 6_812, 2_430, 1_010, 560, 340, 240, 180, 140, 110, 80, 61]
BAHRAIN_TWEETS = [0, 0, 0, 0, 22, 310, 3_208, 540, 96, 31, 12, 8, 5, 3, 2, 1, 0]


@transaction.atomic
def main() -> None:
    """Loads the campaigns, once; prints the public keys that snapshots are signed with, as the site is to be told them."""
    if not Campaign.objects.exists():
        load()
    ed25519.current()
    print(f"SNAPSHOT_KEYS={ed25519.to_pin()}")


def load() -> None:
    # The same invented numbers every time.
    dice = random.Random(15_06_2011)
    staff()
    bahrain(dice)
    example(dice)
    night_bus.load(dice)
    town_archive.load(dice)
    tally.settle_all()
    for petition in Petition.objects.all():
        hourly.take(petition)
    for campaign in Campaign.objects.whole():
        hourly_figures.take(campaign)


def staff() -> None:
    user = User.objects.create_superuser("staff", data.STAFF, os.environ["DEMO_STAFF_PASSWORD"])
    EmailAddress.objects.create(user=user, email=data.STAFF, verified=True, primary=True)
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, os.environ["DEMO_TOTP_SECRET"])


def bahrain(dice: random.Random) -> None:
    target = Target.objects.create(
        name="US Department of State",
        x_handle="StateDept",
        reason="It speaks for the United States abroad, and decides who attends a trial for it.",
    )
    petition = Petition.objects.create(
        title="Bahrain: speak up, and be in the courtroom",
        text="To the US Department of State: respond in public to the trials of opposition figures in Bahrain, and send a high-level representative to them.",
        opens_at=datetime(2011, 6, 9, 12, tzinfo=UTC),
        closes_at=datetime(2011, 6, 30, 16, tzinfo=UTC),
    )
    action = TweetAction.objects.create(target=target, hashtag="Bahrain")
    campaign = Campaign.objects.create(
        slug=data.BAHRAIN,
        headline=".@StateDept, speak up on the trials in Bahrain and send someone to the courtroom. #Bahrain",
        goal_statement="The United States responds in public to the trials in Bahrain, and is seen in the courtroom.",
        signature_goal=20_000,
        tweet_goal=5_000,
        status=Status.CLOSED,
        time_zone="America/New_York",
        story=data.BAHRAIN_STORY,
        notice=data.BAHRAIN_NOTICE,
        organiser="Amnesty International USA (retold)",
        accent="red",
        petition=petition,
        tweet_action=action,
        launched_at=datetime(2011, 6, 9, 12, tzinfo=UTC),
        pledge_threshold=1_000,
        forecast=2_600,
    )
    answer = Demand.objects.create(
        campaign=campaign, position=1, title="A public response to the trials", since=date(2011, 6, 9)
    )
    Demand.objects.create(
        campaign=campaign, position=2, title="A high-level US representative at the trials", since=date(2011, 6, 9)
    )
    status.move_demand(
        Response.objects.create(
            campaign=campaign,
            target=target,
            speaker="Assistant Secretary Posner",
            said_at=datetime(2011, 6, 17, 18, tzinfo=UTC),
            where="in public",
            words="(The exact words are not kept in this demo. Reported: the State Department answered, and Assistant Secretary Posner spoke about the trials in public.)",
            demand=answer,
            outcome=Outcome.ANSWERED,
        )
    )
    moments = [
        (
            "The press release and blog posts with sample tweets go out",
            datetime(2011, 6, 14, 14, tzinfo=UTC),
            None,
            False,
        ),
        (
            "Everybody tweets at @StateDept",
            datetime(2011, 6, 15, 4, tzinfo=UTC),
            datetime(2011, 6, 16, 4, tzinfo=UTC),
            True,
        ),
        ("Assistant Secretary Posner answers in public", datetime(2011, 6, 17, 18, tzinfo=UTC), None, False),
    ]
    for title, starts_at, ends_at, day in moments:
        KeyMoment.objects.create(
            campaign=campaign, title=title, starts_at=starts_at, ends_at=ends_at, is_day_of_action=day
        )
    Update.objects.create(
        campaign=campaign,
        title="Today: tweet at @StateDept",
        published_at=datetime(2011, 6, 15, 12, tzinfo=UTC),
        text="Take a sample tweet, make it your own, and say it to the office that can act.",
    )
    Recap.objects.create(campaign=campaign, text=data.BAHRAIN_RECAP, published_at=datetime(2011, 6, 30, 16, tzinfo=UTC))
    bahrain_signatures(petition, dice)
    bahrain_tweets(action, dice)


def bahrain_signatures(petition: Petition, dice: random.Random) -> None:
    """As retention leaves them: they count, and who they were is forgotten."""
    words, rows = consent.current(), []
    for day, number in enumerate(BAHRAIN_SIGNATURES):
        for _ in range(number):
            moment = dicing.moment(petition.opens_at.date() + timedelta(days=day), dice)
            rows.append(
                Signature(
                    petition=petition,
                    country=dicing.country(dice),
                    signed_at=moment - timedelta(minutes=dice.randint(1, 50)),
                    confirmed_at=moment,
                    consent_text=words,
                    mailed_at=moment,
                    erased_at=petition.closes_at,
                )
            )
    Signature.objects.bulk_create(rows, batch_size=2_000)


def bahrain_tweets(action: TweetAction, dice: random.Random) -> None:
    since, fetched_at = datetime(2011, 6, 13, tzinfo=UTC), datetime(2011, 6, 26, 1, tzinfo=UTC)
    query = TrackingQuery.objects.create(
        action=action,
        version=1,
        query="#Bahrain @StateDept -is:retweet",
        since=since,
        until=datetime(2011, 6, 26, tzinfo=UTC),
        fetched_at=fetched_at,
    )
    hours: dict[datetime, int] = {}
    for day, number in enumerate(BAHRAIN_TWEETS):
        for _ in range(number):
            hour = dicing.moment(date(2011, 6, 9) + timedelta(days=day), dice).replace(minute=0, second=0)
            hours[hour] = hours.get(hour, 0) + 1
    Volume.objects.bulk_create(
        Volume(
            query=query,
            start=hour,
            end=hour + timedelta(hours=1),
            posts=hours.get(hour, 0),
            fetched_at=fetched_at,
        )
        for hour in (since + timedelta(hours=index) for index in range(13 * 24))
    )


def example(dice: random.Random) -> None:
    now = timezone.now().replace(microsecond=0)
    target = Target.objects.create(
        name="Ministry of Examples",
        x_handle=data.EXAMPLE.handle,
        bluesky_handle="ministry.example",
        email="office@ministry.example",
        is_fictional=True,
        reason="It ordered the report and alone decides whether it is published.",
    )
    petition = Petition.objects.create(
        title="Open the river report",
        text="To the Ministry of Examples: publish the report on the water of the Example River, whole and at once.",
        opens_at=now - timedelta(days=6),
    )
    action = TweetAction.objects.create(
        target=target,
        hashtag=data.EXAMPLE.hashtag,
        # The simulator is asked every five seconds, and takes play money.
        budget=99_999,
        advice="If posting under your name could harm you, signing is enough: nobody sees that you did, unless you ask for it.",
    )
    for language, parts in {"en": data.EXAMPLE_PARTS, **translations.PARTS}.items():
        for kind, texts in parts.items():
            for text in texts:
                whole = f"{text} #{action.hashtag}" if kind == "ask" else text
                SamplePart.objects.create(action=action, language=language, kind=kind, text=whole)
    combining.store(action)
    campaign = Campaign.objects.create(
        slug=data.EXAMPLE.slug,
        headline=translations.HEADLINE,
        goal_statement="The report on the water of the Example River is published, whole.",
        signature_goal=2_000,
        tweet_goal=5_000,
        status=Status.LIVE,
        time_zone="Europe/Madrid",
        story=data.EXAMPLE_STORY,
        notice=data.EXAMPLE_NOTICE,
        organiser="Example River Network (invented)",
        likely_countries="ES FR GB MA",
        accent="teal",
        petition=petition,
        tweet_action=action,
        launched_at=now - timedelta(days=6),
        pledge_threshold=100,
        forecast=412,
    )
    Demand.objects.create(
        campaign=campaign, position=1, title="Publish the report on the water of the Example River", since=now.date()
    )
    Demand.objects.create(
        campaign=campaign, position=2, title="Say in public by when the river is clean", since=now.date()
    )
    KeyMoment.objects.create(
        campaign=campaign,
        title="The report is handed to the ministry",
        starts_at=now - timedelta(days=90),
        place="Exampleton",
    )
    KeyMoment.objects.create(
        campaign=campaign,
        title="Everybody tweets at the ministry",
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=4),
        is_day_of_action=True,
    )
    KeyMoment.objects.create(
        campaign=campaign, title="The council debates the river", starts_at=now + timedelta(days=9), place="Exampleton"
    )
    Update.objects.create(
        campaign=campaign,
        title="The first thousand",
        text="More than a thousand of you have signed. The ministry has not said a word.",
        published_at=now - timedelta(days=1),
    )
    Source.objects.create(campaign=campaign, word="leaflet", note="The leaflet at the market of Exampleton")
    press(campaign)
    in_other_languages(campaign)
    example_signatures(petition, now, dice)
    status.apply(campaign)
    # The simulator's posts begin with it, so that the first poll has something to count.
    TrackingQuery.objects.filter(action=action).update(since=os.environ["DEMO_EPOCH"])


def in_other_languages(campaign: Campaign) -> None:
    for language, words in translations.WORDINGS.items():
        parts = translating.source_texts(campaign, language)
        wrong = translating.save(campaign, language, {part.key: words.get(part.original, "") for part in parts})
        assert not wrong, wrong


def press(campaign: Campaign) -> None:
    kit = PressKit.objects.create(
        campaign=campaign,
        text=data.EXAMPLE_RELEASE,
        facts=data.EXAMPLE_FACTS,
        contact="Press desk (invented): press@example.org",
    )
    picture = Image.new("RGB", (960, 540), "#dfe9ee")
    pen = ImageDraw.Draw(picture)
    for row in range(6):
        points = [(x, 230 + row * 46 + 16 * math.sin(x / 70 + row)) for x in range(0, 961, 8)]
        pen.line(points, fill=(20, 50 + row * 14, 79 + row * 12), width=13)
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    made = pictures.anew(drawn, len(drawn.getvalue()))
    PressImage.objects.create(
        kit=kit,
        content=made.content,
        width=made.width,
        height=made.height,
        alt="A drawing of a river: six blue waves",
        credit="Drawn for this demo",
    )


def example_signatures(petition: Petition, now: datetime, dice: random.Random) -> None:
    words, rows = consent.current(), []
    for number in range(1_240):
        moment = now - timedelta(seconds=int(dice.betavariate(1.2, 2) * 6 * 86_400))
        address = f"signer-{number}@example.org"
        rows.append(
            Signature(
                petition=petition,
                email=address,
                name=f"Invented Signer {number}",
                comment="",
                country=dicing.country(dice),
                **hashed(address),
                signed_at=moment - timedelta(minutes=3),
                confirmed_at=moment,
                mailed_at=moment - timedelta(minutes=2),
                consent_text=words,
            )
        )
    for row, (name, comment, _) in zip(rows, data.VOICES, strict=False):
        row.name, row.comment, row.show_name_at = name, comment, row.confirmed_at
    Signature.objects.bulk_create(rows, batch_size=2_000)
    moderated(rows, now)


def moderated(rows: list[Signature], now: datetime) -> None:
    by = User.objects.get(email=data.STAFF)
    for number, (row, (_, _, state)) in enumerate(zip(rows, data.VOICES, strict=False)):
        voices.offer(row)
        if state != Voice.State.WAITING:
            Voice.objects.filter(signature=row).update(
                state=state,
                reason=Voice.Reason.ADVERT if state == Voice.State.DECLINED else "",
                decided_by=by,
                decided_at=now - timedelta(hours=number),
            )


if __name__ == "__main__":
    main()
