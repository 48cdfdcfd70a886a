"""How a campaign stands, in sentences; and in the past when it is over."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import Campaign, Demand, KeyMoment, PressKit, Recap, Response
from petitions import tally
from progress import pace, sentences
from progress.figures import public_figures
from progress.tests.test_figures import matched
from progress.views.page import next_of
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)


def said(campaign, growth=None, moment=None):
    found = sentences.standing(campaign, public_figures(campaign), growth or pace.Growth(), moment)
    return [Html(f"<p>{one}</p>").text for one in found]


def many(campaign, number):
    factories.signatures(campaign.petition, number)
    tally.settle_all()


def test_how_far_since_when_what_was_said_and_what_comes_next():
    with time_machine.travel(NOW, tick=False):
        live = factories.campaign(signature_goal=2_000, tweet_goal=5_000, launched_at=NOW - timedelta(days=6))
        many(live, 1_244)
        matched(live, 2_382)
        day = factories.day_of_action(live, starts_at=NOW + timedelta(days=3))
        growth = pace.Growth(since_yesterday=pace.Since(262, NOW - timedelta(days=1)))
        assert said(live, growth, day) == [
            "1,244 of 2,000 people have signed, 262 since yesterday.",
            "2,382 of 5,000 posts.",
            "Ministry of Examples has been silent for 6 days, since 19 November.",
            "Day of action: Saturday.",
        ]


@pytest.mark.parametrize(
    ("number", "new", "wanted"),
    [
        (0, 0, "Nobody has signed yet; the goal is 100."),
        (1, 0, "1 of 100 people has signed."),
        (99, 7, "99 of 100 people have signed, 7 since yesterday."),
        (100, 0, "100 people have signed. We reached the goal of 100."),
        (123, 9, "123 people have signed, 9 since yesterday. We reached the goal of 100."),
    ],
)
def test_signatures(live, number, new, wanted):
    many(live, number)
    since = pace.Since(new, timezone.now()) if new else None
    assert said(live, pace.Growth(since_yesterday=since))[0] == wanted


@pytest.mark.parametrize(
    ("posts", "wanted"),
    [
        (None, "We do not know yet how many posts there are."),
        (1, "1 of 50 posts."),
        (50, "50 posts. We reached the goal of 50."),
    ],
)
def test_posts(live, posts, wanted):
    if posts is not None:
        matched(live, posts)
    assert said(live)[1] == wanted


@pytest.mark.parametrize(
    ("launched", "answered", "wanted"),
    [
        (0, None, None),
        (1, None, "Ministry of Examples has been silent for 1 day, since 24 November."),
        (360, None, "Ministry of Examples has been silent for 360 days, since 30 November 2025."),
        (6, 2, "The last answer came 2 days ago."),
        (6, 0, "An answer came today."),
    ],
)
def test_the_silence_of_the_target(live, launched, answered, wanted):
    with time_machine.travel(NOW, tick=False):
        live.launched_at = NOW - timedelta(days=launched)
        if answered is not None:
            at = NOW - timedelta(days=answered)
            Response.objects.create(campaign=live, speaker="Council", where="x", words="x", said_at=at)
        assert said(live)[2:] == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("hours", "is_day", "wanted"),
    [
        (-1, True, "Today is the day of action."),
        (6 * 24, True, "Day of action: Tuesday."),
        (7 * 24, True, "Day of action: 2 December 2026."),
        (14, True, "Day of action: Thursday."),
        (9 * 24, False, "Next: The council debates, 4 December 2026."),
    ],
)
def test_what_comes_next(live, hours, is_day, wanted):
    live.time_zone = "Asia/Tokyo"
    with time_machine.travel(NOW, tick=False):
        starts_at = NOW + timedelta(hours=hours)
        moment = KeyMoment(campaign=live, title="The council debates", starts_at=starts_at, is_day_of_action=is_day)
        assert said(live, None, moment)[-1] == wanted


def test_a_day_of_action_comes_before_what_comes_sooner(live):
    with time_machine.travel(NOW, tick=False):
        sooner, later, over = (
            KeyMoment(campaign=live, title="x", starts_at=NOW + timedelta(days=days), is_day_of_action=is_day)
            for days, is_day in ((1, False), (5, True), (-2, True))
        )
        assert next_of([sooner, later, over]) is later
        assert next_of([sooner, over]) is sooner
        assert next_of([over]) is None
        over.starts_at = NOW - timedelta(hours=23)
        assert next_of([sooner, later, over]) is over


def test_where_totals_come_in_steps_nobody_is_not_said():
    campaign = factories.campaign(safety="high")
    assert said(campaign)[0] == "Fewer than 10 people have signed; the goal is 100."


# When it is over.


@pytest.fixture
def over(live):
    """Half of it reached, answered once, and over; a day of action that was planned for later."""
    many(live, 83)
    matched(live, 60)
    Response.objects.create(campaign=live, speaker="Council", where="x", words="x")
    factories.day_of_action(live)
    Recap.objects.create(campaign=live, text="How it went", published_at=timezone.now())
    Campaign.objects.update(status="closed")
    return Campaign.objects.whole().get()


def test_a_closed_campaign_is_told_of_in_the_past(over):
    assert said(over) == [
        "83 of 100 people signed: the goal was not met.",
        "60 posts: the goal of 50 was met.",
        "1 answer came from the target.",
    ]


def test_nobody_answered_and_nothing_was_counted(live):
    live.status = "closed"
    assert said(live)[1:] == ["We never knew how many posts there were.", "Ministry of Examples never answered."]


@pytest.mark.parametrize("path", ["", "progress/", "embed/", "recap/", "home"])
def test_no_page_of_a_closed_campaign_looks_ahead(client, over, path):
    page = Html(client.get("/" if path == "home" else f"/c/{over.slug}/{path}"))
    text = page.one(".meter").text
    assert "83 signatures 83% of 100: not met." in text
    assert "60 tweets 120% of 50: the goal was met." in text
    for words in ("Next milestone", "ahead", "day of action."):
        assert words not in page.one("main").text, words
    assert page.find("[data-live]") == page.find(".mark") == page.find(".rope ~ .along") == []
    assert "Over, and not won" in page.text


@pytest.mark.parametrize("path", ["pass-on/", "press/"])
def test_what_others_take_on_does_not_look_ahead_either(client, over, path):
    PressKit.objects.create(campaign=over, text="x", contact="x", embargo_until=timezone.now())
    main = Html(client.get(f"/c/{over.slug}/{path}")).one("main").text
    assert "All numbers, and how we count them" in main
    for words in ("What happens next", "calendar", "is going", "taking part", over.moments.get().title):
        assert words not in main, words


def test_the_caption_of_the_posts_is_what_is_asked_of_x(client, live):
    matched(live, 12)
    caption = "Public posts matching #OpenTheRiverReport @xmpl_ministry -is:retweet, by anyone, for or against, reposts excluded."
    for path in ("/", f"/c/{live.slug}/", f"/c/{live.slug}/progress/", f"/c/{live.slug}/embed/"):
        assert caption in Html(client.get(path)).one(".meter").text, path
    live.tweet_action.hashtag_from = timezone.now() + timedelta(days=1)
    live.tweet_action.save()
    page = Html(client.get(f"/c/{live.slug}/progress/")).text
    assert "Public posts matching the query, by anyone, for or against, reposts excluded." in page
    assert "#OpenTheRiverReport @" not in page


def test_a_live_one_has_its_ticks_with_their_numbers(client, live):
    many(live, 83)
    matched(live, 12)
    page = Html(client.get(f"/c/{live.slug}/progress/"))
    assert page.texts(".meter > .along") == ["90", "15"]
    assert page.values(".meter > .along text", "x") == ["88.78%", "30.61%"]
    mirrored = Html(client.get(f"/ar/c/{live.slug}/progress/"))
    assert mirrored.values(".meter > .along text", "x") == ["11.22%", "69.39%"]


def test_a_closed_campaign_without_demands_says_that_it_is_over(client, over):
    Demand.objects.all().delete()
    assert "This campaign is over." in client.get(f"/c/{over.slug}/").content.decode()


def test_the_recap_begins_with_the_outcome_and_ends_with_thanks(client, over):
    page = Html(client.get(f"/c/{over.slug}/recap/"))
    order = [page.text.find(words) for words in ("Over, and not won", "83 signatures", "How it went", "Thank you")]
    assert order == sorted(order)
    last = page.find("main section")[-1]
    assert last.text == (
        "Thank you 83 people put their names to this. Thank you, and everybody who posted, wrote and passed it on."
    )


def test_the_campaigns_day_is_its_own(live):
    """Late on a Friday in Lima it is Saturday in UTC."""
    live.time_zone = "America/Lima"
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        starts_at = datetime(2026, 11, 20, 22, tzinfo=ZoneInfo("America/Lima"))
        moment = KeyMoment(campaign=live, title="x", starts_at=starts_at, is_day_of_action=True)
        assert said(live, None, moment)[-1] == "Day of action: Friday."
