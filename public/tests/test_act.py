import re
from urllib.parse import parse_qs, urlsplit

import pytest

from actions import opening
from actions.models import Opening
from campaigns.models import Status
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


def go(client, campaign, network="x", **fields):
    sample = campaign.tweet_action.samples.first()
    return client.post(
        f"/c/{campaign.slug}/act/go/{network}/", {"text": "My own words #Tag", "sample": sample.pk} | fields
    )


def test_a_sample_stands_ready_with_its_weight(client, live):
    page = client.get(f"/c/{live.slug}/act/").content.decode()
    sample = live.tweet_action.samples.get()
    assert sample.text in page
    assert f'value="{sample.pk}"' in page
    assert "of 280, as X counts" in page
    assert "Posting in public ties your account to this campaign." in page


def test_another_sample_is_one_link_away(client):
    campaign = factories.campaign(tweet_action=factories.tweet_action(samples=2))
    first, second = campaign.tweet_action.samples.all()
    for _ in range(5):
        assert second.text in client.get(f"/c/{campaign.slug}/act/?not={first.pk}").content.decode()


@pytest.mark.parametrize("shown", ["x", "-1", "9" * 30, "²", ""])
def test_nonsense_in_the_url_is_passed_over(client, live, shown):
    assert client.get(f"/c/{live.slug}/act/", {"not": shown}).status_code == 200


def test_an_action_without_samples_still_works(client):
    campaign = factories.campaign(tweet_action=factories.tweet_action(samples=0))
    assert client.get(f"/c/{campaign.slug}/act/").status_code == 200


def test_the_composer_opens_with_the_text_as_edited(client, live):
    text = "50% & more, .@xmpl_ministry! #Tag https://example.org/?a=1&b=2"
    response = go(client, live, text=text)
    assert response.status_code == 303
    target = urlsplit(response.url)
    assert (target.scheme, target.netloc, target.path) == ("https", "x.com", "/intent/tweet")
    assert parse_qs(target.query) == {"text": [text]}


@pytest.mark.parametrize(
    ("network", "start"),
    [
        ("bluesky", "https://bsky.app/intent/compose?text="),
        ("threads", "https://www.threads.com/intent/post?text="),
        ("whatsapp", "https://wa.me/?text="),
        ("mail", "mailto:?body="),
    ],
)
def test_other_networks(client, live, network, start):
    assert go(client, live, network).url.startswith(start)


def test_the_text_to_copy(client, live):
    response = go(client, live, "copy", text="Take <me>")
    assert response.status_code == 200
    assert b"Take &lt;me&gt;" in response.content


def test_opened_moves_with_the_click(client, live):
    go(client, live)
    opening.settle()
    assert client.get(f"/c/{live.slug}/progress.json").json()["tweets"]["opened"] == 1


def test_a_second_click_within_the_minute_does_not(client, live):
    import time_machine

    with time_machine.travel("2026-06-15T10:00:10Z", tick=False):
        go(client, live)
        go(client, live)
    assert Opening.objects.count() == 1


def test_a_sample_of_another_action_is_not_believed(client, live):
    other = factories.tweet_action(target=live.target)
    go(client, live, sample=other.samples.get().pk)
    assert Opening.objects.get().sample is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "Please write something."),
        ({"text": "a" * 281}, "281 of at most 280"),
        ({"text": "漢" * 141}, "282 of at most 280"),
        ({"text": "x" * 1_001}, "at most 1,?000 characters"),
        ({"text": "a\u202eb"}, "invisible control characters"),
        ({"sample": "x"}, ""),
    ],
)
def test_bad_input_opens_nothing_and_keeps_the_text(client, live, fields, message):
    response = go(client, live, **fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(message, page)
    assert fields.get("text", "My own words #Tag") in page
    assert Opening.objects.count() == 0


FAMILY, ARABIC, CJK = "👨\u200d👩\u200d👧", "ش", "漢"
EACH_TAKES = [
    ("x", "a" * 280, "a" * 281),
    ("x", CJK * 140, CJK * 141),
    ("x", "\r\n".join(["x" * 69] * 4 + ["x"])[:-1], "\r\n".join(["x" * 69] * 4 + ["xx"])),
    ("bluesky", "a" * 300, "a" * 301),
    ("bluesky", FAMILY * 199, CJK * 301),
    ("bluesky", "é" * 300, "e\u0301" * 301),
    ("threads", "a" * 500, "a" * 501),
    ("threads", CJK * 500, CJK * 501),
    ("whatsapp", CJK * 400, CJK * 445),
    ("whatsapp", "a" * 1_000, "😀" * 334),
    ("mail", ARABIC * 333, ARABIC * 334),
    ("mail", CJK * 222, CJK * 223),
    ("mail", "a" * 1_000, ARABIC * 600),
    ("mail", (ARABIC * 60 + "\n") * 5 + ARABIC, (ARABIC * 64 + "\n") * 5 + ARABIC * 9),
    ("copy", CJK * 1_000, "a" * 1_001),
]


@pytest.mark.parametrize(("network", "fits", "too_long"), EACH_TAKES)
def test_each_network_takes_what_it_takes_and_says_so_at_the_field(client, live, network, fits, too_long):
    assert go(client, live, network, text=fits).status_code == (200 if network == "copy" else 303)
    Opening.objects.all().delete()
    response = go(client, live, network, text=too_long)
    page = response.content.decode()
    assert response.status_code == 422
    assert "please shorten it by" in page or "at most 1" in page
    assert 'aria-invalid="true"' in page
    assert too_long.replace("\r\n", "\n") in page.replace("\r\n", "\n")
    assert Opening.objects.count() == 0


def test_what_each_network_takes_is_said_beside_its_button(client, live):
    sample = live.tweet_action.samples.get()
    sample.text = ARABIC * 100
    sample.save()
    page = Html(client.get(f"/c/{live.slug}/act/"))
    for slug, said in [
        ("x", "100 of 280, as X counts"),
        ("bluesky", "100 of 300"),
        ("threads", "100 of 500"),
        ("whatsapp", "600 of 4,000"),
        ("mail", "600 of 2,000"),
    ]:
        assert page.find(f"[aria-describedby=weight-{slug}]")
        assert page.one(f"#weight-{slug}").text == said
    assert page.values("[data-limit]", "data-limit") == ["280", "300", "500", "4000", "2000"]
    over = Html(go(client, live, "mail", text=ARABIC * 400))
    assert over.one("#weight-mail[data-over]").text == "2,400 of 2,000"
    assert not over.find("#weight-threads[data-over]")


@pytest.mark.parametrize("network", ["myspace", "mastodon", "other"])
def test_an_unknown_network_or_one_without_a_button_is_not_found(client, live, network):
    assert go(client, live, network).status_code == 404


def test_a_get_opens_nothing(client, live):
    response = client.get(f"/c/{live.slug}/act/go/x/")
    assert (response.status_code, response.url) == (303, f"/c/{live.slug}/act/")
    assert Opening.objects.count() == 0


@pytest.mark.parametrize("status", [Status.INTEREST, Status.CLOSED, Status.ARCHIVED])
def test_there_is_no_composer_outside_the_campaign(client, status):
    campaign = factories.campaign(status=status)
    page = client.get(f"/c/{campaign.slug}/act/").content
    assert b"<textarea" not in page
    assert go(client, campaign).status_code == 409
    assert Opening.objects.count() == 0


def test_nobody_keeps_this_page(client, live):
    assert "no-store" in client.get(f"/c/{live.slug}/act/")["Cache-Control"]
