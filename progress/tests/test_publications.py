"""What is made to be passed on: definitions, map, snapshots, share images, and what is said where a system can't draw."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaigns.models import Accent, Campaign, Status
from core.crypto import ed25519
from core.drawing import palette, pdf
from core.environment import public_keys
from operations.checks import site
from petitions import tally
from petitions.models import Petition
from progress import daily_snapshots, definitions, share_image, world_map
from progress import tasks as progress_tasks
from progress.figures import public_figures
from progress.models import DailySnapshot, ShareImage
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


def signed(campaign, number, country="ES"):
    for _ in range(number):
        factories.signature(campaign.petition, country=country)
    tally.settle_all()


@pytest.fixture
def no_pango(monkeypatch):
    """As on a system whose libraries WeasyPrint does not find."""
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", "raise OSError('cannot load library libpango')"])
    pdf.forget()
    yield
    monkeypatch.undo()
    pdf.forget()


# Definitions


def test_every_figure_opens_its_definition_its_time_and_its_data(client, live):
    signed(live, 7)
    blocks = {block.one("dt").text: block for block in Html(client.get(f"/c/{live.slug}/progress/")).find("div.figure")}
    for figure in definitions.signatures(live, public_figures(live)) + definitions.ladder(live, public_figures(live)):
        block = blocks[str(figure.label)]
        assert figure.definition in block.text
        assert figure.csv in block.values("a", "href")
        assert client.get(figure.csv).status_code == 200
        assert ("As of" in block.text) == (figure.as_of is not None)


def test_all_figures_as_csv(client, live):
    signed(live, 7)
    lines = client.get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "figure,number,as_of,definition"
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["signatures.percent", "7"],
        ["tweets.percent", ""],
        ["signatures.confirmed", "7"],
        ["signatures.pending", ""],
        ["signatures.under_review", ""],
        ["signatures.removed", "0"],
        ["tweets.opened", "0"],
        ["tweets.matching", ""],
        ["tweets.linked", "0"],
        ["tweets.verified", "0"],
    ]


# Map


def test_the_map_shades_countries_by_their_number(client, live):
    signed(live, 6)
    signed(live, 12, "FR")
    signed(live, 5, "BH")
    factories.told(live.petition)
    response = client.get(f"/c/{live.slug}/countries.svg")
    assert response["Content-Type"] == "image/svg+xml"
    drawn = ET.fromstring(response.content)
    (mine,) = (group for group in drawn.findall(".//{*}g") if group.get("class") == "mine")
    assert sorted(shape.get("class") for shape in mine) == ["m1", "m1", "m2"]
    assert [shape.tag.split("}")[1] for shape in mine].count("circle") == 1
    assert f'src="/c/{live.slug}/countries.svg"' in client.get(f"/c/{live.slug}/progress/").content.decode()


@pytest.mark.parametrize(
    ("number", "shade"), [(5, 1), (9, 1), (10, 2), (99, 2), (100, 3), (9_999, 4), (10_000, 5), (10**7, 5)]
)
def test_a_shade_for_each_ten_times(number, shade):
    assert world_map.shade(number) == shade


def test_the_world_has_every_country_once():
    world = world_map._world()
    shapes, points = set(world["shapes"]), set(world["points"])
    assert "" not in shapes | points
    assert not shapes & points
    assert {"US", "AU", "FR", "SE", "IN"} <= shapes
    assert {"BH", "MT", "SG"} <= points
    assert len(shapes | points) > 230


def test_where_countries_are_kept_back_there_is_no_map(client, live):
    signed(live, 30)
    Campaign.objects.update(safety="high")
    assert client.get(f"/c/{live.slug}/countries.svg").status_code == 404
    assert "countries.svg" not in client.get(f"/c/{live.slug}/progress/").content.decode()


# Snapshots


def checked(response):
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(response["Signature-Key"]))
    key.verify(bytes.fromhex(response["Signature-Ed25519"]), response.content)


@pytest.fixture
def pinned(settings, db):
    """The site was told its key, as `manage.py snapshot_keys` prints it."""
    settings.SNAPSHOT_KEYS = {bytes(ed25519.current().public): date(2026, 1, 1)}
    return settings.SNAPSHOT_KEYS


def test_a_snapshot_a_day_that_anybody_can_check(client, live, pinned):
    signed(live, 7)
    factories.told(live.petition)
    progress_tasks.take_snapshots()
    progress_tasks.take_snapshots()
    snapshot = DailySnapshot.objects.get()
    path = f"/c/{live.slug}/progress/{snapshot.day}"
    response = client.get(f"{path}.json")
    checked(response)
    assert json.loads(response.content)["signatures"]["confirmed"] == 7
    page = client.get(f"{path}/").content.decode()
    assert "Genuine:" in page
    assert bytes(snapshot.signature).hex() in page
    assert path + "/" in client.get(f"/c/{live.slug}/progress/").content.decode()


def test_one_changed_letter_is_seen(client, live, pinned):
    signed(live, 7)
    factories.told(live.petition)
    snapshot = daily_snapshots.take(live)
    DailySnapshot.objects.update(content=snapshot.content.replace('"confirmed": 7', '"confirmed": 8'))
    path = f"/c/{live.slug}/progress/{snapshot.day}"
    assert "Not genuine:" in client.get(f"{path}/").content.decode()
    with pytest.raises(InvalidSignature):
        checked(client.get(f"{path}.json"))


def test_a_key_that_only_the_database_knows_is_not_ours(client, live, pinned):
    """Somebody who can write to the database signs figures of their own."""
    snapshot = daily_snapshots.take(live)
    forged = snapshot.content.replace('"confirmed": 0', '"confirmed": 9000')
    theirs = ed25519.new()
    DailySnapshot.objects.update(content=forged, key=theirs, signature=ed25519.sign(theirs, forged.encode()))
    page = client.get(f"/c/{live.slug}/progress/{snapshot.day}/").content.decode()
    assert "Not genuine:" in page
    assert "Genuine:" not in page.replace("Not genuine:", "")
    assert theirs.public.hex() not in client.get("/keys/").content.decode()
    assert ed25519.current() != theirs


def test_a_key_whose_private_half_nobody_can_read_stops_nothing(client, live, pinned):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_signingkey (public, secret, since) VALUES (%s, 'x', now())", [b"p" * 32])
    snapshot = daily_snapshots.take(live)
    assert "Genuine:" in client.get(f"/c/{live.slug}/progress/{snapshot.day}/").content.decode()
    assert (b"p" * 32).hex() not in ed25519.to_pin()


def test_what_was_signed_for_another_day_or_campaign_is_not_genuine_there(live, pinned):
    other = factories.campaign()
    row = daily_snapshots.take(live)
    assert daily_snapshots.check(row) == "genuine"
    row.day += timedelta(days=2)
    assert daily_snapshots.check(row) == "forged"
    row = DailySnapshot.objects.get()
    row.campaign = other
    assert daily_snapshots.check(row) == "forged"


def test_without_pinned_keys_nobody_can_say_whose_signature_it_is(client, live, settings):
    settings.SNAPSHOT_KEYS = {}
    snapshot = daily_snapshots.take(live)
    page = client.get(f"/c/{live.slug}/progress/{snapshot.day}/").content.decode()
    assert "Not confirmed:" in page
    assert "Genuine:" not in page
    assert "has not published its keys yet" in client.get("/keys/").content.decode()
    assert [found.id for found in site.snapshots_can_be_confirmed()] == ["outcry.W005"]


def test_a_later_key_signs_once_it_is_pinned_and_the_earlier_one_still_verifies(client, live, settings, capsys):
    settings.SNAPSHOT_KEYS = {}
    call_command("snapshot_keys")
    settings.SNAPSHOT_KEYS = public_keys(capsys.readouterr().out.strip().partition("=")[2])
    first = daily_snapshots.take(live)
    assert daily_snapshots.check(first) == "genuine"
    call_command("snapshot_keys", "--new")
    assert ed25519.current() == first.key
    settings.SNAPSHOT_KEYS = public_keys(capsys.readouterr().out.strip().partition("=")[2])
    later = dict(zip(settings.SNAPSHOT_KEYS, [date(2026, 1, 1), date(2026, 11, 1)], strict=True))
    settings.SNAPSHOT_KEYS = later
    assert bytes(ed25519.current().public) == list(later)[1]
    assert daily_snapshots.check(first) == "genuine"
    page = client.get("/keys/").content.decode()
    assert page.index("2026-11-01") < page.index("2026-01-01")
    assert all(public.hex() in page for public in later)


@pytest.mark.parametrize("raw", ["2026-01-01", "2026-01-01:ab", "tomorrow:" + "ab" * 32, ":" + "ab" * 32])
def test_a_mistyped_key_is_refused(raw):
    with pytest.raises(ValueError):  # noqa: PT011
        public_keys(raw)


def test_days_begin_in_the_campaigns_zone(live):
    Campaign.objects.update(time_zone="Pacific/Auckland")
    with time_machine.travel("2026-06-15T11:30Z", tick=False):
        progress_tasks.take_snapshots()
    with time_machine.travel("2026-06-15T12:30Z", tick=False):
        progress_tasks.take_snapshots()
    assert sorted(str(row.day) for row in DailySnapshot.objects.all()) == ["2026-06-15", "2026-06-16"]


def test_after_the_end_a_snapshot_is_taken_whenever_something_has_moved(live):
    def days(*of_june):
        for day in of_june:
            with time_machine.travel(f"2026-06-{day}T12:30Z", tick=False):
                progress_tasks.take_snapshots()

    factories.told(live.petition)
    days(15)
    Campaign.objects.update(status=Status.CLOSED)
    days(16, 17, 18)
    signed(live, 4)
    Petition.objects.update(hourly_at=None)
    factories.told(live.petition)
    days(19)
    Petition.objects.update(hourly_at=None)
    signed(live, 1)
    factories.told(live.petition)
    days(20, 21)
    told = [(str(row.day)[-2:], json.loads(row.content)) for row in DailySnapshot.objects.order_by("day")]
    assert [(day, data["status"], data["signatures"]["confirmed"]) for day, data in told] == [
        ("15", "live", 0),
        ("16", "closed", 0),
        ("20", "closed", 5),
    ]


def test_where_totals_come_in_steps_no_day_tells_when(client, live):
    """Also none that was taken before the level was raised."""
    signed(live, 7)
    snapshot = daily_snapshots.take(live)
    Campaign.objects.update(safety="high")
    for end in ("/", ".json"):
        assert client.get(f"/c/{live.slug}/progress/{snapshot.day}{end}").status_code == 404
    assert "dated and signed" not in client.get(f"/c/{live.slug}/progress/").content.decode()
    DailySnapshot.objects.all().delete()
    progress_tasks.take_snapshots()
    assert DailySnapshot.objects.count() == 0


@pytest.mark.parametrize("day", ["2026-01-01", "yesterday", "2026-13-45", "١٢"])
def test_a_day_without_a_snapshot_is_not_found(client, live, day):
    assert client.get(f"/c/{live.slug}/progress/{day}/").status_code == 404
    assert client.get(f"/c/{live.slug}/progress/{day}.json").status_code == 404


def test_a_draft_has_no_snapshot(live):
    Campaign.objects.update(status=Status.INTEREST)
    progress_tasks.take_snapshots()
    assert DailySnapshot.objects.count() == 0


# Share images


def test_an_image_has_a_url_for_each_version(client, live):
    ShareImage.objects.create(campaign=live, language="en", version="abc", content=b"\x89PNG")
    assert (
        f'property="og:image" content="http://testserver/c/{live.slug}/share-abc.png"'
        in client.get(f"/c/{live.slug}/").content.decode()
    )
    response = client.get(f"/c/{live.slug}/share-abc.png")
    assert (response.content, response["Content-Type"]) == (b"\x89PNG", "image/png")
    assert "immutable" in response["Cache-Control"]
    old = client.get(f"/c/{live.slug}/share-older.png")
    assert (old.status_code, old["Location"]) == (303, f"/c/{live.slug}/share-abc.png")
    assert client.get(f"/ar/c/{live.slug}/share-abc.png").status_code == 404


def test_drawing_ends_with_its_turn_and_begins_with_open_campaigns(live, monkeypatch):
    closed = factories.campaign(status="closed", launched_at=live.launched_at)
    drawn = []
    monkeypatch.setattr(
        share_image, "draw", lambda press, campaign, figures, language: bool(drawn.append(campaign) or True)
    )
    assert share_image.draw_all(within=0) == 0
    assert drawn == []
    assert share_image.draw_all(within=60) == 8
    assert drawn == [live] * 4 + [closed] * 4


def test_a_picture_that_takes_too_long_holds_up_none_of_the_others(live, monkeypatch):
    asked = []

    def busy_in_english(press, campaign, figures, language):
        asked.append(language)
        if language == "en":
            raise pdf.Busy
        return True

    monkeypatch.setattr(share_image, "draw", busy_in_english)
    monkeypatch.setattr(share_image, "_too_slow", {})
    assert share_image.draw_all(within=60) == share_image.draw_all(within=60) == 3
    assert asked.count("en") == 1


def test_without_pango_pages_name_no_image_and_offer_no_pdf(client, live, no_pango):
    progress_tasks.draw_share_images()
    assert ShareImage.objects.count() == 0
    page = client.get(f"/c/{live.slug}/").content.decode()
    assert "og:image" not in page
    assert '<meta name="twitter:card" content="summary">' in page
    progress = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "progress.pdf" not in progress
    assert "This system can" in progress
    response = client.get(f"/c/{live.slug}/progress.pdf")
    assert response.status_code == 503
    assert "Printing the progress page" in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(("headline", "size"), [("x" * 60, 0), ("x" * 61, 1), ("漢" * 61, 2), ("x" * 280, 3)])
def test_a_longer_headline_is_set_smaller(headline, size):
    assert share_image._first_size(Campaign(headline=headline)) == size


@pytest.mark.parametrize("accent", Accent.values)
def test_what_is_drawn_without_the_stylesheet_has_its_colours(accent):
    found = re.search(rf"\.accent-{accent} {{ --accent: light-dark\((#\w+), (#\w+)\)", palette.stylesheet())
    assert (palette.light("accent", accent), palette.dark("accent", accent)) == found.groups()
    assert palette.light("second") == "#14324f"
    with pytest.raises(LookupError):
        palette.light("nothing")


# When all else fails


def test_the_error_page_shows_what_was_known_last_and_asks_no_database(live, django_assert_num_queries):
    from django.test import Client

    from public.views import broken

    signed(live, 7)
    progress_tasks.keep_last_known()
    client = Client(raise_request_exception=False)
    request = client.get(f"/fr/c/{live.slug}/").wsgi_request
    with django_assert_num_queries(0):
        response = broken.server_error(request)
    page = response.content.decode()
    assert response.status_code == 500
    assert '<dd class="num">7</dd>' in page
    assert response["Cache-Control"] == "no-store"
    cache.clear()
    assert "<dd" not in broken.server_error(request).content.decode()


def test_a_page_that_breaks_answers_with_it(live, monkeypatch):
    from django.test import Client

    from public.views import reading

    signed(live, 7)
    progress_tasks.keep_last_known()

    def fails(campaign):
        raise RuntimeError

    monkeypatch.setattr(reading, "public_figures", fails)
    response = Client(raise_request_exception=False).get(f"/c/{live.slug}/")
    assert response.status_code == 500
    assert '<dd class="num">7</dd>' in response.content.decode()


def test_what_is_no_longer_public_is_no_longer_remembered(live):
    from progress import last_known

    Campaign.objects.update(status=Status.INTEREST)
    progress_tasks.keep_last_known()
    assert last_known.recall(live.slug)["headline"] == live.headline
    Campaign.objects.update(status=Status.DRAFT)
    progress_tasks.keep_last_known()
    assert last_known.recall(live.slug) is None


@pytest.mark.requirement("A26")
@pytest.mark.parametrize(
    "planted",
    [
        7,
        "x",
        [1],
        {"x": 1},
        {"{slug}": 7},
        {"{slug}": {"headline": "x"}},
        {"{slug}": {**dict.fromkeys(("headline", "language"), 1), "signatures": "x", "tweets": [], "as_of": "now"}},
    ],
)
def test_the_error_page_survives_what_was_planted(live, planted):
    from progress import last_known

    cache.set(
        last_known.KEY,
        {key.format(slug=live.slug): row for key, row in planted.items()} if isinstance(planted, dict) else planted,
    )
    assert last_known.recall(live.slug) is None


def test_at_the_highest_level_the_definition_says_how_the_number_is_told(client, live):
    signed(live, 12)
    Campaign.objects.update(safety="high")
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "Updated every hour in steps of ten" in page
    assert "Counted within seconds" not in page + client.get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig")


def test_the_live_numbers_are_asked_for_only_once_while_nothing_moves(client, live):
    first = client.get(f"/c/{live.slug}/progress.json")
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        again = client.get(f"/c/{live.slug}/progress.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    signed(live, 1)
    moved = client.get(f"/c/{live.slug}/progress.json", headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200


@pytest.mark.parametrize(("code", "kept"), [("import time; time.sleep(9)", 0), ("raise ValueError", 1)])
def test_an_image_that_was_not_drawn_in_time_is_tried_again_and_one_that_can_not_be_is_not(
    live, monkeypatch, code, kept
):
    monkeypatch.setattr(pdf, "WORKER", [sys.executable, "-c", code])
    monkeypatch.setattr(pdf, "UNHURRIED", 0.3 if "sleep" in code else 40)
    monkeypatch.setattr(share_image, "_too_slow", {})
    monkeypatch.setattr(settings, "LANGUAGES", [("en", "English")])
    assert share_image.draw_all() == 0
    assert len(share_image._too_slow) == 1 - kept
    assert ShareImage.objects.filter(content=b"").count() == kept
    assert share_image.version(live, "en") == ""


TAMPERED = {
    "no JSON": lambda content: "nothing",
    "a list": lambda content: "[]",
    "nothing": lambda content: "null",
    "a word": lambda content: '"figures"',
    "deep": lambda content: '{"a":' * 3_000,
    "without parts": lambda content: '{"campaign": 1}',
    "no number": lambda content: content.replace('"linked": 0', '"linked": null'),
    "words": lambda content: content.replace('"confirmed": 0', '"confirmed": "many"'),
    "a share": lambda content: content.replace('"percent": 0', '"percent": []'),
    "a part": lambda content: content.replace('"signatures": {', '"signatures": 5, "x": {'),
    "an outcome": lambda content: content.replace('"outcome": "open"', '"outcome": "x"'),
    "a day": lambda content: content.replace('"since": "', '"since": "x'),
}


@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED)
def test_whatever_stands_in_a_snapshots_place_is_called_not_genuine(client, live, pinned, tampered):
    row = daily_snapshots.take(live)
    path = f"/c/{live.slug}/progress/{row.day}"
    changed = tampered(row.content)
    assert changed != row.content
    with connection.cursor() as cursor:
        cursor.execute("UPDATE progress_dailysnapshot SET content = %s", [changed])
    page = client.get(f"{path}/")
    assert page.status_code == 200
    assert "Not genuine:" in page.content.decode()
    # Nor does it stop the snapshots of tomorrow, this campaign's and all others'.
    Campaign.objects.update(status="closed")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        progress_tasks.take_snapshots()
    assert DailySnapshot.objects.count() == 2
