"""Page, JSON, CSV and signed day say the same of the same moment, figure by figure, and when each was so; paper: tests/e2e/test_paper_truth.py."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from actions import linking, opening
from actions.models import Volume
from campaigns.models import Campaign, Response
from petitions import moderation, tally
from petitions import tasks as petition_tasks
from petitions.models import Review, Signature
from progress import daily_snapshots, definitions, over_time, pace
from progress import tasks as progress_tasks
from progress.figures import public_figures
from tests import factories
from tests.html import Html
from tests.login import make_staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["live", "closed"])
def campaign(request):
    """Signed, tweeted and answered, all of it told."""
    with time_machine.travel(NOW - 50 * HOUR, tick=False):
        made = factories.campaign(signature_goal=2_000, tweet_goal=5_000, launched_at=NOW - 60 * HOUR)
        factories.signatures(made.petition, 1_244)
        factories.signatures(made.petition, 21, confirmed=False)
        factories.signatures(made.petition, 11, review=Review.QUARANTINED)
        fakes = [row.pk for row in factories.signatures(made.petition, 7)]
        moderation.remove(made.petition, Signature.objects.filter(pk__in=fakes), "abuse", make_staff())
        tally.settle_all()
        factories.paper(made.petition, make_staff("first@example.org"), make_staff("second@example.org"), count=130)
        for number in range(37):
            opening.record(made.tweet_action, None, "x", f"client-{number}".encode())
        opening.settle()
        for number in range(12):
            linking.link(made.tweet_action, number + 1)
        for row in made.tweet_action.linked_posts.order_by("pk")[:8]:
            linking.by_staff(row, True)
        Response.objects.create(
            campaign=made, speaker="Ministry", where="in public", words="No.", said_at=NOW - 55 * HOUR
        )
        query = made.tweet_action.queries.get()
        start = NOW.replace(minute=0) - 60 * HOUR
        Volume.objects.create(query=query, start=start, end=start + HOUR, posts=2_382, fetched_at=NOW - 51 * HOUR)
        query.fetched_at = NOW - 51 * HOUR
        query.save()
        Campaign.objects.filter(pk=made.pk).update(status=request.param)
    with time_machine.travel(NOW - 48 * HOUR, tick=False):
        factories.told(made.petition)
    with time_machine.travel(NOW, tick=False):
        petition_tasks.take_hourly()
        progress_tasks.take_hourly()
        daily_snapshots.take(Campaign.objects.whole().get(pk=made.pk))
        cache.clear()
        yield Campaign.objects.whole().get(pk=made.pk)


def flat(data):
    """{"part.name": value} of all that is no list."""
    found = {}
    for name, value in data.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif not isinstance(value, list):
            found[name] = value
    return found


def number(text):
    return int(text.replace(",", "").removesuffix("%"))


def moved(page):
    """{key of progress.json: what the page shows for it}; the same wherever it stands."""
    found = {}
    for one in page.find("[data-figure]"):
        assert found.setdefault(one["data-figure"], one.text) == one.text, one["data-figure"]
    return {key: number(text) for key, text in found.items()}


FIGURES = {
    "signatures.confirmed": 1_244,
    "signatures.percent": 62,
    "signatures.pending": 20,
    "signatures.under_review": 10,
    "signatures.removed": 7,
    "signatures.paper": 130,
    "tweets.opened": 37,
    "tweets.matching": 2_382,
    "tweets.percent": 47,
    "tweets.linked": 12,
    "tweets.verified": 8,
}


def test_every_figure_is_the_same_everywhere(client, campaign):
    url = f"/c/{campaign.slug}/progress"
    data = client.get(f"{url}.json").json()
    page = Html(client.get(f"{url}/"))
    rows = csv.DictReader(io.StringIO(client.get(f"/c/{campaign.slug}/figures.csv").content.decode("utf-8-sig")))
    signed = json.loads(client.get(f"{url}/{NOW:%Y-%m-%d}.json").content)
    told = {row["figure"]: row for row in rows}
    for key, wanted in FIGURES.items():
        assert flat(data)[key] == flat(signed)[key] == int(told[key]["number"]) == wanted, key
    assert moved(page) == FIGURES
    for name in (
        "goal.percent",
        "responses",
        "days_without_response",
        "status",
        "as_of",
        "signatures.goal",
        "tweets.goal",
    ):
        assert flat(data)[name] == flat(signed)[name], name
    assert data["demands"] == signed["demands"]
    # When each was so: the newest that confirmed are told of live, and to the day until the last full hour.
    for name in ("signatures.hourly_as_of", "tweets.matching_as_of", "tweets.taken_part_as_of"):
        assert flat(data)[name] == flat(signed)[name], name
    assert data["signatures"]["confirmed_as_of"] == data["as_of"] == NOW.isoformat()
    assert signed["signatures"]["confirmed_as_of"] == campaign.petition.told_until.isoformat()
    shown = {one["data-as-of"]: datetime.fromisoformat(one["datetime"]) for one in page.find("time[data-as-of]")}
    assert shown == {key: datetime.fromisoformat(flat(data)[key]) for key in shown}
    assert len(shown) == 4
    for key in definitions.AS_OF:
        part = "tweets" if f"tweets.{key}" in told else "signatures"
        as_of = flat(data)[f"{part}.{definitions.AS_OF[key]}"]
        assert told[f"{part}.{key}"]["as_of"] == as_of, key


def test_the_page_of_a_day_shows_what_was_signed(client, campaign):
    page = Html(client.get(f"/c/{campaign.slug}/progress/{NOW:%Y-%m-%d}/"))
    shown = [number(text) for text in page.texts("section[aria-labelledby=figures] td.num")]
    assert sorted(shown) == sorted([*FIGURES.values(), 1])


def test_only_the_newest_are_missing_from_a_signed_day(client, campaign):
    """What S11 keeps back of the day is all that differs."""
    factories.signatures(campaign.petition, 3)
    tally.settle_all()
    with time_machine.travel(NOW + 24 * HOUR, tick=False):
        cache.clear()
        petition_tasks.take_hourly()
        snapshot = daily_snapshots.take(Campaign.objects.whole().get(pk=campaign.pk))
        now = client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]
    then = json.loads(snapshot.content)["signatures"]
    assert (now["confirmed"], then["confirmed"]) == (1_247, 1_244)
    assert then["percent"] == 1_244 * 100 // 2_000
    assert now["hourly_as_of"] == then["hourly_as_of"]
    assert then["confirmed_as_of"] < now["confirmed_as_of"]


def test_growth_on_the_page_is_that_of_the_csv(client, campaign):
    growth = pace.growth(campaign, public_figures(campaign), over_time.read(campaign))
    rows = csv.DictReader(io.StringIO(client.get(f"/c/{campaign.slug}/figures.csv").content.decode("utf-8-sig")))
    told = {row["figure"]: int(row["number"]) for row in rows if row["number"]}
    wanted = {figure.key: figure.number for figure in definitions.growth(campaign, growth)}
    assert {key: told.get(key) for key in wanted} == wanted
