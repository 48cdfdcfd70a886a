"""Reports: every number of every section, on the screen, in the CSV and in the PDF; who may see them; that looking changes nothing."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import combining, opening, samples
from actions.models import Charge, LinkedPost, Opening, SamplePart, SampleTweet
from campaigns.models import Response, Source
from core.drawing import pdf
from core.privacy.safety import SafetyLevel
from core.text import spreadsheets
from petitions import hourly, tally
from progress import hourly_figures, report_sections, tasks
from progress.models import CountedDay
from progress.reports import Period
from tests import factories, world
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    """The noons of four days that are over, the last one the day before yesterday."""
    noon = datetime.combine(timezone.now().date(), time(12), UTC)
    return [noon - timedelta(days=number) for number in (5, 4, 3, 2)]


@pytest.fixture
def told(days):
    """A campaign in which something of everything has happened, and all of it is counted."""
    campaign = factories.campaign(launched_at=days[0] - timedelta(days=2), pledge_threshold=5, forecast=7)
    sample = campaign.tweet_action.samples.get()
    Source.objects.create(campaign=campaign, word="leaflet", note="=the market")
    for day, (direct, leaflet) in zip(days, ((6, 3), (7, 3), (8, 0), (9, 5)), strict=True):
        moments = dict.fromkeys(("signed_at", "mailed_at"), day)
        factories.signatures(campaign.petition, direct, confirmed_at=day + timedelta(minutes=1), **moments)
        factories.signatures(
            campaign.petition, leaflet, source="leaflet", confirmed_at=day + timedelta(minutes=30), **moments
        )
        Opening.objects.bulk_create(
            Opening(action=campaign.tweet_action, sample=sample, network="x", client_hash=bytes([n] * 16), minute=day)
            for n in range(10)
        )
        Charge.objects.create(action=campaign.tweet_action, purpose="counts", reserved=2, actual="0.505", at=day)
        Charge.objects.create(action=campaign.tweet_action, purpose="replies", reserved=1, at=day)
    LinkedPost.objects.bulk_create(
        LinkedPost(action=campaign.tweet_action, post_id=n, sample=sample, linked_at=days[1]) for n in range(6)
    )
    for _ in range(8):
        factories.pledge(campaign, confirmed_at=days[0], mailed_at=days[0])
    said = {"campaign": campaign, "speaker": "Minister", "where": "x", "words": "No."}
    Response.objects.create(target=campaign.target, said_at=days[1], **said)
    Response.objects.create(target=campaign.target, said_at=days[3] + timedelta(days=1), **said)
    count()
    return campaign


def count():
    tally.settle_all()
    while opening.settle():
        pass
    tasks.count_days()


def place(campaign, first=None, last=None, kind=None):
    name = f"admin:campaigns_campaign_report_{kind}" if kind else "admin:campaigns_campaign_report"
    query = f"?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}" if first else ""
    return reverse(name, args=[campaign.pk]) + query


def shown(page, key):
    """{row: [its numbers]} of a section."""
    rows = Html(page).find(f"section#{key} tbody tr")
    return {row.one("th span").text: row.texts(".num") for row in rows if row.find("th")}


def test_every_section_exactly(staff, told, days):
    page = staff.get(place(told, days[1], days[3]))
    assert shown(page, "funnel") == {
        "signed": ["32"],
        "mailed": ["32"],
        "confirmed": ["32"],
        "opened": ["30"],
        "linked": ["6"],
    }
    assert shown(page, "waits") == {
        "within 10 minutes": ["30"],
        "within an hour": ["11"],
        "within a day": ["fewer than 5"],
        "later": ["fewer than 5"],
    }
    sample = told.tweet_action.samples.get()
    assert shown(page, "samples") == {sample.text: ["30", "6"]}
    assert shown(page, "pledges") == {"X": ["fewer than 5", "30"]}
    assert shown(page, "answers") == {"Ministry of Examples": ["1", "3", "2"]}
    assert shown(page, "money") == {
        "counting posts": ["US$1.52", "3"],
        "what the targets say": ["US$3.00", "3"],
        "in total": ["US$4.52", "6"],
    }
    assert shown(page, "mails")["to confirm a signature"] == ["32"] + ["fewer than 10"] * 3
    assert shown(page, "mails")["to confirm a pledge"][0] == "fewer than 5"
    assert shown(staff.get(place(told, days[0], days[0])), "mails")["to confirm a pledge"][0] == "8"
    assert shown(staff.get(place(told, days[0], days[0])), "pledges") == {"X": ["8", "10"]}
    assert "Pledges at the launch: 7." in page.content.decode()


def test_a_source_is_told_once_it_has_five_and_with_all_who_came(staff, told, days):
    """On the first day three came by the leaflet: they are hidden among the others until, with those of the next day, they are six."""
    assert shown(staff.get(place(told, days[0], days[0])), "sources") == {"others, too few to show": ["9"]}
    two = shown(staff.get(place(told, days[0], days[1])), "sources")
    assert two == {"no source": ["13"], "leaflet (=the market)": ["6"]}
    four = shown(staff.get(place(told, days[0], days[3])), "sources")
    assert four == {"no source": ["30"], "leaflet (=the market)": ["11"]}


@pytest.mark.requirement("S11")
def test_from_one_period_to_another_no_number_of_people_moves_by_a_handful(staff, told, days):
    """A day longer, a day shorter, a day later: what one report has more than another is five or more."""
    people = ("funnel", "sources", "waits", "samples", "pledges")
    found = {}
    for first in range(4):
        for last in range(first, 4):
            page = staff.get(place(told, days[first], days[last]))
            for key in people:
                for row, numbers in shown(page, key).items():
                    for column, number in enumerate(numbers):
                        exact = int(number) if number.isdecimal() else 0
                        found.setdefault((key, row, column), {})[first, last] = exact
    assert {key for key, _row, _column in found} == set(people)
    for cell, periods in found.items():
        for (first, last), number in periods.items():
            assert number >= 5 or number == 0, cell
            # A report of the same days but the last one.
            less = periods.get((first, last - 1), 0)
            assert abs(number - less) >= 5 or number == less, cell


@pytest.mark.requirement("S11")
def test_who_withdraws_or_comes_later_changes_no_report_of_a_day_that_was_counted(staff, told, days):
    before = shown(staff.get(place(told, days[0], days[3])), "funnel")
    assert before["confirmed"] == ["41"]
    told.petition.signatures.filter(signed_at__lt=days[1]).update(withdrawn_at=timezone.now())
    factories.signatures(told.petition, 1, confirmed_at=days[0], signed_at=days[0])
    count()
    assert shown(staff.get(place(told, days[0], days[3])), "funnel") == before


@pytest.mark.requirement("S11")
def test_where_it_is_dangerous_people_are_told_in_steps_and_by_no_day(staff, told, days):
    told.safety = SafetyLevel.HIGH
    told.save()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        hourly.take(type(told.petition).objects.get(pk=told.petition.pk))
        hourly_figures.take(type(told).objects.whole().get(pk=told.pk))
        page = staff.get(place(told, days[0], days[3]))
    keys = set(Html(page).values(".outcry-report section", "id"))
    assert keys == {"so-far", "answers", "money"}
    assert shown(page, "so-far") == {
        "confirmed": ["40"],
        "opened": ["40"],
        "linked": ["fewer than 10"],
        "pledged": ["fewer than 10"],
        "pledged at the launch": ["fewer than 10"],
    }
    assert "leaflet" not in page.content.decode()
    assert "leaflet" not in staff.get(place(told, days[0], days[3], "csv")).content.decode()


def test_days_begin_in_the_campaigns_zone(days):
    campaign = factories.campaign(time_zone="Asia/Kathmandu", launched_at=days[0])
    period = Period(date(2026, 3, 1), date(2026, 3, 2), campaign.zone)
    assert (period.start, period.end) == (
        datetime(2026, 2, 28, 18, 15, tzinfo=UTC),
        datetime(2026, 3, 2, 18, 15, tzinfo=UTC),
    )
    for at in (period.start - timedelta(seconds=1), period.start, period.end - timedelta(seconds=1), period.end):
        Charge.objects.create(action=campaign.tweet_action, purpose="counts", reserved=1, at=at)
    money = {section.key: section for section in report_sections.build(campaign, period).sections}["money"]
    assert money.rows[-1].cells == (Decimal("2.00"), 2)


def test_without_days_it_shows_the_last_four_weeks_or_since_the_launch(staff, told, days):
    page = Html(staff.get(place(told)))
    yesterday = timezone.now().date() - timedelta(days=1)
    assert page.one("#id_to")["value"] == f"{yesterday:%Y-%m-%d}"
    assert page.one("#id_from")["value"] == f"{days[0] - timedelta(days=2):%Y-%m-%d}"
    old = factories.campaign(launched_at=days[0] - timedelta(days=90))
    month = yesterday - timedelta(days=27)
    assert Html(staff.get(place(old))).one("#id_from")["value"] == f"{month:%Y-%m-%d}"
    past = {"opens_at": days[0] - timedelta(days=400), "closes_at": days[0] - timedelta(days=300)}
    closed = factories.campaign(launched_at=past["opens_at"], status="closed", petition=factories.petition(**past))
    end = days[0].date() - timedelta(days=300 - 7)
    assert Html(staff.get(place(closed))).one("#id_to")["value"] == f"{end:%Y-%m-%d}"
    new = factories.campaign(launched_at=timezone.now())
    page = staff.get(place(new))
    assert page.status_code == 200
    assert "None of these days is counted yet" in page.content.decode()
    assert shown(page, "funnel")["confirmed"] == ["not known"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?from=2026-03-02&to=2026-03-01", "The first day must not come after the last one."),
        ("?from=2026-03-02&to=2999-03-01", "Please choose days that are over."),
        ("?from=2020-03-02&to=2026-03-01", "Please choose at most one year."),
        ("?from=0001-01-01&to=0001-01-02", "Please choose at most one year."),
        ("?from=x&to=2026-03-01", "Enter a valid date."),
        ("?from=2026-03-01", "This field is required."),
    ],
)
@pytest.mark.parametrize("kind", [None, "csv", "pdf"])
def test_days_that_can_not_be_are_said_at_the_form(staff, live, query, message, kind):
    page = staff.get(place(live, kind=kind) + query)
    assert page.status_code == 422
    assert message in Html(page).one("form.days").text


def test_the_csv_has_the_same_numbers_and_no_formula(staff, told, days):
    answer = staff.get(place(told, days[0], days[3], "csv"))
    name = f"{told.slug}-{days[0]:%Y-%m-%d}-{days[3]:%Y-%m-%d}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert header == ["section", "row", "number", "value", "definition"]
    values = {(section, row, number): value for section, row, number, value, _definition in rows}
    assert values["funnel", "confirmed", "number"] == "41"
    assert values["sources", "leaflet (=the market)", "confirmed"] == "11"
    assert values["waits", "later", "confirmed"] == "fewer than 5"
    assert values["money", "in total", "dollars"] == "6.02"
    page = staff.get(place(told, days[0], days[3]))
    assert {key for key, _row, _number in values} - {"note"} == set(Html(page).values(".outcry-report section", "id"))
    for section in Html(page).values(".outcry-report section", "id"):
        names = {row for key, row, _number in values if key == section}
        assert names == shown(page, section).keys(), section
    assert all(definition for section, _row, _number, _value, definition in rows if section != "note")


@pytest.mark.requirement("A14")
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"])
def test_no_cell_of_a_csv_is_taken_for_a_formula(text):
    written = spreadsheets.to_csv(["column"], [[text, "1=1", -1, None]])
    _header, row = csv.reader(io.StringIO(written.removeprefix(spreadsheets.BOM), newline=""))
    assert row == [f"'{text}", "1=1", "-1", ""]


@pytest.mark.requirement("A14")
def test_what_staff_wrote_is_no_formula_in_the_csv(staff, told, days):
    told.tweet_action.samples.update(text="=HYPERLINK(1) .@xmpl_ministry")
    rows = list(csv.reader(io.StringIO(staff.get(place(told, days[0], days[3], "csv")).content.decode())))
    assert "'=HYPERLINK(1) .@xmpl_ministry" in {row[1] for row in rows}


def test_the_pdf_has_the_same_numbers(staff, told, days):
    answer = staff.get(place(told, days[0], days[3], "pdf"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    for words in (told.organiser, "Sources", "leaflet (=the market)", "no source 30", "fewer than 5", "US$6.02"):
        assert words in text, words
    assert "Retire" not in text


def test_without_pango_or_while_another_is_set_the_page_says_so(staff, told, monkeypatch):
    def refuse(html):
        raise pdf.Unprintable

    monkeypatch.setattr(pdf, "render", refuse)
    page = staff.get(place(told, kind="pdf"))
    assert page.status_code == 503
    assert "make the PDF now" in page.content.decode()


def test_who_may_see_it_and_who_may_retire(told):
    sample = told.tweet_action.samples.get()
    retire = reverse("admin:campaigns_campaign_retire", args=[told.pk, sample.pk])
    for role, browser in world.browsers().items():
        sees = role in ("organiser", "analyst", "press", world.ADMINISTRATOR)
        retires = role in ("organiser", world.ADMINISTRATOR)
        for kind in (None, "csv"):
            assert browser.get(place(told, kind=kind)).status_code == (200 if sees else 403), (role, kind)
        assert browser.post(retire, {"again": "1"}).status_code == (302 if retires else 403), role
        page = browser.get(reverse("admin:campaigns_campaign_change", args=[told.pk]))
        if page.status_code == 200:
            assert (place(told) in Html(page).values("a[href]", "href")) is sees, role
        if sees:
            buttons = Html(browser.get(place(told))).find("[formaction]")
            assert bool(buttons) is retires, role


@pytest.mark.requirement("A1")
def test_looking_writes_nothing(staff, told, days):
    for kind in (None, "csv", "pdf"):
        with CaptureQueriesContext(connection) as asked:
            assert staff.get(place(told, days[0], days[3], kind)).status_code == 200
        verbs = {query["sql"].split()[0].upper() for query in asked}
        assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET"}, verbs
        assert staff.post(place(told, days[0], days[3], kind)).status_code == 405
    sample = told.tweet_action.samples.get()
    assert staff.get(reverse("admin:campaigns_campaign_retire", args=[told.pk, sample.pk])).status_code == 200
    sample.refresh_from_db()
    assert sample.is_offered


def many(campaign, number):
    SampleTweet.objects.bulk_create(
        SampleTweet(action=campaign.tweet_action, text=f"Another text, number {n}, of {number}") for n in range(number)
    )
    for n in range(number):
        Charge.objects.create(action=campaign.tweet_action, purpose="counts", reserved=1)
        Response.objects.create(
            campaign=campaign, target=campaign.target, speaker="Minister", where="x", words=f"No. {n}"
        )


def test_it_asks_the_same_questions_whatever_the_rows_and_stays_small(staff, told, days):
    asked = []
    for number in (3, 30, 300):
        many(told, number)
        with CaptureQueriesContext(connection) as queries:
            page = staff.get(place(told, days[0], days[3]))
        asked.append(len(queries))
        assert len(page.content) < 150_000
        assert len(Html(page).find("input, button, select, textarea")) < 120
    assert asked[0] == asked[1] == asked[2] < 25, asked
    text = staff.get(place(told, days[0], days[3], "csv")).content.decode()
    assert text.count("Another text") == 2 * 333
    assert "The CSV has all of them" in page.content.decode()


def test_a_sample_is_retired_where_its_numbers_stand_and_offered_again(staff, told, days):
    action, sample = told.tweet_action, told.tweet_action.samples.get()
    start = place(told, days[0], days[1])
    button = Html(staff.get(start)).one("[formaction]")
    answer = staff.post(button["formaction"], form_of(staff.get(start), "section form"))
    assert answer.url == f"{start}#sample-{sample.pk}"
    page = staff.get(answer.url)
    assert "We no longer offer this sample to visitors" in page.content.decode()
    assert not samples.alive(action).exists()
    assert sample.history.first().history_user is not None
    again = Html(page).one("[formaction]")
    assert again["name"] == "again"
    page = staff.post(again["formaction"], form_of(page, "section form") | {"again": "1"}, follow=True)
    assert "We offer this sample to visitors again." in page.content.decode()
    assert samples.alive(action).get() == sample
    assert shown(page, "samples")[sample.text][0] == "20"


def test_a_sample_put_together_does_not_come_back_with_the_next_save(staff, told):
    action = told.tweet_action
    for kind, text in (("opening", "Please listen now"), ("ask", "publish the whole report, .@xmpl_ministry")):
        SamplePart.objects.create(action=action, kind=kind, text=text)
    combining.store(action)
    made = action.samples.get(is_combined=True)
    retire = reverse("admin:campaigns_campaign_retire", args=[told.pk, made.pk])
    staff.post(retire)
    combining.store(action)
    assert made not in samples.alive(action)
    staff.post(retire, {"again": "1"})
    assert made in samples.alive(action)


def test_only_a_sample_of_this_campaign_is_retired_here(staff, told):
    other = factories.campaign().tweet_action.samples.get()
    assert staff.post(reverse("admin:campaigns_campaign_retire", args=[told.pk, other.pk])).status_code == 404
    assert samples.alive(other.action).exists()


def test_a_campaign_without_strands_has_a_report(staff):
    bare = factories.campaign(petition=None, tweet_action=None)
    page = staff.get(place(bare))
    assert page.status_code == 200
    assert set(Html(page).values(".outcry-report section", "id")) == {"funnel", "mails"}
    assert not CountedDay.objects.filter(campaign=bare).exists()
