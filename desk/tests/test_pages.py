"""Each page of a campaign is small, however much the campaign has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Contamination, SampleTweet, Tweet
from campaigns.models import (
    Campaign,
    Demand,
    KeyMoment,
    PressImage,
    PressKit,
    Recap,
    RecapEntry,
    Response,
    Source,
    Update,
)
from desk.tests.test_campaign_page import page_of, place
from tests.html import Html

pytestmark = pytest.mark.django_db
QUERIES, BYTES, FIELDS = 25, 150_000, 120
# Of `change` once the parts of the tweet action have their own pages.
SMALL = [
    "change",
    "petition",
    "action",
    "target",
    "texts",
    "parts",
    "x",
    "timeline",
    "afterwards",
    "press",
    "safety",
    "moment",
    "update",
    "response",
    "recap",
]


# Of what a campaign has many of one; and of what it has once, with parts of its own.
PARTS = {
    "a moment": lambda live: page_of(live.moments.first()),
    "a mailed update": lambda live: page_of(live.updates.first()),
    "a response": lambda live: page_of(live.responses.first()),
    "the recap with its entries": lambda live: page_of(live.recap),
    "the press kit with its pictures": lambda live: page_of(live.press_kit),
}


def fill(campaign, number):
    """So many rows of each kind that a campaign has."""
    now, action = timezone.now(), campaign.tweet_action
    Demand.objects.bulk_create(Demand(campaign=campaign, title=f"Demand {n}") for n in range(number))
    KeyMoment.objects.bulk_create(KeyMoment(campaign=campaign, title=f"Day {n}", starts_at=now) for n in range(number))
    Update.objects.bulk_create(
        Update(campaign=campaign, title=f"News {n}", text="x" * 500, published_at=now) for n in range(number)
    )
    demand = campaign.demands.first()
    said = {"campaign": campaign, "where": "x", "words": "x" * 500, "demand": demand, "outcome": "promised"}
    answers = Response.objects.bulk_create(Response(**said, speaker=f"Minister {n}") for n in range(number))
    Source.objects.bulk_create(Source(campaign=campaign, word=f"word-{number}-{n}") for n in range(number))
    kit, recap = (model.objects.get_or_create(campaign=campaign)[0] for model in (PressKit, Recap))
    RecapEntry.objects.bulk_create(RecapEntry(recap=recap, position=n, response=one) for n, one in enumerate(answers))
    PressImage.objects.bulk_create(
        PressImage(kit=kit, content=b"x", width=1, height=1, alt="x", credit="x") for _ in range(number)
    )
    SampleTweet.objects.bulk_create(SampleTweet(action=action, text=f"{number} of {n}") for n in range(number))
    Contamination.objects.bulk_create(
        Contamination(action=action, start=now, end=now + timezone.timedelta(hours=1), reason="x")
        for _ in range(number)
    )
    posts = {"action": action, "posted_at": now, "text": "x" * 200}
    first = (Tweet.objects.count() + 1) * 1000
    Tweet.objects.bulk_create(
        Tweet(
            **posts, post_id=first + n, root_id=first + n, kind=kind, target=action.target if kind == "target" else None
        )
        for n, kind in enumerate(["target", "matching"] * number)
    )


@pytest.mark.parametrize("name", [*SMALL, *PARTS])
def test_a_page_is_small_whatever_the_campaign_has(staff, live, name):
    asked = []
    for number in (3, 27, 270):
        fill(live, number)
        where = PARTS[name](live) if name in PARTS else place(live, name)
        with CaptureQueriesContext(connection) as captured:
            answer = staff.get(where)
        assert answer.status_code == 200
        assert len(answer.content) < BYTES
        assert len(Html(answer).find("input, select, textarea")) < FIELDS
        asked.append(len(captured))
    assert max(asked) < QUERIES


@pytest.mark.parametrize("name", ["change", "petition", "press", "safety", "moment", "update", "response", "recap"])
def test_a_draft_that_lacks_everything_has_pages_with_a_way_to_save(staff, name):
    bare = Campaign.objects.create(slug="bare", headline="Bare", goal_statement="x", organiser="x")
    page = staff.get(place(bare, name))
    assert page.status_code == 200
    assert Html(page).find("button[name=_save]")
