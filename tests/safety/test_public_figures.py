"""Public figures (S11) as somebody tries them who writes down every public figure, every hour and after every single signature."""

import csv
import io
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from random import Random

import pypdfium2
import pytest
import time_machine
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import linking, opening
from actions.models import Opening
from campaigns import pledging, status
from campaigns.models import Campaign, Pledge, Recap, Status
from core.crypto import tokens
from core.drawing import pdf
from core.privacy.safety import SafetyLevel
from petitions import disclosure, hourly, signing, tasks
from petitions.models import Review, Signature, ToldCountry, ToldSpan
from progress import archive, last_known, meter_image, share_image
from progress import tasks as progress_tasks
from progress.figures import public_figures
from progress.models import DailySnapshot
from public.views.broken import server_error
from tests import factories
from tests.html import Html
from tests.safety.test_privacy import walk

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
LANGUAGES = ["en", "ar"]
TARGETS = "tr:has(th > bdi)"
TELLING = [SafetyLevel.STANDARD, SafetyLevel.ELEVATED]


@pytest.fixture(autouse=True, scope="module")
def _draw_a_picture_once():
    """What a text mail says is looked at here, and the picture beside it takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render_png", lru_cache(pdf.render_png))
        yield


@contextmanager
def at(hours, minutes=0):
    with time_machine.travel(START + timedelta(hours=hours, minutes=minutes), tick=False):
        cache.clear()
        yield


def an_hour_passes():
    """What the beat does, in its order."""
    tasks.tally()
    opening.settle()
    tasks.take_hourly()
    progress_tasks.take_hourly()
    progress_tasks.take_snapshots()
    progress_tasks.keep_last_known()


def campaign(level, **fields):
    defaults = {"forecast": 40, "launched_at": START, "petition": factories.petition(opens_at=START)}
    made = factories.campaign(safety=level, pledge_threshold=1_000, **defaults | fields)
    made.tweet_action.more_targets.add(factories.target(name="Council", x_handle="xmpl_council"))
    Recap.objects.create(campaign=made, text="How it went", published_at=START)
    return Campaign.objects.whole().get(pk=made.pk)


def sign(campaign, number, country="ES"):
    return factories.signatures(campaign.petition, number, country=country)


def open_composers(campaign, number):
    first, second = campaign.tweet_action.targets
    for index in range(number):
        client = f"{Opening.objects.count()}-{index}".encode()[:16]
        opening.record(campaign.tweet_action, None, "x", client, first if index % 3 else second)
    opening.settle()


# Every public URL, found in the resolver: whoever adds one with a new kind of part tells this test how to fill it.


def urls(campaign):
    """{name and language: URL}"""
    pledge = Pledge.objects.exclude(confirmed_at=None).first()
    signature = Signature.objects.exclude(confirmed_at=None).first()
    parts = {
        "slug": lambda name: campaign.slug,
        "number": lambda name: campaign.petition.pk if name.startswith("petition") else 1,
        "network": lambda name: "x",
        "section": lambda name: "campaigns",
        "source": lambda name: "embed",
        "day": lambda name: str(
            campaign.daily_snapshots.first().day if campaign.daily_snapshots.exists() else date(2026, 1, 1)
        ),
        "version": lambda name: "x",
        "verb": lambda name: "hide",
        "signature": lambda name: signature.pk,
        "token": lambda name: {
            "confirm": tokens.make("confirm", signature.pk),
            "pledge_confirm": tokens.make("pledge", pledge.pk),
        }.get(name, "x"),
    }
    found = {}
    for entry in walk(get_resolver()):
        module = getattr(entry.callback, "__module__", "")
        if not module.startswith(("public.views", "progress.views", "petitions.views", "django.contrib.sitemaps")):
            continue
        for language in LANGUAGES:
            with translation.override(language):
                filled = {part: parts[part](entry.name) for part in entry.pattern.converters}
                found[f"{entry.name} {language}"] = reverse(entry.name, kwargs=filled)
    for language in LANGUAGES:
        with translation.override(language):
            page, progress = reverse("campaign", args=[campaign.slug]), reverse("progress", args=[campaign.slug])
        found[f"oembed {language}"] = f"/oembed?url=http://testserver{page}"
        found[f"embed dark {language}"] = f"{page}embed/?theme=dark"
        found[f"a day {language}"] = f"{progress}?day={START:%Y-%m-%d}"
        found[f"confirmed {language}"] = f"{progress}?confirmed=1"
    return found


def texts(campaign, with_paper):
    """{where: what can be read there}: URLs, and what is sent, drawn or said when all else fails."""
    cache.clear()
    campaign, client, read = Campaign.objects.whole().get(pk=campaign.pk), Client(), {}
    for name, url in urls(campaign).items():
        if name.startswith("report"):
            if with_paper and name == "report en" and pdf.available():
                document = pypdfium2.PdfDocument(client.get(url).content)
                read[name] = "\n".join(page.get_textpage().get_text_bounded() for page in document)
            continue
        response = client.get(url)
        assert response.status_code != 500, url
        drawn = response["Content-Type"] == "image/png"
        read[name] = response.get("Last-Modified", "") + ("" if drawn else response.content.decode("utf-8-sig"))
    last_known.remember()
    context = {}
    with translation.override("en"):
        read["broken"] = server_error(RequestFactory().get(f"/c/{campaign.slug}/")).content.decode()
        drawn = share_image._context(campaign, public_figures(campaign), "en") | {"size": "small"}
        read["share image"] = render_to_string(share_image.TEMPLATE, drawn)
        meter_image.for_mail(campaign, context, pdf.UNHURRIED)
        read["mail"] = render_to_string("mails/numbers.txt", context)
    data = archive._data(campaign)
    read["archive"] = str(data | {"made_at": None}) + "".join(f"{row}" for row in archive_files(campaign))
    return {name: without_the_meter(text) for name, text in read.items()}


def archive_files(campaign):
    if campaign.policy.countries:
        yield from archive._countries(campaign)


def without_the_meter(text):
    """The meter is drawn from the totals that stand beside it; hidden fields, the next sample and its length say whose turn it is."""
    if "<html" in text:
        text = Html(text).without("svg.rope, input[type=hidden], .weight").markup
    return re.sub(r"after=\d+", "", text)


def rows_of(page, selector):
    """[(what the row is about, its number)] of the rows of a table that have one."""
    rows = [(row.texts("th"), row.texts("td.num")) for row in Html(page).find(selector)]
    return [(label[0], number[0]) for label, number in rows if number and number[0].isdigit()]


def numbers(text):
    return re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))


def moved(before, after):
    """{(where, numbers before, numbers after)} of all that differs."""
    assert before.keys() == after.keys()
    found = set()
    for name in before:
        for one, two in pairs(before[name].split("\n"), after[name].split("\n")):
            for kind, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
                if kind != "equal":
                    found.add((name, tuple(one[a:b]), tuple(two[c:d])))
    return found


def pairs(before, after):
    """(numbers before, numbers after) of every line that differs; of the whole, where lines came or went."""
    if len(before) != len(after):
        before, after = ["\n".join(before)], ["\n".join(after)]
    return [(numbers(one), numbers(two)) for one, two in zip(before, after, strict=True) if one != two]


def totals(campaign):
    """What may be told live below the highest level, and what is worked out from it."""
    figures = public_figures(Campaign.objects.whole().get(pk=campaign.pk))
    strand = figures.signatures
    told = (
        strand.count,
        strand.percent,
        strand.next_mark,
        strand.mark(strand.tenths),
        figures.opened,
        figures.linked,
        figures.verified,
        figures.not_looked_up,
        figures.pledged,
    )
    return {str(number) for number in told}


def one_signature(campaign):
    row = factories.signature(campaign.petition, confirmed=False, country="DE")
    assert (
        Client().post(f"/confirm/{tokens.make('confirm', row.pk)}/", factories.typed(country="DE")).status_code == 303
    )
    tasks.tally()


def one_of_everything_else(campaign):
    pledging.confirm(factories.pledge(campaign, confirmed=False))
    open_composers(campaign, 1)
    linking.link(campaign.tweet_action, 10_001)
    linking.by_staff(campaign.tweet_action.linked_posts.order_by("pk").first(), True)
    factories.signature(campaign.petition, confirmed=False)
    factories.signature(campaign.petition, review=Review.QUARANTINED)


@pytest.fixture
def small(request):
    """A campaign that some have signed, two days after its launch."""
    with at(-49):
        made = campaign(request.param)
        an_hour_passes()
    with at(-48):
        sign(made, 17)
        sign(made, 6, "FR")
        sign(made, 2, "DE")
        for _ in range(13):
            factories.pledge(made)
        open_composers(made, 47)
        for number in range(21):
            linking.link(made.tweet_action, number + 1)
    for hours in (-47, -24, -23):
        with at(hours):
            an_hour_passes()
    with at(-22):
        sign(made, 8)
        an_hour_passes()
    with at(0):
        an_hour_passes()
    return Campaign.objects.whole().get(pk=made.pk)


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("small", TELLING, indirect=True)
def test_within_the_hour_nothing_moves_but_totals(small):
    with at(0, 20):
        assert public_figures(small).signatures.count == 33
        for change in (one_signature, one_of_everything_else):
            is_first = change is one_signature and small.safety == SafetyLevel.ELEVATED
            before, told = texts(small, is_first), totals(small)
            change(small)
            after = texts(small, is_first)
            told |= totals(small)
            wrong = {move for move in moved(before, after) if not set(move[1] + move[2]) <= told}
            assert not wrong, wrong
            assert moved(before, after), "nothing moved: this test looks at nothing"


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("small", [SafetyLevel.HIGH], indirect=True)
def test_within_the_hour_nothing_at_all_moves_where_it_is_dangerous(small):
    with at(0, 20):
        before = texts(small, True)
        one_signature(small)
        one_of_everything_else(small)
        sign(small, 30)
        open_composers(small, 30)
        tasks.tally()
        progress_tasks.take_hourly()
        tasks.take_hourly()
        assert moved(before, texts(small, True)) == set()
    with at(1):
        an_hour_passes()
        after = texts(small, False)
        assert moved({name: before[name] for name in after}, after)
        told = [small.petition.removed, *totals(small)]
        assert all(int(number) % 10 == 0 for number in told), told
        figures = [figure for text in filter(None, after.values()) for figure in Html(text).texts("[data-figure]")]
        shown = numbers(" ".join(figures))
        assert shown
        assert all(int(number) % 10 == 0 for number in shown), shown
        assert "40" in numbers(after["progress en"])
        for name in ("signatures_csv en", "countries_csv en", "countries_svg en", "snapshot_json en"):
            assert "[" not in after[name] or "404" in after[name] or "<h1" in after[name]
        assert Client().get(f"/c/{small.slug}/countries.csv").status_code == 404


@pytest.mark.requirement("S11")
def test_where_it_is_dangerous_everything_is_in_steps(client):
    with at(0):
        made = campaign(SafetyLevel.HIGH, status=Status.INTEREST, launched_at=None, forecast=None)
        for _ in range(17):
            factories.pledge(made)
        an_hour_passes()
        for _ in range(9):
            factories.pledge(made)
        interest = Campaign.objects.whole().get(pk=made.pk)
        interest.status = Status.LIVE
        status.apply(interest)
        assert (interest.forecast, public_figures(interest).pledged) == (10, 10)
        open_composers(made, 29)
        for number in range(12):
            linking.link(made.tweet_action, number + 1)
        assert (public_figures(interest).opened, public_figures(interest).linked) == (0, 0)
    with at(1):
        an_hour_passes()
        data = client.get(f"/c/{made.slug}/progress.json").json()["tweets"]
        assert (data["opened"], data["linked"], data["verified"]) == (20, 10, 0)
        page = client.get(f"/c/{made.slug}/progress/")
        assert [number for _, number in rows_of(page, TARGETS)] == ["10", "10"]


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("small", [SafetyLevel.STANDARD], indirect=True)
def test_raising_the_level_leaves_nothing_finer_behind(small):
    with at(0, 20):
        open_composers(small, 3)
        assert ToldSpan.objects.exists()
        days = [
            f"/c/{small.slug}/progress/{row.day}{end}" for row in DailySnapshot.objects.all() for end in ("/", ".json")
        ]
        Campaign.objects.update(safety=SafetyLevel.HIGH, forecast=412)
        read = texts(small, False)
        assert "412" not in numbers(read["progress en"] + read["recap en"] + read["archive"])
        assert all(int(number) % 10 == 0 for number in totals(small)), totals(small)
        assert {Client().get(url).status_code for url in days} == {404}
        assert numbers(read["broken"])[-1:] != ["33"]
    with at(1):
        an_hour_passes()
        assert not ToldSpan.objects.exists()
        assert not ToldCountry.objects.exists()


# From hour to hour.


def cells_of(campaign):
    """{surface: {cell: number}} of all that is told apart from a total, on every surface that has it."""
    client = Client()
    data = client.get(f"/petitions/{campaign.petition.pk}.json").json()["data"]["attributes"]
    rows = {
        kind: list(csv.reader(io.StringIO(client.get(f"/c/{campaign.slug}/{kind}.csv").content.decode("utf-8-sig"))))[
            1:
        ]
        for kind in ("countries", "signatures")
    }
    found = {
        "json": {row["code"]: row["signature_count"] for row in data["signatures_by_country"]},
        "csv": {"" if code == "other" else code: int(number) for code, number in rows["countries"]},
        "days": {f"{start}–{end}": int(number) for start, end, number in rows["signatures"]},
    }
    for language in LANGUAGES:
        with translation.override(language):
            page = Html(client.get(reverse("progress", args=[campaign.slug])))
        charts = rows_of(page, "section[aria-labelledby=time] tr")
        found[f"chart {language}"] = {label: int(number) for label, number in charts}
        countries = enumerate(page.texts("section[aria-labelledby=countries] td.num"))
        found[f"countries {language}"] = {str(place): int(number) for place, number in countries}
        found[f"targets {language}"] = {handle: int(number) for handle, number in rows_of(page, TARGETS)}
    return found


def is_a_handful(number):
    return 0 < abs(number) < 5


@pytest.mark.requirement("S11")
def test_from_hour_to_hour_no_cell_and_no_difference_tells_of_a_handful():
    dice, hour, rows = Random(11), 0, []
    with at(0):
        made = campaign(SafetyLevel.ELEVATED)
    before = None
    while hour < 26:
        with at(hour, dice.randrange(50)):
            for _ in range(dice.choice([0, 1, 1, 2, 3, 9])):
                rows += sign(made, 1, dice.choice(["ES", "ES", "ES", "FR", "DE", "IT"]))
            open_composers(made, dice.choice([0, 1, 4]))
            if rows and dice.random() < 0.15:
                signing.withdraw(rows.pop(dice.randrange(len(rows))))
        hour += 1
        with at(hour):
            an_hour_passes()
            told = cells_of(made)
            total = public_figures(made).signatures.count
        assert told["json"] == told["csv"]
        assert (
            sorted(told["json"].values())
            == sorted(told["countries en"].values())
            == sorted(told["countries ar"].values())
        )
        assert list(told["chart en"].values()) == list(told["chart ar"].values())
        for surface, cells in told.items():
            assert not any(is_a_handful(number) for number in cells.values()), (hour, surface, cells)
            if before and surface not in ("countries en", "countries ar"):
                kept = (
                    cells.keys() & before[surface].keys()
                    if "chart" in surface or surface == "days"
                    else cells.keys() | before[surface].keys()
                )
                for cell in kept:
                    move = cells.get(cell, 0) - before[surface].get(cell, 0)
                    assert not is_a_handful(move), (hour, surface, cell, move)
        for kind in ("json", "days"):
            assert not told[kind] or not is_a_handful(total - sum(told[kind].values())), (hour, total, told[kind])
        before = told
    assert len(told["json"]) > 1
    assert len(told["chart en"]) > 3
    assert told["targets en"] and told["countries en"]
    kept = [row.content for row in DailySnapshot.objects.order_by("day")]
    assert len(kept) == 2


@pytest.mark.requirement("S11")
def test_one_signature_is_told_by_no_chart_and_no_country(client):
    """As it was seen: "25 Nov, 19:00: 1", and {"DE": 1} two seconds after a confirmation."""
    with at(0):
        made = campaign(SafetyLevel.ELEVATED)
        sign(made, 1, "DE")
    for hour in (1, 2, 30):
        with at(hour):
            an_hour_passes()
            page = client.get(f"/c/{made.slug}/progress/").content.decode()
            assert '<svg class="chart s"' not in page
            assert 'class="chart s"' not in page
            assert (
                client.get(f"/petitions/{made.petition.pk}.json").json()["data"]["attributes"]["signatures_by_country"]
                == []
            )
            assert "✓ <time" not in page


@pytest.mark.requirement("S11")
def test_days_that_are_signed_tell_of_no_handful():
    with at(0):
        made = campaign(SafetyLevel.STANDARD)
    confirmed = []
    for day, number in enumerate([3, 9, 1, 1, 12, 2, 7]):
        with at(24 * day):
            sign(made, number)
            open_composers(made, number)
            linking.link(made.tweet_action, day + 1)
        with at(24 * day + 20):
            an_hour_passes()
    for row in DailySnapshot.objects.order_by("day"):
        confirmed.append(row.content)
    figures = [
        [int(re.search(rf'"{key}": (\d+)', text)[1]) for text in confirmed] for key in ("confirmed", "opened", "linked")
    ]
    for series in figures:
        assert not any(is_a_handful(number) for number in series), series
        assert not any(is_a_handful(b - a) for a, b in zip(series, series[1:], strict=False)), series
    assert figures[0][-1] > 20


NUMBERS = st.dictionaries(st.sampled_from(["ES", "FR", "DE", "IT", "PT", "NL"]), st.integers(0, 14))


@pytest.mark.requirement("S11")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NUMBERS, max_size=6))
def test_no_published_cell_tells_of_fewer_than_five(steps):
    told = {}
    for actual in steps:
        after = disclosure.cells(told, actual)
        assert not any(is_a_handful(after.get(key, 0) - told.get(key, 0)) for key in {*told, *after})
        assert all(number >= 5 for number in after.values())
        assert sum(after.values()) in (sum(actual.values()), 0) or after == told
        told = after


@pytest.mark.requirement("S11")
@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=30, max_size=80), st.integers(1, 3), st.booleans())
def test_no_span_of_hours_tells_of_fewer_than_five(counts, often, is_over):
    """However often it is told: what was told stays, and the rest is never a handful."""
    start = datetime(2026, 6, 15, tzinfo=UTC)
    hours, told = {start + index * disclosure.HOUR: number for index, number in enumerate(counts) if number}, []
    for passed in range(0, len(counts) + 1, often):
        now = start + passed * disclosure.HOUR
        came = {hour: number for hour, number in hours.items() if hour < now}
        begin = told[-1].end if told else start
        told += disclosure.spans({h: n for h, n in came.items() if h >= begin}, begin, now, is_over)
        assert is_over or not is_a_handful(sum(came.values()) - sum(span.signatures for span in told)) or not told
    assert all(span.signatures >= 5 and span.start < span.end for span in told)
    assert all(one.end <= two.start for one, two in zip(told, told[1:], strict=False))
    assert all(sum(hours.get(hour, 0) for hour in between(span)) == span.signatures for span in told)
    days = disclosure.by_days(told)
    assert all(day.signatures >= 5 for day in days)
    assert all(one.end <= two.start for one, two in zip(days, days[1:], strict=False))


def between(span):
    return [span.start + number * disclosure.HOUR for number in range((span.end - span.start) // disclosure.HOUR)]


@pytest.mark.requirement("S11")
def test_small_countries_are_joined_until_nobody_can_be_told():
    assert disclosure.cells({}, {"ES": 9, "FR": 6, "DE": 3, "IT": 1}) == {"ES": 9, "": 10}
    assert disclosure.cells({"ES": 9, "": 10}, {"ES": 13, "FR": 6, "DE": 3, "IT": 1}) == {"ES": 9, "": 10}
    assert disclosure.cells({"ES": 9, "": 10}, {"ES": 14, "FR": 4, "DE": 3, "IT": 3}) == {"ES": 14, "": 10}
    assert disclosure.cells({}, {"ES": 5}) == {"ES": 5}
    assert disclosure.cells({}, {"ES": 1}) == {}


@pytest.mark.requirement("S11")
def test_asking_again_within_the_hour_changes_nothing():
    with at(0):
        made = campaign(SafetyLevel.HIGH)
        sign(made, 12)
        an_hour_passes()
        sign(made, 12)
        an_hour_passes()
        hourly.take(made.petition)
        assert public_figures(Campaign.objects.whole().get(pk=made.pk)).signatures.count == 10
    with at(1):
        an_hour_passes()
        assert public_figures(Campaign.objects.whole().get(pk=made.pk)).signatures.count == 20
