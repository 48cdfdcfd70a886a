import re
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.models import Accent, Campaign
from progress import charts, meter, over_time
from progress.figures import Strand, public_figures
from progress.tests.test_figures import figures, matched, signed
from tests import factories
from tests.html import Html


def campaign(slug="c"):
    return Campaign(slug=slug, accent=Accent.TEAL)


def width(svg, kind):
    return float(Html(svg).one(f"[height='64'][data-strand={kind}]")["width"])


def test_the_meter_says_in_words_what_it_shows():
    assert 'aria-label="signatures 81% of the goal, tweets 62% of the goal"' in meter.draw(
        campaign(), figures(Strand(81, 100), Strand(62, 100))
    )
    assert 'aria-label="signatures 81% of the goal, tweets not known yet"' in meter.draw(
        campaign(), figures(Strand(81, 100), Strand(None, 100))
    )


def test_each_strand_is_filled_as_far_as_it_has_come():
    svg = meter.draw(campaign(), figures(Strand(50, 100), Strand(100, 100)))
    full = meter.RIGHT - meter.LEFT
    assert width(svg, "s") == pytest.approx(full / 2 + meter.THICK)
    assert width(svg, "t") == pytest.approx(full + meter.THICK)
    assert width(meter.draw(campaign(), figures(Strand(0, 100), Strand(None, 100))), "s") == 0
    assert width(meter.draw(campaign(), figures(Strand(900, 100), None)), "s") == pytest.approx(full + meter.THICK)


def test_two_meters_on_a_page_do_not_share_ids():
    one, other = (meter.draw(campaign(name), figures(Strand(1, 2), Strand(1, 2))) for name in ("a", "b"))
    ids = Html(one + other).values("[id]", "id")
    assert len(ids) == len(set(ids)) == 4


def test_it_needs_no_inline_style():
    assert "style" not in meter.draw(campaign(), figures(Strand(1, 2), Strand(1, 2)))


def draw_all(campaign):
    return charts.draw_all(campaign, public_figures(campaign), over_time.read(campaign))


@pytest.mark.django_db
def test_charts_have_every_day_and_say_what_nobody_asked():
    campaign = factories.campaign()
    now = datetime.now(UTC).replace(hour=12)
    for days, number in {1: 6, 2: 2, 3: 1, 4: 12}.items():
        for _ in range(number):
            factories.signature(campaign.petition, confirmed_at=now - timedelta(days=days))
    signed(campaign, 0)
    factories.told(campaign.petition)
    matched(campaign, 5)
    signatures, tweets = draw_all(campaign)
    assert [number for *_, number in signatures.rows] == [12, 9]
    assert [(end - start).days for start, end, _ in signatures.rows] == [1, 3]
    assert signatures.joined
    assert signatures.unit == "day"
    first = now - timedelta(days=4)
    assert signatures.summary.endswith(f"highest: 12 on {first.day} {first:%b}")
    assert [number for *_, number in tweets.rows] == [5]
    assert signatures.svg.count("<rect") == 2


@pytest.mark.django_db
def test_young_campaigns_are_shown_by_the_hour():
    campaign = factories.campaign()
    signed(campaign, 7)
    factories.told(campaign.petition)
    (chart,) = draw_all(campaign)
    assert (chart.unit, [number for *_, number in chart.rows]) == ("hour", [7])


@pytest.mark.django_db
def test_nothing_yet_is_no_chart():
    assert draw_all(factories.campaign()) == []


def luminance(colour):
    colour = colour.lstrip("#")
    colour = "".join(sign * 2 for sign in colour) if len(colour) == 3 else colour
    parts = [int(colour[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(css, selector):
    block = re.search(rf"{re.escape(selector)} {{(.*?)}}", css, re.DOTALL).group(1)
    return {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", block)}


@pytest.mark.parametrize("accent", Accent.values)
@pytest.mark.parametrize("scheme", [0, 1])
def test_the_contrast_of_every_palette(accent, scheme, settings):
    css = (settings.BASE_DIR / "static/css/outcry.css").read_text()
    base, own = palette(css, ":root"), palette(css, f".accent-{accent}")
    for ground in ("paper", "card"):
        for ink in ("ink", "soft", "second", "good", "wait", "bad"):
            assert contrast(base[ink][scheme], base[ground][scheme]) >= 4.5, (ink, ground)
        assert contrast(own["accent"][scheme], base[ground][scheme]) >= 4.5
        assert contrast(base["edge"][scheme], base[ground][scheme]) >= 3
    assert contrast(base["on-accent"][scheme], own["accent"][scheme]) >= 4.5
