"""Every figure, exactly."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from actions import opening
from actions.models import Volume
from campaigns.models import Campaign, Demand, Outcome, Response, Status
from petitions import tally, tasks
from progress.figures import PublicFigures, Strand, public_figures
from tests import factories

pytestmark = pytest.mark.django_db


def matched(campaign, posts, hours_ago=1):
    query, now = campaign.tweet_action.queries.get(), timezone.now()
    start = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    Volume.objects.create(query=query, start=start, end=start + timedelta(hours=1), posts=posts, fetched_at=now)
    query.fetched_at = now
    query.save()


def signed(campaign, number):
    for _ in range(number):
        factories.signature(campaign.petition)
    tally.settle_all()


def figures(signatures, tweets):
    return PublicFigures(
        as_of=timezone.now(), signatures=signatures, tweets=tweets, pending=None, under_review=None, removed=None, hourly_as_of=None, opened=None,
        matching_as_of=None, linked=None, verified=None, is_connected=True, pledged=None, demands=[], responses=0, days_without_response=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("signatures", "tweets", "percent"),
    [
        (Strand(0, 100), Strand(0, 50), 0),
        (Strand(50, 100), Strand(50, 50), 75),
        (Strand(50, 100), Strand(500, 50), 75),
        (Strand(1, 3), Strand(1, 3), 33),
        (Strand(2, 3), Strand(1, 3), 50),
        (Strand(199, 200), Strand(50, 50), 99),
        (Strand(100, 100), Strand(50, 50), 100),
        (Strand(300, 100), None, 100),
        (Strand(33, 100), None, 33),
        (None, Strand(1, 8), 12),
        (Strand(50, 100), Strand(None, 50), None),
        (None, Strand(None, 50), None),
        (None, None, None),
    ],
)
def test_percent_is_the_mean_of_the_strands_capped_and_floored(signatures, tweets, percent):
    assert figures(signatures, tweets).percent == percent


@pytest.mark.parametrize(
    ("count", "percent", "next_mark"),
    [
        (0, 0, 1_000),
        (999, 9, 1_000),
        (1_000, 10, 2_000),
        (9_999, 99, 10_000),
        (10_000, 100, 10_000),
        (25_000, 250, 10_000),
    ],
)
def test_a_strand(count, percent, next_mark):
    assert (Strand(count, 10_000).percent, Strand(count, 10_000).next_mark) == (percent, next_mark)


def test_an_unknown_strand_is_unknown_not_zero():
    assert Strand(None, 10).percent is None
    assert Strand(None, 10).share is None


def test_progress_json_has_the_promised_shape(client, live):
    signed(live, 3)
    matched(live, 20)
    opening.record(live.tweet_action, None, "x", b"a")
    opening.settle()
    tasks.hourly.take(live.petition)
    data = client.get(f"/c/{live.slug}/progress.json").json()
    assert data.pop("as_of") == data["signatures"].pop("confirmed_as_of") == data["tweets"].pop("taken_part_as_of")
    assert data["tweets"].pop("matching_as_of")
    assert data["signatures"].pop("hourly_as_of")
    assert data == {
        "campaign": live.slug,
        "paused": [],
        "status": "live",
        "goal": {"statement": "The report is public.", "percent": 21},
        "signatures": {
            "confirmed": 3,
            "pending": 0,
            "under_review": 0,
            "removed": 0,
            "paper": 0,
            "goal": 100,
            "percent": 3,
        },
        "tweets": {"opened": 1, "matching": 20, "linked": 0, "verified": 0, "goal": 50, "percent": 40},
        "demands": [{"title": "Publish the report", "outcome": "open", "since": timezone.localdate().isoformat()}],
        "responses": 0,
        "days_without_response": 2,
    }


def test_what_nobody_knows_is_null(client, live):
    data = client.get(f"/c/{live.slug}/progress.json").json()
    assert data["goal"]["percent"] is None
    assert data["tweets"]["matching"] is data["tweets"]["percent"] is data["tweets"]["matching_as_of"] is None
    assert data["signatures"]["pending"] is None
    assert data["signatures"]["confirmed"] == 0


@pytest.mark.parametrize("strand", ["petition", "tweet_action"])
def test_a_campaign_with_one_strand(client, strand):
    campaign = factories.campaign(**{strand: None})
    if strand == "tweet_action":
        signed(campaign, 10)
        assert client.get(f"/c/{campaign.slug}/progress.json").json()["goal"]["percent"] == 10
    else:
        matched(campaign, 10)
        assert client.get(f"/c/{campaign.slug}/progress.json").json()["goal"]["percent"] == 20
    assert client.get(f"/c/{campaign.slug}/progress/").status_code == 200
    assert client.get(f"/c/{campaign.slug}/").status_code == 200
    assert client.get("/").status_code == 200


def test_anybody_may_read_the_data(client, live):
    response = client.get(f"/c/{live.slug}/progress.json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=3"
    assert client.post(f"/c/{live.slug}/progress.json").status_code == 405


def test_the_number_of_queries_does_not_grow(live, django_assert_num_queries):
    for rows in (3, 30):
        signed(live, rows)
        matched(live, 1, hours_ago=rows)
        for number in range(rows):
            Response.objects.create(campaign=live, speaker=f"S{number}", where="x", words="x")
        campaign = Campaign.objects.whole().get(pk=live.pk)
        with django_assert_num_queries(11):
            public_figures(campaign)


@pytest.mark.parametrize("page", ["", "progress/", "updates/", "progress.json"])
def test_the_number_of_queries_of_a_page_does_not_grow(client, live, page, django_assert_max_num_queries):
    from campaigns.models import KeyMoment, Update

    counted = []
    for rows in (3, 30):
        signed(live, rows)
        for number in range(rows):
            Demand.objects.create(campaign=live, title=f"D{number}")
            Response.objects.create(campaign=live, speaker=f"S{number}", where="x", words="x")
            Update.objects.create(campaign=live, title=f"U{number}", text="x", published_at=timezone.now())
            KeyMoment.objects.create(campaign=live, title=f"M{number}", starts_at=timezone.now())
        with django_assert_max_num_queries(24) as captured:
            client.get(f"/c/{live.slug}/{page}")
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_the_clock_counts_days_in_the_campaigns_zone(live):
    live.time_zone = "Asia/Kolkata"
    live.launched_at = datetime(2026, 6, 15, 23, 50, tzinfo=ZoneInfo("Asia/Kolkata"))
    with time_machine.travel(datetime(2026, 6, 16, 0, 10, tzinfo=ZoneInfo("Asia/Kolkata")), tick=False):
        assert public_figures(live).days_without_response == 1
    with time_machine.travel(datetime(2026, 6, 15, 23, 59, tzinfo=ZoneInfo("Asia/Kolkata")), tick=False):
        assert public_figures(live).days_without_response == 0


def test_a_response_sets_the_clock_back_and_a_closed_campaign_has_none(live):
    Response.objects.create(
        campaign=live, speaker="Ministry", where="x", words="x", said_at=timezone.now() - timedelta(days=1)
    )
    assert public_figures(live).days_without_response == 1
    live.status = Status.CLOSED
    assert public_figures(live).days_without_response is None


def test_demands_with_their_outcomes(live):
    Demand.objects.update(outcome=Outcome.REFUSED, since=date(2026, 6, 1))
    (demand,) = public_figures(live).demands
    assert (demand.outcome, demand.since, demand.is_answered) == (Outcome.REFUSED, date(2026, 6, 1), True)


@pytest.mark.parametrize(
    ("outcome", "classes"),
    [
        (Outcome.OPEN, "state open"), (Outcome.ACKNOWLEDGED, "state acknowledged"), (Outcome.MET, "state met answered"),
        (Outcome.REFUSED, "state refused refused"),
    ],
)  # fmt: skip
def test_a_demand_is_coloured_by_its_answer(client, live, outcome, classes):
    Demand.objects.update(outcome=outcome)
    assert f'<p class="{classes}">' in client.get(f"/c/{live.slug}/").content.decode()


def test_the_page_shows_the_same_figures_with_their_definitions(client, live):
    signed(live, 7)
    matched(live, 1_234)
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    for shown in (
        "1,234",
        "7%",
        "2,468%",
        "Public posts matching #OpenTheRiverReport @xmpl_ministry -is:retweet, by anyone, for or against, reposts excluded",
        "As of",
    ):
        assert shown in page, shown


def test_countries_below_five_are_not_named(client, live):
    for country, number in {"ES": 6, "FR": 5, "DE": 2, "IT": 3}.items():
        for _ in range(number):
            factories.signature(live.petition, country=country)
    tally.settle_all()
    factories.told(live.petition)
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "Spain" in page
    assert "Germany" not in page
    assert "other" in page


def test_an_unknown_number_is_said_in_words(client, live):
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "not known" in page
    assert "X is not connected, or has not answered yet." in page
