import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.utils import timezone

from actions import opening
from actions.models import Opening, Tweet
from campaigns.models import Status
from tests import factories
from tests.html import Html, form_of

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


def test_another_sample_is_one_press_away(client):
    campaign = factories.campaign(tweet_action=factories.tweet_action(samples=2))
    first, second = campaign.tweet_action.samples.all()
    for _ in range(5):
        assert second.text in client.get(f"/c/{campaign.slug}/act/?not={first.pk}").content.decode()
        shown = form_of(client.post(f"/c/{campaign.slug}/act/another/", {"sample": first.pk, "text": first.text}))
        assert (shown["sample"], shown["text"], shown["kept"]) == (str(second.pk), second.text, "")


def test_what_was_typed_is_there_again_after_another_text(client):
    """Without scripts too: it travels in the form."""
    campaign = factories.campaign(tweet_action=factories.tweet_action(samples=3))
    act = f"/c/{campaign.slug}/act/"
    typed = form_of(client.get(act)) | {"text": "My own\nwords"}
    page = client.post(f"{act}another/", typed)
    other = form_of(page)
    assert other["text"] != "My own\nwords" and other["sample"] != typed["sample"]
    assert "Back to my own words" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    once_more = form_of(client.post(f"{act}another/", other))
    assert once_more["kept"] == "My own\nwords"
    back = form_of(client.post(f"{act}another/", once_more | {"back": "1"}))
    assert (back["text"], back["kept"]) == ("My own\nwords", "")


def test_of_two_texts_of_ones_own_none_is_lost(client):
    campaign = factories.campaign(tweet_action=factories.tweet_action(samples=3))
    act = f"/c/{campaign.slug}/act/another/"
    first = form_of(client.post(act, {"text": "First"}))
    swapped = form_of(client.post(act, first | {"text": "Second", "back": "1"}))
    assert (swapped["text"], swapped["kept"]) == ("First", "Second")


def test_a_link_that_is_refused_leaves_the_text_alone(client, live):
    sent = {"text": "My own words", "sample": "", "target": live.target.pk, "kept": "Older ones", "link": "no link"}
    page = client.post(f"/c/{live.slug}/act/link/", sent)
    assert page.status_code == 422
    shown = form_of(page)
    assert (shown["text"], shown["kept"], shown["target"]) == ("My own words", "Older ones", str(live.target.pk))
    assert Html(page).one("#id_link")["value"] == "no link"


def test_the_field_of_the_link_and_its_button_belong_to_the_form_of_the_post(client, live):
    """So its text is sent along; and Enter in that field is the button beside it, not the composer."""
    page = Html(client.get(f"/c/{live.slug}/act/"))
    assert page.one("form#post").attributes["rel"] == "noopener"
    assert page.one("form#post")["target"] == "_blank"
    assert page.one("#id_link")["form"] == "post"
    first = page.find("form#post button")[0]
    assert (first["formaction"], first["formtarget"]) == (f"/c/{live.slug}/act/link/", "_self")
    for button in page.find("[formaction$='/act/link/'], [formaction$='/act/another/']"):
        assert button["formtarget"] == "_self"


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
    assert parse_qs(target.query) == {"text": [f"{text}\nhttp://testserver/c/{live.slug}/from/x/"]}


def posted(response):
    """The text that the composer opens with."""
    return parse_qs(urlsplit(response.url).query)["text"][0]


@pytest.mark.parametrize("network", ["x", "bluesky", "threads", "mastodon", "copy"])
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_every_post_ends_with_the_campaigns_address_by_the_way_of_its_network(client, live, network, prefix):
    response = client.post(f"{prefix}/c/{live.slug}/act/go/{network}/", {"text": "Mine"})
    text = posted(response) if response.status_code == 303 else Html(response).one("textarea").text
    ends = f"http://testserver{prefix}/c/{live.slug}/from/{network}/"
    assert text.split() == ["Mine", ends]
    assert client.get(ends).status_code == 200


def test_in_a_box_from_right_to_left_the_sign_stays_before_its_word(client, live):
    """What is shown has a mark; what is sent has none."""
    typed = "ماذا يقول التقرير يا @xmpl_ministry؟ #نهر (#River) https://example.org/@ana"
    answers = [client.post(f"{prefix}/c/{live.slug}/act/go/copy/", {"text": typed}) for prefix in ("/ar", "")]
    assert all("\u200e" not in Html(answer).one("textarea").text for answer in answers)
    page = client.post(f"/ar/c/{live.slug}/act/link/", {"text": typed, "link": "no link"}).content.decode()
    assert "\u200e@xmpl_ministry؟ #نهر \u200e(#River) https://example.org/@ana" in page


def test_staff_leave_the_address_out_of_a_sample(client, live):
    live.tweet_action.samples.update(has_link=False)
    page = Html(client.get(f"/c/{live.slug}/act/"))
    assert set(page.values("[data-weight]", "data-url")) == {""}
    assert "ends with the campaign's address" not in page.text
    assert posted(go(client, live)) == "My own words #Tag"


def test_the_address_stands_there_once(client, live):
    text = f"Look: http://testserver/c/{live.slug}/from/leaflet/"
    assert posted(go(client, live, text=text)) == text


def test_where_no_source_is_kept_the_address_says_none(client):
    campaign = factories.campaign(safety="high")
    assert posted(go(client, campaign)).endswith(f"\nhttp://testserver/c/{campaign.slug}/")


def test_a_post_speaks_to_the_target_as_the_network_knows_it(client, live):
    live.target.bluesky_handle = "ministry.example"
    live.target.save()
    sent = {"text": "Publish it, .@xmpl_ministry!", "target": live.target.pk}
    assert posted(go(client, live, **sent)).startswith("Publish it, .@xmpl_ministry!\n")
    assert posted(go(client, live, "bluesky", **sent)).startswith("Publish it, @ministry.example!\n")
    assert posted(go(client, live, "threads", **sent)).startswith("Publish it, Ministry of Examples!\n")
    page = Html(client.get(f"/c/{live.slug}/act/"))
    assert page.one("#weight-bluesky")["data-name"] == "@ministry.example"
    assert page.one("#weight-threads")["data-name"] == "Ministry of Examples"
    assert page.one("form#post")["data-handle"] == "xmpl_ministry"


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
        ({"text": "a" * 257}, "281 of at most 280"),
        ({"text": "漢" * 129}, "282 of at most 280"),
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
# The address takes 24 at X and Mastodon, about 40 at Bluesky and Threads, about 60 in a link.
EACH_TAKES = [
    ("x", "a" * 256, "a" * 257),
    ("x", CJK * 128, CJK * 129),
    ("x", "\r\n".join(["x" * 63] * 4), "\r\n".join(["x" * 63] * 4 + ["xx"])),
    ("bluesky", "a" * 260, "a" * 280),
    ("bluesky", FAMILY * 199, CJK * 280),
    ("bluesky", "é" * 260, "e\u0301" * 280),
    ("threads", "a" * 450, "a" * 480),
    ("threads", CJK * 450, CJK * 480),
    ("mastodon", CJK * 476, "a" * 477),
    ("whatsapp", CJK * 400, CJK * 445),
    ("whatsapp", "a" * 1_000, "😀" * 334),
    ("mail", ARABIC * 320, ARABIC * 334),
    ("mail", CJK * 210, CJK * 223),
    ("mail", "a" * 1_000, ARABIC * 600),
    ("mail", (ARABIC * 60 + "\n") * 5 + ARABIC, (ARABIC * 64 + "\n") * 5 + ARABIC * 9),
    ("sms", "a" * 1_000, ARABIC * 334),
    ("telegram", ARABIC * 600, CJK * 445),
    ("copy", CJK * 1_000, "a" * 1_001),
]


@pytest.mark.parametrize(("network", "fits", "too_long"), EACH_TAKES)
def test_each_network_takes_what_it_takes_and_says_so_at_the_field(client, live, network, fits, too_long):
    assert go(client, live, network, text=fits).status_code == (200 if network in ("copy", "mastodon") else 303)
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
    url = f"http://testserver/c/{live.slug}/from"
    for slug, said in [
        ("x", "124 of 280, as X counts"),
        ("bluesky", f"{101 + len('testserver') + 16} of 300"),
        ("threads", f"{101 + len(f'{url}/threads/')} of 500"),
        ("mastodon", "124 of 500"),
    ]:
        assert page.find(f"[aria-describedby=weight-{slug}]")
        assert page.one(f"#weight-{slug}").text == said
    assert page.values("[data-limit]", "data-limit") == ["280", "300", "500", "500"]
    friends = Html(go(client, live, "mail", text=ARABIC * 400))
    assert friends.values("[data-limit]", "data-limit") == ["4000", "4000", "2000", "2000"]
    assert (
        friends.one("#weight-mail[data-over]").text == f"{2_403 + len(quote(f'{url}/mail/', safe='')) + 3:,} of 2,000"
    )
    assert not friends.find("#weight-whatsapp[data-over]")


@pytest.mark.parametrize("network", ["myspace", "other"])
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


@pytest.mark.parametrize("status", [Status.INTEREST, Status.CLOSED, Status.ARCHIVED])
@pytest.mark.parametrize("level", ["standard", "high"])
def test_what_was_typed_while_it_ended_is_there_to_copy(client, status, level):
    campaign = factories.campaign(status=status, safety=level)
    act, typed = f"/c/{campaign.slug}/act/", {"text": "My <own>", "kept": "Older ones", "link": "x.com/ana/status/1"}
    for more in ("go/x/", "another/", "link/"):
        answer = client.post(act + more, typed)
        assert answer.status_code == 409 and "no-store" in answer["Cache-Control"]
        shown = Html(answer).texts("blockquote.typed")
        # The link of a post says whose it is.
        assert shown == ["My <own>", "Older ones", *([typed["link"]] if level == "standard" else [])]
    assert not Html(client.get(act)).find("blockquote.typed")
    assert Opening.objects.count() == 0


def test_nobody_keeps_this_page(client, live):
    assert "no-store" in client.get(f"/c/{live.slug}/act/")["Cache-Control"]


@pytest.fixture
def said(live):
    """A post of the target that staff want answered, and that X had an hour ago."""
    now = timezone.now()
    return factories.tweet(
        live.tweet_action,
        # A number that a page must not write as 1,234,567.
        id=1_234_567,
        kind=Tweet.Kind.TARGET,
        target=live.target,
        author_handle="xmpl_ministry",
        answer="reply",
        review="none",
        checked_at=now - timedelta(hours=1),
    )


def test_a_post_of_the_target_is_replied_to_when_staff_want_it_and_one_ticks_it(client, live, said):
    page = Html(client.get(f"/c/{live.slug}/act/"))
    assert "checked" not in page.one("#id_answer").attributes
    assert page.one("#id_answer")["value"] == "1234567"
    assert said.text not in page.text
    assert "in_reply_to" not in go(client, live).url
    assert parse_qs(urlsplit(go(client, live, answer=said.pk).url).query)["in_reply_to"] == [str(said.post_id)]
    assert "in_reply_to" not in go(client, live, "threads", answer=said.pk).url
    assert "in_reply_to" not in go(client, live, answer="").url


def test_whoever_ticked_a_post_answers_that_one_though_a_newer_one_is_there(client, live, said):
    factories.tweet(
        live.tweet_action, kind=Tweet.Kind.TARGET, target=live.target, answer="reply", checked_at=timezone.now()
    )
    assert Html(client.get(f"/c/{live.slug}/act/")).one("#id_answer")["value"] != str(said.pk)
    assert parse_qs(urlsplit(go(client, live, answer=said.pk).url).query)["in_reply_to"] == [str(said.post_id)]


def test_a_post_of_the_target_is_quoted_as_the_last_link(client, live, said):
    Tweet.objects.update(answer="quote")
    text = posted(go(client, live, answer=said.pk))
    assert text.split("\n") == ["My own words #Tag", f"http://testserver/c/{live.slug}/from/x/", said.url]
    assert go(client, live, answer=said.pk, text="a" * 200).status_code == 303


GONE = "You can't answer that post any more"


def _told_that_it_is_gone(client, live, said):
    """Before X opens: what was typed stands there, and pressing once more opens a post of one's own. Only for who had ticked it."""
    response = go(client, live, answer=said.pk, kept="Older words")
    page = Html(response)
    assert response.status_code == 409
    assert GONE in page.text and not page.find("#id_answer")
    sent = form_of(response)
    assert (sent["text"], sent["kept"]) == ("My own words #Tag", "Older words") and "answer" not in sent
    opening.settle()
    assert not Opening.objects.exists()
    again = client.post(f"/c/{live.slug}/act/go/x/", sent)
    assert again.status_code == 303 and "in_reply_to" not in again.url
    assert go(client, live, "threads", answer=said.pk).status_code == go(client, live).status_code == 303
    assert GONE not in Html(client.get(f"/c/{live.slug}/act/")).text


def test_the_tick_stays_with_another_text_and_on_the_way_back(client, live, said):
    other = f"/c/{live.slug}/act/another/"
    shown = form_of(client.post(other, {"text": "My own words", "answer": said.pk}))
    assert (shown["answer"], shown["kept"]) == (str(said.pk), "My own words")
    assert form_of(client.post(other, shown | {"back": "1"}))["answer"] == str(said.pk)
    assert "answer" not in form_of(client.post(other, {"text": "My own words"}))


def test_a_post_that_x_no_longer_has_is_not_silently_left_out(client, live, said):
    page = client.get(f"/c/{live.slug}/act/")
    assert Html(page).one("#id_answer")["value"] == str(said.pk)
    Tweet.objects.update(
        gone_at=timezone.now(), post_id=None, root_id=None, author_id=None, author_handle="", author_name="", text=""
    )
    _told_that_it_is_gone(client, live, said)


def test_a_text_too_long_and_a_post_that_is_gone_are_said_at_once(client, live, said):
    Tweet.objects.update(answer="")
    response = go(client, live, answer=said.pk, text="a" * 400)
    assert response.status_code == 422 and GONE in Html(response).text


@pytest.mark.parametrize(
    "change",
    [
        {"answer": ""},
        {"checked_at": None},
        {"checked_at": timezone.now() - timedelta(hours=25)},
        {"kind": "matching"},
    ],
)
def test_nothing_is_answered_that_staff_did_not_choose_or_x_may_not_have(client, live, said, change):
    Tweet.objects.update(**change)
    assert not Html(client.get(f"/c/{live.slug}/act/")).find("#id_answer")
    _told_that_it_is_gone(client, live, said)


@pytest.mark.parametrize("level", ["elevated", "high"])
def test_nobody_answers_the_target_where_that_is_dangerous(client, live, said, level):
    live.safety = level
    live.save()
    assert not Html(client.get(f"/c/{live.slug}/act/")).find("#id_answer")
    _told_that_it_is_gone(client, live, said)
