"""One address is one page: known words once and as written, all others dropped."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.models import Status
from core.web import parameters
from petitions import tally
from tests import factories

pytestmark = pytest.mark.django_db
REFUSED = [
    "day=2026-06-15&day=2026-06-16",
    "day=2026-06-15&DAY=2026-06-16",
    "DAY=2026-06-15",
    "Day=2026-06-15",
    "%64ay=2026-06-15",
    "d%41y=2026-06-15",
    "day&day=2026-06-15",
    "day=&day=",
    "day=2026-06-15&x=1&day=2026-06-15",
    "theme=dark&theme=light",
    "THEME=dark",
    "url=a&url=b",
    "sent=1&sent=1",
    "x=%20&%74heme=dark",
    "confirmed=1&Confirmed=1",
    "not=1&not=2",
    "q=river&q=lake",
    "Q=river",
]
DROPPED = [
    "x=1", "utm_source=a&utm_source=b", "day", "day=", "day=2026-W25-1", "day=20260615", "day=2026%2D06-15", "day=2026-06-15;day=2026-06-16",
    "day[]=2026-06-15", " day=2026-06-15", "+day=2026-06-15", "%D9%8A=1", "&&&", "=", "a?day=2026-06-15", "holiday=2026-06-15", "theme=dark", "linked=1",
    "fbclid=%64ay", "a[%5D]=2",
]  # fmt: skip


@pytest.fixture
def signed(live):
    for _ in range(6):
        factories.signature(live.petition)
    tally.settle_all()
    return live


def plain(response):
    return re.sub(rb"\d+", b"#", response.content)


@pytest.mark.requirement("A25")
@pytest.mark.parametrize("page", ["progress/", "", "embed/", "act/"])
@pytest.mark.parametrize("query", REFUSED)
def test_a_known_word_twice_or_in_another_spelling_is_refused(client, live, page, query):
    response = client.get(f"/c/{live.slug}/{page}?{query}")
    assert (response.status_code, response["Cache-Control"]) == (400, "no-store")


@pytest.mark.requirement("A25")
@pytest.mark.parametrize("query", DROPPED)
def test_all_other_words_of_a_url_are_dropped(client, signed, query):
    page = f"/ar/c/{signed.slug}/progress/"
    alone, asked = client.get(page), client.get(f"{page}?{query}")
    assert asked.status_code == 200
    assert plain(asked) == plain(alone)
    assert asked["Cache-Control"] == alone["Cache-Control"] == "public, max-age=3"


@pytest.mark.requirement("A25")
def test_a_view_sees_only_what_it_declares(client, signed):
    assert client.get(f"/c/{signed.slug}/embed/?day=x&theme=dark").content.count(b'class="dark"') == 1
    assert b'class="dark"' not in client.get(f"/c/{signed.slug}/?theme=dark").content


@pytest.mark.requirement("A25")
@pytest.mark.parametrize("page", ["progress/?confirmed=1", "act/?linked=1", "act/?not=1", "act/?confirmed=1"])
def test_an_answer_for_one_visitor_is_kept_by_nobody(client, live, page):
    response = client.get(f"/c/{live.slug}/{page}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.requirement("A25")
def test_thanks_after_the_confirmation_are_still_said(client):
    campaign = factories.campaign(tweet_action=None, status=Status.LIVE)
    assert b"Thank you to everyone" in client.get(f"/c/{campaign.slug}/progress/?confirmed=1").content
    assert b"Thank you to everyone" not in client.get(f"/c/{campaign.slug}/progress/").content


@pytest.mark.requirement("A25")
def test_my_page_says_that_the_mail_was_sent_and_nobody_keeps_that(client):
    assert "no-store" in client.get("/my/?sent=1")["Cache-Control"]
    assert client.get("/my/?sent=1").content != client.get("/my/").content == client.get("/my/?x=1").content


def test_the_admin_and_logins_have_words_of_their_own(client, staff):
    assert staff.get("/admin/campaigns/campaign/?status__exact=live&status__exact=live").status_code == 200
    assert client.get("/accounts/login/?next=/a&next=/b").status_code in (200, 302)


@pytest.mark.requirement("A25")
def test_nginx_reads_urls_by_the_same_patterns():
    conf = (Path(settings.BASE_DIR) / "deploy/nginx.conf").read_text()
    for pattern in (parameters.TWICE, parameters.IN_CAPITALS, parameters.ENCODED):
        assert f'"~{pattern}" 1;' in conf
    for name in ("day", "theme", "form", "url", "format", "maxwidth", "maxheight", "page", "q", "p"):
        block = re.search(rf"map \$arg_{name} \S+ {{(.*?)\n}}", conf, re.DOTALL)[1]
        assert f'"~^(?:{parameters.PATTERNS[name]})$"' in block, name


def test_every_word_that_is_declared_has_a_pattern_and_a_line_in_the_documents():
    from django.urls import get_resolver

    from tests.safety.test_privacy import walk

    declared = set().union(*(getattr(entry.callback, "parameters", ()) for entry in walk(get_resolver())))
    assert declared == set(parameters.PATTERNS)
    text = (Path(settings.BASE_DIR) / "docs/architecture.md").read_text()
    for name in declared:
        assert f"`{name}`" in text


def test_what_a_view_reads_reaches_it_through_nginx(live):
    """Its path is one whose words are in the key, or one that goes straight to the origin; words for one visitor always do."""
    from django.urls import get_resolver

    from tests.safety.test_privacy import walk

    conf = (Path(settings.BASE_DIR) / "deploy/nginx.conf").read_text()
    kept, straight = (
        re.search(rf"map \$path \{name} {{(.*?)\n}}", conf, re.DOTALL)[1] for name in ("$known", "$path_is_own")
    )
    in_key = re.findall(r'"~(\S+)" "([^"]*)";', kept)
    own = re.findall(r'"~(\S+)" 1;', straight)
    looked_at = 0
    for entry in walk(get_resolver()):
        words = set(getattr(entry.callback, "parameters", ())) - parameters.FOR_ONE_VISITOR
        if words:
            path = "/" + str(entry.pattern).replace("<slug:slug>", "river").replace("<section>", "campaigns")
            said = next((set(names.split("$")[1:]) for pattern, names in in_key if re.search(pattern, path)), set())
            assert words <= said or any(re.search(pattern, path) for pattern in own), path
            looked_at += 1
    assert looked_at > 5
