"""Lines to the goal and the axes that they and the bars are measured by: exact, mirrored where one reads from the right."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from actions.models import Volume
from campaigns.models import KeyMoment
from petitions.disclosure import Span
from progress import charts, course
from progress.axes import TimeAxis, top
from progress.figures import Strand
from progress.over_time import OverTime
from progress.tests.test_figures import figures
from progress.tests.test_meter_and_charts import campaign
from tests import factories
from tests.html import Html

START = datetime(2026, 6, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_june():
    with time_machine.travel(START + 9 * DAY, tick=False):
        yield


@pytest.mark.parametrize(
    ("most", "wanted"), [(0, 2), (2, 2), (3, 4), (5, 6), (9, 10), (11, 20), (61, 80), (100, 100), (6_812, 8_000)]
)
def test_the_scale_ends_at_a_round_number_whose_half_is_whole(most, wanted):
    assert top(most) == wanted


@pytest.mark.parametrize(
    ("first", "days", "wanted"),
    [
        (START, 3, [(0, "8 Jun"), (33.3, "9 Jun"), (66.7, "10 Jun")]),
        (START, 7, [(0, "8 Jun"), (42.9, "11 Jun")]),
        # The year where the span leaves this one: said at once, and again where it changes.
        (datetime(2011, 6, 9, tzinfo=UTC), 17, [(0, "9 Jun 2011"), (41.2, "16 Jun")]),
        (datetime(2025, 12, 25, tzinfo=UTC), 12, [(0, "25 Dec 2025"), (33.3, "29 Dec"), (66.7, "2 Jan 2026")]),
    ],
)
def test_labels_along_the_foot(first, days, wanted):
    axis = TimeAxis(first, first + days * DAY, "day")
    assert [(round(place, 1), label) for place, label in axis.ticks] == wanted
    with translation.override("ar"):
        assert [round(place, 1) for place, _ in axis.ticks] == [round(100 - place, 1) for place, _ in wanted]


def test_hours_along_the_foot():
    axis = TimeAxis(START + 6 * HOUR, START + 30 * HOUR, "hour")
    assert axis.ticks == [(0, "8 Jun, 06:00"), (50, "8 Jun, 18:00")]


def lines(drawn, kind):
    return [
        tuple(float(one[end].rstrip("%")) for end in ("x1", "y1", "x2", "y2"))
        for one in Html(drawn.svg).find(f"g.{kind} line")
    ]


def test_lines_run_to_the_goal_and_leave_out_what_nobody_asked_about():
    told = OverTime(
        [
            Span(START, START + DAY, 10),
            Span(START + DAY, START + 3 * DAY, 30),
            Span(START + 3 * DAY, START + 3 * DAY + 6 * HOUR, 5),
        ],
        [(START + HOUR, 20), (START + 2 * DAY, 30), (START + 3 * DAY, 50)],
    )
    now = figures(Strand(50, 100), Strand(100, 200))
    drawn = course.draw(campaign(), now, told)
    # In all four days; of the last one six hours of signatures are told, and of tweets all.
    assert lines(drawn, "s") == [(0, 100, 25, 90), (25, 90, 75, 60), (75, 60, 81.25, 55)]
    assert lines(drawn, "t") == [(0, 100, 25, 90), (50, 90, 75, 75), (75, 75, 100, 50)]
    assert drawn.summary == "signatures: 45 of 100; tweets: 100 of 200"
    assert drawn.rows == [
        ("8 Jun", [10, 20]),
        ("9 Jun", [None, 20]),
        ("10 Jun", [40, 50]),
        ("11 Jun", [45, None]),
        ("11 Jun", [None, 100]),
    ]
    with translation.override("ar"):
        assert lines(drawn, "t")[0] == (100, 100, 75, 90)


def test_beyond_the_goal_the_scale_goes_on():
    told = OverTime([Span(START, START + 4 * DAY, 250)], [])
    drawn = course.draw(campaign(), figures(Strand(250, 100), None), told)
    assert drawn.scale == [300, 150, 0]
    assert Html(drawn.svg).one("line.goal")["y1"] == "66.67%"


def test_key_moments_on_the_way_are_marked_and_numbered():
    told = OverTime([Span(START, START + 4 * DAY, 50)], [])
    moments = [
        KeyMoment(title=f"M{days}", starts_at=START + days * DAY, is_day_of_action=days == 3)
        for days in (-1, 1, 3, 4, 9)
    ]
    drawn = course.draw(campaign(), figures(Strand(50, 100), None), told, moments)
    assert [moment.title for moment in drawn.marks] == ["M1", "M3"]
    assert Html(drawn.svg).values("line.moment", "x1") == ["25.00%", "75.00%"]
    assert Html(drawn.numbers).texts("text") == ["1", "2"]
    crowd = [KeyMoment(title="x", starts_at=START + DAY) for _ in range(20)]
    assert "M3" in [
        moment.title for moment in course.draw(campaign(), figures(Strand(50, 100), None), told, crowd + moments).marks
    ]


def test_nothing_told_is_no_line():
    assert course.draw(campaign(), figures(Strand(3, 100), Strand(None, 10)), OverTime([], [])) is None


def test_a_day_that_is_not_over_says_so():
    told = OverTime([], [(START + at * HOUR, 10) for at in range(60)])
    now = figures(None, Strand(600, 1_000))
    (chart,) = charts.draw_all(campaign(), now, told)
    assert chart.not_over == ""
    chart = charts.Chart("t", "Tweets", told.tweeted_by("day"), "day", "#000", START + 60 * HOUR)
    assert chart.not_over == "10 Jun is not over yet."
    assert [(label, is_open) for label, _, _, is_open in chart.labelled] == [
        ("8 Jun", False),
        ("9 Jun", False),
        ("10 Jun", True),
    ]
    assert Html(chart.svg).values("rect", "fill-opacity") == ["1", "1", "0.45"]
    assert chart.scale == [400, 200, 0]
    assert Html(chart.svg).values("rect", "height") == ["60.00%", "60.00%", "30.00%"]


@pytest.mark.django_db
def test_the_page_shows_them_above_their_tables(client):
    made = factories.campaign(launched_at=START)
    query = made.tweet_action.queries.get()
    hours = [START + at * HOUR for at in range(9 * 24)]
    Volume.objects.bulk_create(
        Volume(query=query, start=hour, end=hour + HOUR, posts=1, fetched_at=START + 9 * DAY) for hour in hours
    )
    query.fetched_at = START + 8 * DAY + 12 * HOUR
    query.save()
    KeyMoment.objects.create(campaign=made, title="The hearing", starts_at=START + 3 * DAY)
    page = Html(client.get(f"/c/{made.slug}/progress/"))
    assert [one.text for one in page.find(".marks li")] == ["The hearing, 11 June 2026"]
    assert [figure.element[0].tag for figure in page.find("figure:has(.plot)")] == ["figcaption", "figcaption"]
    assert "16 Jun is not over yet." in page.one("section[aria-labelledby=time] figcaption").text
    assert page.texts(".scale span") == ["500%", "250%", "0%", "40", "20", "0"]
