"""The progress page as a donor meets it: what the first screen says, what comes in which order, and how it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo import campaigns as data

LIVE, CLOSED = data.EXAMPLE.slug, data.BAHRAIN
ORDER = ["demands", "said", "course", "time", "milestones", "signed", "ladder", "countries", "how", "downloads"]

# Paragraphs, list items and cells whose own text is broken into three lines or more, in less than 20 letters' width.
NARROW = """() => {
  const found = [];
  for (const one of document.querySelectorAll("main p, main li, main dd, main dt, main td, main th, main figcaption, main summary")) {
    if (one.closest("svg, .unseen, .scale") || !one.getClientRects().length) continue;
    const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join(" ");
    if (own.length < 20) continue;
    const style = getComputedStyle(one), size = parseFloat(style.fontSize);
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const lines = one.clientHeight / (parseFloat(style.lineHeight) || size * 1.2);
    if (lines >= 2.9 && room < 20 * size / 2) found.push([Math.round(room), own.slice(0, 60)]);
  }
  return found;
}"""

SMALL = """() => [...document.querySelectorAll("main a, main summary, main button")]
  .filter((one) => one.getClientRects().length && !one.closest(".prose, blockquote"))
  .map((one) => [one.getBoundingClientRect(), one.textContent.trim().slice(0, 60)])
  .filter(([box]) => box.height < 24 || box.width < 24).map(([box, text]) => [box.width, box.height, text])"""


# Whether each chart stands below its title.
TITLES = """() => [...document.querySelectorAll("figure:has(.plot)")].map((one) =>
  one.querySelector("figcaption").getBoundingClientRect().bottom <= one.querySelector(".plot").getBoundingClientRect().top)"""


# The notice of the closed one, which says what is invented, is longer than a phone's window.
@pytest.mark.parametrize(("slug", "width", "height"), [(LIVE, 360, 780), (LIVE, 1280, 860), (CLOSED, 1280, 860)])
def test_the_first_screen_says_how_it_stands(page, site, slug, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site.url}/c/{slug}/progress/")
    words, box = page.inner_text(".standing"), page.locator(".standing").bounding_box()
    wanted = (
        ["of 2,000 people have signed", "Ministry of Examples has been silent for 6 days", "Day of action: "]
        if slug == LIVE
        else ["16,483 of 20,000 people signed: the goal was not met.", "4,238 of 5,000 posts: the goal was not met."]
    )
    for sentence in wanted:
        assert sentence in words
    assert box["y"] + box["height"] <= height, (box, words)


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("slug", [LIVE, CLOSED])
def test_on_a_phone_it_comes_in_its_order(page, site, slug, language):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{site.url}{language}/c/{slug}/progress/")
    places = [
        (page.locator(f"h2#{name}").bounding_box()["y"], name) for name in ORDER if page.locator(f"h2#{name}").count()
    ]
    assert len(places) >= 9
    assert [name for _, name in sorted(places)] == [name for _, name in places]
    table, plan = (
        page.locator("section[aria-labelledby=countries] table"),
        page.locator("section[aria-labelledby=countries] h3"),
    )
    assert table.bounding_box()["y"] < plan.bounding_box()["y"] < page.locator(".map img").bounding_box()["y"]
    assert page.evaluate(TITLES) == [True] * len(page.locator("figure .plot").all())


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_column_of_text_is_narrower_than_twenty_letters(page, site, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    for slug in (LIVE, CLOSED):
        page.goto(f"{site.url}{language}/c/{slug}/progress/")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate(NARROW) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_all_that_is_pressed_is_large_enough(page, site, width):
    page.set_viewport_size({"width": width, "height": 800})
    for slug in (LIVE, CLOSED):
        page.goto(f"{site.url}/c/{slug}/progress/")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate(SMALL) == []


def test_labels_stay_within_the_window_and_apart(page, site):
    """Those along the foot of a chart and at the ticks of the meter."""
    for language in ("", "/ar"):
        for width in (320, 360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for slug in (LIVE, CLOSED):
                page.goto(f"{site.url}{language}/c/{slug}/progress/")
                for strip in page.locator("svg.along").all():
                    boxes = sorted(
                        (box["x"], box["x"] + box["width"])
                        for box in (text.bounding_box() for text in strip.locator("text").all())
                    )
                    assert all(left >= 0 and right <= width for left, right in boxes), (slug, language, width, boxes)
                    if strip.locator("line").count():
                        assert all(one[1] < two[0] for one, two in zip(boxes, boxes[1:], strict=False)), boxes


COLOURS = """() => Object.fromEntries(["s", "t"].map((kind) => {
  const rope = getComputedStyle(document.querySelector(`.rope .${kind}:not(.rest)`)).stroke;
  const swatch = getComputedStyle(document.querySelector(`.strand.${kind}`), "::before");
  return [kind, [rope, kind === "s" ? swatch.backgroundColor : swatch.backgroundImage]];
}))"""


def test_meter_and_legend_are_alike_in_forced_colours(page, site):
    page.emulate_media(forced_colors="active")
    page.goto(f"{site.url}/c/{CLOSED}/progress/")
    colours = page.evaluate(COLOURS)
    assert colours["s"][0] == colours["s"][1]
    assert colours["t"][0] in colours["t"][1]
    assert colours["s"][0] != colours["t"][0]


def test_the_time_moves_with_its_number_and_the_status_is_heard_only(page, site):
    page.goto(f"{site.campaign}progress/")
    moment = page.locator('time[data-as-of="tweets.matching_as_of"]').first
    before, written = moment.get_attribute("datetime"), moment.inner_text()
    site.x.add_post(
        "ana_at_x", f".@{data.EXAMPLE.handle} #{data.EXAMPLE.hashtag}", at=datetime.now(UTC) - timedelta(minutes=2)
    )
    page.wait_for_function(
        "before => document.querySelector('time[data-as-of=\"tweets.matching_as_of\"]').dateTime !== before",
        arg=before,
        timeout=20_000,
    )
    after = moment.get_attribute("datetime")
    assert datetime.fromisoformat(after) > datetime.fromisoformat(before)
    # Written as the page wrote it: in the campaign's zone, by the letters of the language.
    assert [part.isdigit() for part in moment.inner_text()] == [part.isdigit() for part in written]
    minutes = f"{datetime.fromisoformat(after).astimezone():%M}"
    assert f":{minutes} " in moment.inner_text()
    box = page.locator("[role=status]").bounding_box()
    assert box["width"] <= 1 and box["height"] <= 1
