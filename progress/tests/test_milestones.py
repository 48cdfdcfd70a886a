"""When each tenth of a goal was passed."""

from datetime import UTC, date, datetime

import pytest

from campaigns.models import Campaign
from petitions import tally
from petitions.models import Tally
from progress import milestones, over_time
from progress.figures import Result, Strand, public_figures
from tests import factories

pytestmark = pytest.mark.django_db


def signed(petition, day, number, hour=7):
    start = datetime(2026, 6, day, hour, tzinfo=UTC)
    Tally.objects.create(petition=petition, start=start, country="ES", signatures=number)


def reached(campaign):
    return milestones.reached(campaign, public_figures(campaign), over_time.read(campaign))


def test_each_tenth_and_the_day_on_which_it_was_passed(live):
    for day, number in ((1, 9), (2, 6), (4, 25), (5, 2), (6, 8)):
        signed(live.petition, day, number)
    factories.told(live.petition)
    marks = [row.signatures for row in reached(live)]
    assert [mark.number for mark in marks] == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    assert [mark.is_reached for mark in marks] == [True] * 5 + [False] * 5
    assert [mark.day for mark in marks] == [date(2026, 6, 2), date(2026, 6, 4), date(2026, 6, 4)] + [
        date(2026, 6, 4),
        None,
    ] + [None] * 5
    # The fifth and the sixth of June are told together, so that nobody is told apart.


def test_days_are_those_of_the_campaigns_zone(live):
    live.time_zone = "Asia/Kolkata"
    for hour, number in ((18, 9), (20, 10), (23, 1)):
        signed(live.petition, 1, number, hour=hour)
    factories.told(live.petition)
    assert reached(live)[0].signatures.day == date(2026, 6, 2)


def test_where_totals_are_told_in_tens_no_day_is_told(live):
    Campaign.objects.update(safety="high")
    high = Campaign.objects.whole().get()
    signed(high.petition, 1, 30)
    high.petition.confirmed_hourly = 30
    marks = [row.signatures for row in reached(high)]
    assert [mark.is_reached for mark in marks][:4] == [True, True, True, False]
    assert {mark.day for mark in marks} == {None}


def test_a_strand_that_is_not_there_or_not_known_has_no_marks_passed():
    campaign = factories.campaign(petition=None)
    rows = reached(campaign)
    assert {row.signatures for row in rows} == {None}
    assert not any(row.tweets.is_reached for row in rows)


@pytest.mark.parametrize(
    ("count", "tenths", "at"), [(0, 0, 0), (6, 0, 0), (7, 1, 7), (59, 8, 53), (63, 9, 60), (66, 10, 66), (500, 10, 66)]
)
def test_a_strand_at_its_last_milestone(count, tenths, at):
    strand = Strand(count, 66)
    assert (strand.tenths, strand.mark(strand.tenths)) == (tenths, at)


def test_figures_at_their_milestones(live):
    for _ in range(13):
        factories.signature(live.petition)
    tally.settle_all()
    at = public_figures(live).at_milestones()
    assert (at.signatures.count, at.tweets.count) == (10, None)


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        (["met", "met"], Result.WON),
        (["met", "open"], Result.PARTLY),
        (["answered", "refused"], Result.PARTLY),
        (["open", "refused"], Result.LOST),
        (["acknowledged"], Result.LOST),
        ([], None),
    ],
)
def test_won_or_lost_is_read_from_the_demands(client, live, outcomes, result):
    live.demands.all().delete()
    for outcome in outcomes:
        live.demands.create(title="Publish it", outcome=outcome)
    assert public_figures(live).result == result
    words = {
        Result.WON: "Won: every demand is met.",
        Result.PARTLY: "Over, and partly won.",
        Result.LOST: "Over, and not won",
    }
    open_page = client.get(f"/c/{live.slug}/").content.decode()
    assert "verdict" not in open_page
    Campaign.objects.update(status="closed")
    for path in ("", "progress/", "embed/"):
        page = client.get(f"/c/{live.slug}/{path}").content.decode()
        assert [result] == [key for key, said in words.items() if said in page] or (
            result is None and "verdict" not in page
        )
