"""The sign form, over HTTP."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.models import Campaign, Status
from petitions.models import Review, Signature
from tests import factories
from tests.factories import typed
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


def post(client, campaign, **fields):
    return client.post(f"/c/{campaign.slug}/sign/", typed(**fields))


def test_signing_ends_with_look_into_your_mail(client, live):
    response = post(client, live)
    assert response.status_code == 303
    assert re.fullmatch(rf"/c/{live.slug}/check-mail/[\w-]{{2100,2200}}/", response.url)
    page = client.get(response.url).content.decode()
    assert "Confirm your signature: Open the river report" in page
    row = Signature.objects.get()
    assert (row.petition, row.email, row.country, row.language) == (live.petition, "ana@example.org", "ES", "en")


def test_the_mail_comes_in_the_language_of_the_page(client, live):
    client.post(f"/ar/c/{live.slug}/sign/", typed())
    assert Signature.objects.get().language == "ar"


BAD = [
    ("name", "", "Please write your name."),
    ("name", "   ", "Please write your name."),
    ("name", "x" * 81, "at most 80 characters"),
    ("name", "Ana\x07", "invisible control characters"),
    ("name", "Ana\u202e", "invisible control characters"),
    ("name", "http://spam.example", "not the address of a page"),
    ("name", "=SUM(1)", "start with ="),
    ("email", "", "you confirm your signature by mail"),
    ("email", "ana", "does not look like an e-mail address"),
    ("email", "ana@example", "does not look like an e-mail address"),
    ("email", "a" * 250 + "@example.org", "at most 64 characters"),
    ("email", "ana@" + ("b" * 60 + ".") * 5 + "org", "does not look like an e-mail address"),
    ("email", "ana@" + "b" * 64 + ".org", "does not look like an e-mail address"),
    ("country", "", "Please choose your country."),
    ("country", "XX", "choose a country from the list"),
    ("comment", "x" * 501, "at most 500 characters"),
    ("comment", "x\x00", "characters"),
]


@pytest.mark.parametrize(("field", "value", "message"), BAD)
def test_bad_input_is_said_at_the_field_and_in_a_focused_summary_and_nothing_is_lost(
    client, live, field, value, message
):
    response = post(client, live, **{"comment": "Words I typed", field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert f'<a href="#id_{field}">' in page
    assert f'id="id_{field}_error"' in page
    assert 'id="errors" tabindex="-1" autofocus role="alert"' in page
    assert Signature.objects.count() == 0
    kept = {
        "name": 'value="Ana Example"',
        "email": 'value="ana@example.org"',
        "comment": "Words I typed",
        "country": '<option value="ES" selected>',
    }
    for name, html in kept.items():
        if name != field:
            assert html in page, name
    assert response["Cache-Control"] == "no-store"


def test_the_form_has_no_boxes_and_those_of_former_pages_count_for_nothing(client, live):
    form = Html(client.get(live.get_absolute_url())).one("#sign-form form")
    assert not form.find("[type=checkbox]")
    assert list(form.fields("form")) == ["name", "email", "country", "comment", "shown_at"]
    assert post(client, live, consent="on", show_name="on", updates="on").status_code == 303
    row = Signature.objects.get()
    assert row.show_name_at is row.updates_at is row.others_at is row.consent_text is None


@pytest.mark.parametrize("language", ["", "/ar"])
def test_the_row_keeps_the_words_that_stood_at_the_button(client, live, language):
    page = Html(client.get(f"{language}{live.get_absolute_url()}"))
    client.post(f"{language}/c/{live.slug}/sign/", typed())
    row = Signature.objects.get()
    assert row.form_text.texts == {"keep": page.one("#keeps").text}
    assert row.form_text.language == language.strip("/") or "en"
    assert page.one("#sign-form button.go")["aria-describedby"] == "keeps"


def test_why_is_asked_behind_a_fold_which_opens_for_what_was_typed(client, live):
    assert "open" not in Html(client.get(live.get_absolute_url())).one("details.why").attributes
    again = post(client, live, comment="Because", name="")
    assert "open" in Html(again).one("details.why").attributes


def test_likely_countries_stand_first_and_in_their_place(client, live):
    live.likely_countries = "fr, ES fr"
    live.save()
    live.full_clean()
    options = Html(client.get(live.get_absolute_url())).values("#id_country option", "value")
    assert options[:4] == ["", "FR", "ES", "AF"]
    assert options.count("FR") == 2
    again = Html(post(client, live, name=""))
    assert again.values("#id_country option[selected]", "value") == ["ES"]
    live.likely_countries = "ES XX"
    with pytest.raises(ValidationError, match="No country has this code: XX"):
        live.full_clean()


def test_a_slip_in_the_address_is_asked_about_once_and_nothing_is_lost(client, live):
    page = Html(post(client, live, email="ana@gmial.com", comment="Because"))
    assert "Did you mean ana@gmail.com?" in page.one("#meant").text
    assert "autofocus" in page.one("#meant").attributes
    form = form_of(page, "#sign-form form")
    assert Signature.objects.count() == 0
    assert (form["email"], form["comment"], form["country"]) == ("ana@gmial.com", "Because", "ES")
    # Enter presses the first button: it changes nothing.
    assert page.values("#sign-form button", "value") == ["no", "yes"]
    for answer, address in (("yes", "ana@gmail.com"), ("no", "ana@gmial.com"), ("", "ana@gmial.com")):
        assert client.post(f"/c/{live.slug}/sign/", form | {"meant": answer}).status_code == 303
        assert Signature.objects.latest("signed_at").email == address


def test_a_slip_is_asked_about_beside_other_errors_and_its_answer_is_kept(client, live):
    page = Html(post(client, live, email="ana@gmial.com", name=""))
    assert page.find("#meant")
    form = form_of(page, "#sign-form form")
    again = form_of(client.post(f"/c/{live.slug}/sign/", form | {"meant": "yes"}), "#sign-form form")
    assert (again["email"], again["asked"]) == ("ana@gmail.com", "1")


def test_a_closed_campaign_says_when(client):
    closed = factories.campaign(
        status=Status.CLOSED, petition=factories.petition(closes_at=timezone.now() - timedelta(hours=1))
    )
    response = post(client, closed)
    assert response.status_code == 409
    assert b"Signing is closed" in response.content
    assert b"It ended on" in response.content
    assert Signature.objects.count() == 0


def test_a_campaign_that_is_not_open_yet_says_when(client):
    early = factories.campaign(
        status=Status.INTEREST, petition=factories.petition(opens_at=timezone.now() + timedelta(days=2))
    )
    response = post(client, early)
    assert response.status_code == 409
    assert b"Signing opens on" in response.content


ENDS = {
    "closed": {"status": Status.CLOSED},
    "archived": {"status": Status.ARCHIVED},
    "back to interest": {"status": Status.INTEREST},
    "without its petition": {"petition": None},
}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_typed_while_it_ended_is_there_to_copy_and_is_not_kept(client, live, end):
    form = form_of(client.get(live.get_absolute_url()), "#sign-form form")
    Campaign.objects.filter(pk=live.pk).update(**ENDS[end])
    answer = client.post(f"/c/{live.slug}/sign/", form | typed(comment="My <river>. Yours too."))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (409, "no-store")
    page = Html(answer)
    assert page.texts("blockquote.typed") == ["Ana Example", "ana@example.org", "My <river>. Yours too."]
    assert not page.find("main form, main input, main textarea") and not answer.cookies
    assert Signature.objects.count() == 0
    assert not Html(client.post(f"/c/{live.slug}/sign/")).find("blockquote.typed")
    assert "ana@example.org" not in client.get(live.get_absolute_url()).content.decode()


@pytest.mark.parametrize("end", ["closed", "archived"])
def test_who_waits_for_a_mail_when_signing_ends_is_promised_no_other(client, live, end):
    """Of the page after signing, of its button, and of the form for another address."""
    waiting = post(client, live).url
    Campaign.objects.filter(pk=live.pk).update(**ENDS[end])
    again = Html(client.get(waiting)).values("main a.plain", "href")
    for answer, status in (
        (client.get(waiting), 200),
        (client.post(waiting), 409),
        (client.get(f"{waiting}change/"), 200),
    ):
        page = Html(answer)
        assert (answer.status_code, page.texts("main h1")) == (status, ["Signing is closed"])
        assert "7 days" in page.one("main").text and not page.find("main form")
        assert answer.headers["Cache-Control"] == "no-store"
    assert again == [live.get_absolute_url()] and Signature.objects.count() == 1


@pytest.mark.parametrize("end", ["back to interest", "without its petition"])
def test_where_it_takes_no_signatures_any_more_nothing_is_offered_to_whoever_waits(client, live, end):
    """The button would answer that nothing was saved."""
    waiting = post(client, live).url
    assert len(Html(client.get(waiting)).find("main form")) == 1
    Campaign.objects.filter(pk=live.pk).update(**ENDS[end])
    page = Html(client.get(waiting))
    assert not page.find("main form") and f"{waiting}change/" not in page.values("main a", "href")
    assert "ana@example.org" in page.one("main").text


@pytest.mark.parametrize("level", ["elevated", "high"])
def test_where_it_is_dangerous_no_page_shows_again_what_was_typed_too_late(client, live, level):
    """Also what somebody typed under a lower level."""
    Campaign.objects.filter(pk=live.pk).update(status=Status.CLOSED, safety=level)
    page = post(client, live, comment="My river.").content.decode()
    assert "Signing is closed" in page
    for told in ("Ana Example", "ana@example.org", "My river."):
        assert told not in page


def test_a_live_campaign_whose_petition_opens_later_says_when(client):
    early = factories.campaign(petition=factories.petition(opens_at=timezone.now() + timedelta(days=2)))
    assert b"Signing opens on" in post(client, early).content


def test_a_campaign_without_petition_says_so(client):
    assert b"Nothing to sign" in post(client, factories.campaign(petition=None)).content


def test_opening_the_url_of_the_button_leads_back_to_the_form(client, live):
    response = client.get(f"/c/{live.slug}/sign/")
    assert (response.status_code, response.url) == (303, live.get_absolute_url())


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, live, method):
    assert getattr(client, method)(f"/c/{live.slug}/sign/").status_code == 405


def test_twenty_a_minute_from_one_client_are_asked_nothing(client, live, one_minute):
    for number in range(20):
        assert post(client, live, email=f"s{number}@example.org").status_code == 303
    assert Signature.objects.filter(review=Review.NONE).count() == 20


def test_signing_takes_three_queries_whoever_it_is(client, live, django_assert_num_queries):
    """The campaign and the words at the button, which are kept for a second, and one INSERT."""
    post(client, live)
    with django_assert_num_queries(3):
        post(client, live)


def test_without_valkey_signing_and_confirming_go_on(client, live, settings):
    from core.crypto import tokens

    settings.CACHES = {
        "default": {"BACKEND": "core.web.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert post(client, live).status_code == 303
    token = tokens.make("confirm", Signature.objects.get().pk)
    assert client.post(f"/confirm/{token}/", typed()).status_code == 303
    assert Signature.objects.counting().count() == 1


def test_no_browser_cuts_off_what_we_would_take(client, live):
    """Browsers count most emoji twice."""
    for page in ("", "act/", "pass-on/"):
        html = Html(client.get(f"/c/{live.slug}/{page}"))
        assert html.find("main textarea"), page
        assert html.find("main [maxlength]") == [], page
    refused = post(client, live, comment="😀" * 501)
    assert Html(refused).find("#id_comment_error")
    assert form_of(refused)["comment"] == "😀" * 501
    assert post(client, live, comment="😀" * 500).status_code == 303
    assert Signature.objects.get().comment == "😀" * 500
