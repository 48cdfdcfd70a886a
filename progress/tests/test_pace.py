"""How fast a strand grows, and when its goal falls if that lasts: exact, and silent where it can't be said."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from actions.models import Volume
from campaigns.models import Campaign
from petitions.disclosure import Span
from petitions.models import Tally, ToldSpan
from progress import pace
from progress.pace import Pace, Since
from tests import factories
from tests.html import Html

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 6, 8, tzinfo=UTC)
NOW = START + 7 * DAY + timedelta(hours=9)
TODAY = date(2026, 6, 15)


def days(*numbers, start=START):
    return [(start + at * DAY, start + (at + 1) * DAY, number) for at, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "left", "wanted"),
    [
        # The four best bring 10 a day, the four worst 5: two and four days, rounded up.
        ([10, 10, 10, 10, 5, 5, 0], 20, (7, 7, 2, 4)),
        ([10, 10, 10, 10, 5, 5, 0], 21, (7, 7, 3, 5)),
        ([6] * 7, 6, (6, 7, 1, 1)),
        ([6] * 7, 7, (6, 7, 2, 2)),
        # Twelve weeks ahead and not a day more.
        ([1] * 7, 84, (1, 7, 84, 84)),
        ([1] * 7, 85, (1, 7, None, None)),
        # Four days without anybody: the worst half never gets there.
        ([0, 9, 0, 9, 0, 9, 0], 5, (4, 7, None, None)),
        # Half a day more is one more, rounded.
        ([1, 2, 1, 2], 100, (2, 4, None, None)),
        ([5, 5, 6], 100, (5, 3, None, None)),
        # Reached.
        ([6] * 7, 0, (6, 7, None, None)),
        ([6] * 7, -9, (6, 7, None, None)),
        # Older than seven days is not looked at.
        ([900, 6, 6, 6, 6, 6, 6, 6], 6, (6, 7, 1, 1)),
    ],
)
def test_the_mean_of_seven_days_and_a_range_of_its_two_halves(numbers, left, wanted):
    rows = days(*numbers, start=START + (7 - len(numbers)) * DAY)
    per_day, many, near, far = wanted
    ends = [None if ahead is None else TODAY + ahead * DAY for ahead in (near, far)]
    assert pace.of(rows, left, TODAY, NOW) == Pace(per_day, many, START + 7 * DAY, *ends)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        days(9, 9, start=START + 5 * DAY),
        days(0, 0, 0, 0, 0, 0, 1),
        days(9, 9, 9, 9, 9, 9, None),
        days(9, 9, 9, 9, None, 9, 9),
        days(9, 9, 9, 9, 9),
    ],
    ids=["nothing", "two days", "next to nothing", "not asked", "a gap", "old"],
)
def test_where_nothing_can_be_said_nothing_is(rows):
    now = NOW if rows and rows[-1][1] == START + 7 * DAY else NOW + 3 * HOUR
    assert pace.of(rows, 100, TODAY, now) is None


def test_days_that_are_told_together_give_a_pace_and_no_range():
    rows = [*days(5, 6, 7, 6), (START + 4 * DAY, START + 7 * DAY, 8)]
    assert pace.of(rows, 10, TODAY, NOW) == Pace(5, 7, START + 7 * DAY)


@pytest.mark.parametrize(("hours", "is_said"), [(48, True), (49, False)])
def test_the_newest_day_ended_two_days_ago_at_most(hours, is_said):
    assert (pace.of(days(*[6] * 7), 10, TODAY, START + 7 * DAY + hours * HOUR) is not None) == is_said


def test_the_day_of_the_launch_is_no_whole_day():
    assert pace._after(days(2, 9), START + HOUR) == days(9, start=START + DAY)
    assert pace._after(days(2, 9), START) == days(2, 9)


def spans(*rows):
    return [Span(START + first * HOUR, START + last * HOUR, number) for first, last, number in rows]


@pytest.mark.parametrize(
    ("rows", "zone", "now", "wanted"),
    [
        # A day ago to the hour.
        ([(0, 9, 50), (9, 10, 6), (10, 24, 7), (24, 33, 9)], "UTC", 34.5, Since(16, START + 10 * HOUR)),
        # Hours that are told together are not cut: the nearest end of theirs.
        ([(0, 9, 50), (9, 12, 6), (12, 24, 7), (24, 33, 9)], "UTC", 34.5, Since(22, START + 9 * HOUR)),
        ([(0, 8, 50), (8, 11, 6), (11, 24, 7), (24, 33, 9)], "UTC", 34.5, Since(16, START + 11 * HOUR)),
        # Between spans nobody came: any hour there will do.
        ([(0, 5, 50), (24, 33, 9)], "UTC", 34.5, Since(9, START + 10 * HOUR)),
        # All that is told came since: it says nothing.
        ([(12, 33, 50)], "UTC", 34.5, None),
        # Nobody since.
        ([(0, 5, 50)], "UTC", 34.5, None),
        # Told together across the whole of yesterday.
        ([(-30, -1, 9), (-1, 25, 50), (25, 33, 9)], "UTC", 34.5, None),
        # Yesterday is that of the campaign: there it is still the day before.
        ([(-30, 3, 9), (3, 24, 50), (24, 27, 9)], "America/New_York", 27.5, Since(59, START + 3 * HOUR)),
        ([(-30, 5, 9), (5, 24, 50), (24, 27, 9)], "America/New_York", 27.5, None),
        ([], "UTC", 34.5, None),
    ],
)
def test_since_yesterday_is_told_of_whole_spans(rows, zone, now, wanted):
    assert pace.since(spans(*rows), ZoneInfo(zone), START + now * HOUR) == wanted


@pytest.fixture
def growing(db):
    """Signed and tweeted for nine days by the hour, as it is told."""
    with time_machine.travel(NOW + DAY, tick=False):
        made = factories.campaign(launched_at=START - 30 * HOUR, signature_goal=1_000, tweet_goal=3_000)
        until = START + 8 * DAY + 8 * HOUR
        petition, query = made.petition, made.tweet_action.queries.get()
        for at in range(0, 8 * 24 + 6, 6):
            start, number = START + at * HOUR, 5 + at % 24
            Tally.objects.create(petition=petition, start=start, country="ES", signatures=number)
            ToldSpan.objects.create(petition=petition, start=start, end=start + 6 * HOUR, signatures=number)
        petition.told_until = START + 8 * DAY + 6 * HOUR
        petition.save()
        hours = [START + at * HOUR for at in range(8 * 24 + 8)]
        Volume.objects.bulk_create(
            Volume(query=query, start=hour, end=hour + HOUR, posts=10, fetched_at=until) for hour in hours
        )
        query.fetched_at = until
        query.save()
        yield Campaign.objects.whole().get(pk=made.pk)


def test_the_page_says_how_fast_and_by_when(client, growing):
    page = Html(client.get(f"/c/{growing.slug}/progress/"))
    # Spans of 5, 11, 17 and 23 a day are 56; 453 are told of 1,000; 547 are 9.8 days.
    assert page.texts(".paces li") == [
        "56 signatures a day. At this pace, we reach the goal on 26 June 2026.",
        "240 tweets a day. At this pace, we reach the goal on 21 June 2026.",
    ]
    assert "453 of 1,000 people have signed, 56 since yesterday." in page.one(".standing").text
    rows = list(csv.reader(io.StringIO(client.get(f"/c/{growing.slug}/figures.csv").content.decode("utf-8-sig"))))
    told = {row[0]: row[1] for row in rows}
    assert (told["signatures.per_day"], told["tweets.per_day"]) == ("56", "240")
    assert "The mean of the last seven whole days" in page.text


def test_a_campaign_that_is_over_has_no_pace(client, growing):
    Campaign.objects.update(status="closed")
    page = Html(client.get(f"/c/{growing.slug}/progress/"))
    assert page.find(".paces") == []
    assert not any("a day" in label for label in page.texts("dl.facts dt"))


def test_where_totals_come_in_steps_only_posts_have_a_pace(client, growing):
    Campaign.objects.update(safety="high")
    page = Html(client.get(f"/c/{growing.slug}/progress/"))
    assert [text.split(".")[0] for text in page.texts(".paces li")] == ["240 tweets a day"]
    assert "since yesterday" not in page.text
