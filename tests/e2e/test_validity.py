"""Pages, feeds and data as programs read them: with the checker of the W3C, and with libraries that were made to read such things."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.request
from html import escape
from io import BytesIO
from pathlib import Path

import extruct
import feedparser
import micawber
import pytest
from PIL import Image

from core.drawing import palette, pdf
from demo import campaigns as data
from tests.e2e.test_pages import PAGES
from tests.html import Html

CHECKER = Path(__file__).resolve().parents[2] / "var/checker/node_modules/vnu-jar/build/dist/vnu.jar"
LIVE, CLOSED = data.EXAMPLE.slug, data.BAHRAIN
LANGUAGES = ["", "/ar", "/fr", "/es"]


def get(url: str) -> bytes:
    try:
        return urllib.request.urlopen(url).read()
    except urllib.error.HTTPError as error:
        return error.read()


@pytest.fixture(scope="module")
def drawn(site):
    """The URL of a share image; the worker draws them all soon after the start."""
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        pages = [get(f"{site.url}{language}/c/{slug}/") for language in LANGUAGES for slug in (LIVE, CLOSED)]
        images = [Html(page).values("meta[property='og:image']", "content") for page in pages]
        if all(images):
            return [url for (url,) in images]
        time.sleep(1)
    raise AssertionError("no share image was drawn")


def test_html_is_valid(site, tmp_path):
    for language in LANGUAGES:
        for path in [*PAGES, f"/c/{LIVE}/embed/?theme=dark", f"/c/{CLOSED}/progress/?day=2011-06-15"]:
            if not (path.startswith("/accounts") and language):
                name = re.sub(r"\W+", "_", language + path).strip("_")
                (tmp_path / f"{name}.html").write_bytes(get(site.url + language + path))
    (tmp_path / "map.svg").write_bytes(get(f"{site.url}/c/{CLOSED}/countries.svg"))
    java = shutil.which("java")
    command = [
        java,
        "-jar",
        str(CHECKER),
        "--format",
        "json",
        "--stdout",
        "--also-check-svg",
        "--exit-zero-always",
        str(tmp_path),
    ]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
    assert len(list(tmp_path.iterdir())) > 90
    assert [
        (one["url"].rsplit("/", 1)[1], one["message"]) for one in answer["messages"] if one["type"] == "error"
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_is_read_by_a_feed_reader(site, language):
    feed = feedparser.parse(get(f"{site.url}{language}/c/{LIVE}/feed.atom"))
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.language == (language.strip("/") or "en")
    assert feed.entries
    for entry in feed.entries:
        assert entry.id and entry.title and entry.updated_parsed and entry.link.startswith(site.url)


@pytest.mark.parametrize(("slug", "language"), [(LIVE, ""), (LIVE, "/ar"), (CLOSED, "/fr")])
def test_open_graph_is_read_by_a_card_reader(site, drawn, slug, language):
    url = f"{site.url}{language}/c/{slug}/"
    html = get(url).decode()
    (found,) = extruct.extract(html, base_url=url, syntaxes=["opengraph"])["opengraph"]
    tags = dict(found["properties"])
    assert tags["og:url"] == url
    assert f"<title>{escape(tags['og:title'])}</title>" in html
    assert (tags["og:image:width"], tags["og:image:height"], tags["og:type"]) == ("1200", "630", "website")
    assert len(tags["og:image:alt"]) > 40
    assert tags["og:image"] in drawn
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_oembed_is_found_and_read_by_an_oembed_consumer(site, drawn):
    registry = micawber.ProviderRegistry()
    registry.register(rf"{re.escape(site.url)}/\S*", micawber.Provider(f"{site.url}/oembed"))
    url = f"{site.url}/ar/c/{LIVE}/"
    answer = registry.request(url, maxwidth=400)
    assert (answer["type"], answer["version"], answer["width"]) == ("rich", "1.0", 400)
    assert f"/ar/c/{LIVE}/embed/" in answer["html"]
    assert answer["thumbnail_url"] in drawn
    discovered = Html(get(url)).one("link[type='application/json+oembed']")["href"]
    assert json.loads(get(discovered))["title"] == answer["title"]


def test_share_images_are_what_networks_want_and_show_the_meter(drawn):
    for url in drawn:
        content = get(url)
        image = Image.open(BytesIO(content))
        assert (image.format, image.size) == ("PNG", (1200, 630)), url
        assert 5_000 < len(content) <= 200_000, (url, len(content))
    # The Bahrain case in English: 16,483 of 20,000 is eight tenths, so the signatures' strand ends at 80 percent of the meter.
    accent = tuple(int(palette.light("accent", "red")[place : place + 2], 16) for place in (1, 3, 5))
    closed = next(url for url in drawn if url.startswith(drawn[1].split("/c/")[0] + f"/c/{CLOSED}/"))
    image = Image.open(BytesIO(get(closed))).convert("RGB")
    filled = [x for x in range(60, 1140) for y in range(390, 510) if near(image.getpixel((x, y)), accent)]
    assert max(filled) - 60 == pytest.approx(0.8 * 1080, abs=24)
    # In Arabic it is mirrored.
    mirrored = Image.open(BytesIO(get(next(url for url in drawn if f"/ar/c/{CLOSED}/" in url)))).convert("RGB")
    filled = [x for x in range(60, 1140) for y in range(390, 510) if near(mirrored.getpixel((x, y)), accent)]
    assert 1140 - min(filled) == pytest.approx(0.8 * 1080, abs=24)


def near(pixel, colour):
    return all(abs(one - other) < 24 for one, other in zip(pixel, colour, strict=True))


HEADLINES = [
    "Publish the whole report, .@xmpl_ministry! https://www.example.org/en/news/2026/11/a-very-long-address?utm_source=x&utm_medium=y",
    "W" * 190 + " .@xmpl_ministry",
    "👨‍👩‍👧‍👦" * 60,
    "漢字" * 60,
    "انشروا التقرير كاملًا الآن " * 8,
    "x",
]


@pytest.mark.parametrize("headline", HEADLINES, ids=range(len(HEADLINES)))
def test_a_share_image_shows_its_headline_whatever_it_is(site, headline):
    """Ink where the headline stands, and the meter where it stands, on one page of 1200 by 630."""
    from campaigns.models import Campaign
    from progress.figures import PublicFigures, Strand
    from progress.share_image import _context, _largest_that_fits, _pages

    strand = Strand(50, 100)
    figures = PublicFigures(
        as_of=None, signatures=strand, tweets=strand, pending=None, under_review=None, removed=None, hourly_as_of=None, opened=0,
        matching_as_of=None, linked=0, verified=0, is_connected=True, pledged=None, demands=[], responses=0, days_without_response=None,
    )  # fmt: skip
    campaign = Campaign(slug="x", headline=headline, accent="teal")
    context = _context(campaign, figures, "en")
    with pdf.Press(pdf.UNHURRIED) as press:
        content = _largest_that_fits(press, _pages(campaign, context))
    image = Image.open(BytesIO(content)).convert("L")
    assert image.size == (1200, 630)

    def ink(top, bottom):
        return sum(image.getpixel((x, y)) < 190 for x in range(60, 1140, 2) for y in range(top, bottom, 2))

    assert ink(100, 410) > 60
    assert ink(420, 510) > 2_000
