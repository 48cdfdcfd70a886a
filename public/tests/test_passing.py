"""Pass it on: what friends are sent, and the mail to the target."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import qrcode
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from actions import letters
from actions.models import Opening, SamplePart
from campaigns.models import Campaign, Status
from petitions.models import Petition
from public.forms import LetterForm
from tests import factories
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


def test_the_page_is_the_same_for_everybody(client, live):
    page = client.get(f"/c/{live.slug}/pass-on/")
    assert page["Cache-Control"] == "public, max-age=3"
    assert not page.cookies
    assert Html(page).one("#link").text == f"http://testserver/c/{live.slug}/from/link/"
    assert [button.text for button in Html(page).find(".composers button")] == [
        "WhatsApp",
        "Telegram",
        "Signal: copy the text",
        "Text message",
        "Mail",
    ]


def test_a_camera_finds_the_campaign(client, live):
    """It holds the address, with the source of a stall."""
    response = client.get(f"/c/{live.slug}/pass-on/qr.svg")
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/svg+xml", "public, max-age=3")
    assert response["Content-Security-Policy"] == "default-src 'none'"
    address = f"http://testserver/c/{live.slug}/from/stall/"
    assert response.content == qrcode.make(address, image_factory=SvgPathImage).to_string()
    assert client.get(address).status_code == 200
    assert "script" not in response.content.decode()


@pytest.mark.parametrize(
    ("network", "start"),
    [
        ("whatsapp", "https://wa.me/?text="),
        ("telegram", "https://t.me/share/url?text="),
        ("sms", "sms:?&body="),
        ("mail", "mailto:?body="),
    ],
)
def test_a_friend_gets_a_text_and_the_address(client, live, network, start):
    form = form_of(client.get(f"/c/{live.slug}/pass-on/"))
    way = client.post(f"/c/{live.slug}/act/go/{network}/", form).url
    assert way.startswith(start)
    assert "Open the river report" in unquote(way)
    assert f"http://testserver/c/{live.slug}/from/{network}/" in unquote(way)
    assert parse_qs(urlsplit(way).query).get("subject") == (["Open the river report"] if network == "mail" else None)
    assert Opening.objects.get().network == network


def test_signal_gets_it_to_copy(client, live):
    page = Html(client.post(f"/c/{live.slug}/act/go/signal/", {"text": "For you"}))
    assert page.one("textarea").text == f"For you http://testserver/c/{live.slug}/from/signal/"


@pytest.mark.requirement("S15")
@pytest.mark.parametrize("language", ["", "/ar", "/fr", "/es"])
def test_no_text_for_a_friend_says_who_has_signed(client, live, language):
    """It is the same whether one has signed or not, and does not speak of it."""
    name = "Quetzal Brown"
    factories.signature(live.petition, name=name)
    page = client.get(f"{language}/c/{live.slug}/pass-on/").content.decode()
    assert name not in page
    text = form_of(page)["text"].casefold()
    for word in ("i have signed", "i signed", "j’ai signé", "he firmado", "وقّعت"):
        assert word not in text


def test_where_it_is_dangerous_nothing_goes_where_others_read_along(client):
    campaign = factories.campaign(safety="high")
    page = Html(client.get(f"/c/{campaign.slug}/pass-on/"))
    assert [button.text for button in page.find(".composers button")] == ["Signal: copy the text"]
    assert page.one("#link").text == f"http://testserver/c/{campaign.slug}/"
    for network in ("whatsapp", "telegram", "sms", "mail"):
        answer = client.post(f"/c/{campaign.slug}/act/go/{network}/", {"text": "My own words"})
        assert (answer.status_code, form_of(answer)["text"]) == (409, "My own words")
        assert "We switched this way off for safety" in Html(answer).one("#errors").text
        assert [button.text for button in Html(answer).find(".composers button")] == ["Signal: copy the text"]
    assert client.post(f"/c/{campaign.slug}/act/go/signal/", {"text": "x"}).status_code == 200


def test_a_text_that_is_too_long_comes_back_whole(client, live):
    page = client.post(f"/c/{live.slug}/act/go/mail/", {"text": "ش" * 400})
    assert page.status_code == 422
    assert form_of(page)["text"] == "ش" * 400
    assert Html(page).one("#weight-mail[data-over]")
    assert Opening.objects.count() == 0


def test_a_petition_alone_is_passed_on_too(client):
    campaign = factories.campaign(tweet_action=None)
    form = form_of(client.get(f"/c/{campaign.slug}/pass-on/"))
    assert client.post(f"/c/{campaign.slug}/act/go/whatsapp/", form).status_code == 303
    assert Opening.objects.count() == 0


def test_what_is_over_is_shown_and_not_asked_for(client):
    campaign = factories.campaign(status=Status.CLOSED)
    page = Html(client.get(f"/c/{campaign.slug}/pass-on/"))
    assert not page.find("textarea:not([readonly])")
    assert page.find("#link")
    assert client.post(f"/c/{campaign.slug}/act/go/whatsapp/", {"text": "x"}).status_code == 409


def test_a_get_leads_back(client, live):
    response = client.get(f"/c/{live.slug}/act/go/whatsapp/")
    assert (response.status_code, response.url) == (303, f"/c/{live.slug}/pass-on/")


def test_what_comes_next_stands_there(client, live):
    live.pledge_threshold = 5
    live.save()
    factories.day_of_action(live, title="Everybody tweets")
    page = Html(client.get(f"/c/{live.slug}/pass-on/"))
    assert "Everybody tweets" in page.text
    links = page.values("main a", "href")
    assert {f"/c/{live.slug}/action.ics", f"/c/{live.slug}/#pledge", f"/c/{live.slug}/progress/"} <= set(links)


@pytest.fixture
def office(live):
    live.target.email = "office@ministry.example"
    live.target.save()
    for kind, text in (("opening", "The river stinks."), ("ask", "{target}, publish the report. #OpenTheRiverReport")):
        SamplePart.objects.create(action=live.tweet_action, kind=kind, text=text)
    return live


def test_the_target_gets_a_mail_in_ones_own_words(client, office):
    page = client.get(f"/c/{office.slug}/write/")
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert text.index("The office sees your name and address.") < text.index("Open it in my mail program")
    form = form_of(page)
    assert form["subject"] == "Open the river report"
    assert form["text"].split("\n\n") == [
        "To Ministry of Examples,",
        "The river stinks.",
        "Ministry of Examples, publish the report.",
        "Kind regards\n",
    ]
    response = client.post(f"/c/{office.slug}/write/", form | {"text": "Mine & yours\nnow"})
    assert response.status_code == 303
    way = urlsplit(response.url)
    assert (way.scheme, way.path) == ("mailto", "office@ministry.example")
    assert parse_qs(way.query) == {"subject": ["Open the river report"], "body": ["Mine & yours\r\nnow"]}
    assert Opening.objects.count() == 0
    assert f"/c/{office.slug}/write/" in Html(client.get(f"/c/{office.slug}/act/")).values("main a", "href")


@pytest.mark.parametrize("prefix", ["", "/ar"])
@pytest.mark.parametrize("of_petition", [True, False])
def test_what_stands_in_the_boxes_is_taken_as_it_is(client, office, prefix, of_petition):
    longest = ("#Rio " * 60)[: 200 if of_petition else 300].strip().ljust(200 if of_petition else 300, "o")
    if of_petition:
        Petition.objects.update(title=longest)
    else:
        Campaign.objects.update(petition=None, goal_statement=longest)
    page = client.get(f"{prefix}/c/{office.slug}/write/")
    form, limit = form_of(page), LetterForm.base_fields["subject"].max_length
    assert ("\u200e#Rio" in form["subject"]) is bool(prefix)
    assert len(form["subject"]) <= limit
    response = client.post(f"{prefix}/c/{office.slug}/write/", form)
    assert response.status_code == 303
    assert parse_qs(urlsplit(response.url).query)["subject"] == [longest]


def test_texts_to_the_target_differ(office):
    for number in range(5):
        SamplePart.objects.create(action=office.tweet_action, kind="fact", text=f"Fact {number}.")

    def draft(language):
        return letters.draft(office.tweet_action, office.target, language, "About it", "To you,", "Bye")

    assert len({draft("en") for _ in range(60)}) == 5
    assert draft("fr").text.startswith("To you,\n\nThe river stinks.\n\nFact ")


def arabic(letters_each):
    """So many letters, in words of five."""
    return ("النهر " * 60)[:letters_each].strip()


@pytest.mark.parametrize(
    ("title", "each", "left", "is_cut"),
    [
        (60, 20, ["opening", "fact", "ask", "proof"], False),
        (60, 90, ["fact", "ask"], False),
        (60, 130, ["ask"], False),
        (200, 90, ["ask"], False),
        (300, 90, ["ask"], True),
        (60, 276, [], False),
        (300, 276, [], False),
    ],
)
def test_a_draft_leaves_out_what_a_link_has_no_room_for(client, office, title, each, left, is_cut):
    office.tweet_action.parts.all().delete()
    for kind in ("opening", "fact", "ask", "proof"):
        text = f"{kind} {arabic(each)}"[:280]
        SamplePart.objects.create(action=office.tweet_action, kind=kind, text=text, language="ar")
    if title > 200:
        Campaign.objects.update(petition=None, goal_statement=arabic(title))
    else:
        Petition.objects.update(title=arabic(title))
    form = form_of(client.get(f"/ar/c/{office.slug}/write/"))
    opening, *parts, end = form["text"].split("\n\n")
    assert (opening, end) == ("إلى Ministry of Examples،", "مع التحية\n")
    assert [part.split()[0] for part in parts] == left
    named = form | {"text": form["text"] + "فاطمة الزهراء بنت عبد الرحمن"}
    response = client.post(f"/ar/c/{office.slug}/write/", named)
    assert response.status_code == 303
    subject = parse_qs(urlsplit(response.url).query)["subject"][0]
    assert arabic(title).startswith(subject.removesuffix("…"))
    assert (subject != arabic(title)) is is_cut


@pytest.mark.parametrize("level", ["elevated", "high"])
def test_nobody_is_asked_to_show_name_and_address_where_that_is_dangerous(client, office, level):
    office.safety = level
    office.save()
    assert client.get(f"/c/{office.slug}/write/").status_code == 404
    assert client.post(f"/c/{office.slug}/write/", {"subject": "x", "text": "x"}).status_code == 404
    assert "/write/" not in client.get(f"/c/{office.slug}/act/").content.decode()


def test_without_an_address_of_the_office_there_is_no_mail(client, live):
    assert client.get(f"/c/{live.slug}/write/").status_code == 404
    assert "/write/" not in client.get(f"/c/{live.slug}/act/").content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "Please write something."),
        ({"subject": ""}, "Please write a subject."),
        ({"subject": "a\nBcc: x@example.org"}, ""),
        ({"text": "ش" * 400}, "Mail programs cut off a text this long"),
    ],
)
def test_a_mail_that_can_not_be_opened_comes_back_whole(client, office, fields, message):
    sent = {"subject": "About it", "text": "My words"} | fields
    page = client.post(f"/c/{office.slug}/write/", sent)
    if page.status_code == 303:  # A line break in a subject is no header: it is a word in a link.
        assert parse_qs(urlsplit(page.url).query).keys() == {"subject", "body"}
        return
    assert page.status_code == 422
    assert message in page.content.decode()
    assert form_of(page)["text"] == sent["text"]


def test_the_time_of_a_mail_is_not_noted(client, office):
    """Nothing in the database says that somebody wrote."""
    before = timezone.now()
    client.post(f"/c/{office.slug}/write/", {"subject": "x", "text": "x"})
    assert not Opening.objects.filter(minute__gte=before).exists()
