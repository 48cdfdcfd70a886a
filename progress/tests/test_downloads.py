"""Figures as files, and a look into one day."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from actions.models import Volume
from petitions.models import Tally
from tests import factories

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 15, tzinfo=UTC)


def signed(petition, *numbers):
    for day, number in enumerate(numbers):
        if number:
            Tally.objects.create(
                petition=petition, start=START + timedelta(days=day, hours=7), country="ES", signatures=number
            )


def rows(response):
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_days_are_joined_until_no_row_tells_of_a_handful(client, live):
    signed(live.petition, 2, 2, 3, 9, 0, 1)
    factories.told(live.petition)
    assert rows(client.get(f"/c/{live.slug}/signatures.csv")) == [
        ["from_utc", "to_utc", "signatures"],
        ["2026-06-15", "2026-06-18", "7"],
        ["2026-06-18", "2026-06-21", "10"],
    ]


def test_countries_and_tweets(client, live):
    signed(live.petition, 6)
    factories.told(live.petition)
    query = live.tweet_action.queries.get()
    Volume.objects.create(query=query, start=START, end=START + timedelta(hours=1), posts=4, fetched_at=START)
    assert rows(client.get(f"/c/{live.slug}/countries.csv")) == [["country", "signatures"], ["ES", "6"]]
    assert rows(client.get(f"/c/{live.slug}/tweets.csv")) == [
        ["hour_utc", "matching"],
        ["2026-06-15T00:00:00+00:00", "4"],
    ]


def test_where_it_is_dangerous_there_are_no_such_files(client):
    live = factories.campaign(safety="high")
    for name in ("signatures", "countries"):
        assert client.get(f"/c/{live.slug}/{name}.csv").status_code == 404
        assert f"{name}.csv" not in client.get(f"/c/{live.slug}/progress/").content.decode()


def test_one_day_by_the_hour(client, live):
    signed(live.petition, 6, 0, 0, 8)
    factories.told(live.petition)
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert 'href="?day=2026-06-15#time"' in page
    page = client.get(f"/c/{live.slug}/progress/?day=2026-06-18").content.decode()
    assert "18 June 2026" in page
    assert "Confirmed signatures an hour; highest: 8 on 18 Jun, 07:00\u2009–\u200900:00" in page
    assert "All days" in page


@pytest.mark.parametrize("day", ["x", "2026-13-45", "9" * 40, ""])
def test_nonsense_in_the_url_shows_all_days(client, live, day):
    signed(live.petition, 6)
    factories.told(live.petition)
    page = client.get(f"/c/{live.slug}/progress/", {"day": day}).content.decode()
    assert "Over time" in page
