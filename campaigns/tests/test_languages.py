"""What a campaign says, in more languages than one; and what is not said yet, marked with the language it is in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone, translation

from campaigns import translating
from campaigns.models import (
    CampaignTranslation,
    DemandTranslation,
    KeyMoment,
    PressKit,
    Recap,
    Response,
    ResponseTranslation,
    Update,
)
from core.text.translations import Text, direction
from petitions.models import PetitionTranslation
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def arabic(live):
    live.story = "Fish died."
    live.save()
    CampaignTranslation.objects.create(
        original=live, language="ar", headline="انشروه .@xmpl_ministry", goal_statement="التقرير علني."
    )
    return live


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def headline(shown):
    (found,) = Html(shown).find("h1")
    return found.markup


def test_a_page_speaks_its_language_and_marks_what_it_could_not_say(client, arabic):
    shown = page(client, f"/ar/c/{arabic.slug}/")
    assert 'انشروه <wbr><bdi dir="ltr">.@xmpl_ministry</bdi>' in headline(shown)
    assert "lang=" not in headline(shown)
    assert "<title>انشروه" in shown
    assert "<p>التقرير علني.</p>" in shown
    assert '<div class="prose" lang="en" dir="ltr"><p>Fish died.</p>' in shown
    assert '<p lang="en" dir="ltr">Publish the report</p>' in shown


def test_the_language_it_was_written_in_needs_no_marks(client, arabic):
    shown = page(client, f"/c/{arabic.slug}/")
    assert "Publish it, " in headline(shown)
    assert "lang=" not in headline(shown)
    assert 'lang="en" dir="ltr"><p>' not in shown


def test_a_campaign_may_be_written_in_any_language(client, live):
    live.language = "ar"
    live.headline = "انشروه .@xmpl_ministry"
    live.save()
    assert 'lang="ar" dir="rtl"' in headline(page(client, f"/c/{live.slug}/"))
    assert "lang=" not in headline(page(client, f"/ar/c/{live.slug}/"))


def test_a_page_takes_a_kind_of_its_language_when_there_is_nothing_closer(live):
    CampaignTranslation.objects.create(original=live, language="es-mx", headline="México")
    with translation.override("es"):
        assert (live.translated.headline, live.translated.headline.language) == ("México", "es-mx")
        assert live.translated.headline.marks == ' lang="es-mx" dir="ltr"'
        assert live.translated.goal_statement.language == "en"
    CampaignTranslation.objects.create(original=live, language="es", headline="España")
    again = type(live).objects.get(pk=live.pk)
    with translation.override("es"):
        assert again.translated.headline == "España"


@pytest.mark.parametrize(
    ("code", "way"), [("ar", "rtl"), ("fa", "rtl"), ("ps", "rtl"), ("fr", "ltr"), ("tlh", "ltr"), ("pt-br", "ltr")]
)
def test_every_language_has_a_direction(code, way):
    assert direction(code) == way


def test_marks_are_escaped():
    assert str(Text("x", '"><b>').marks) == ' lang="&quot;&gt;&lt;b&gt;" dir="ltr"'


def test_one_object_has_one_row_a_language(arabic):
    with pytest.raises(IntegrityError):
        CampaignTranslation.objects.create(original=arabic, language="ar", headline="two")


def test_exact_words_stay_and_their_translation_stands_beside_them(client, live):
    said = Response.objects.create(campaign=live, speaker="Ministry", where="on X", words="We will look at it.")
    ResponseTranslation.objects.create(original=said, language="fr", words="Nous allons regarder.")
    shown = page(client, f"/fr/c/{live.slug}/progress/")
    assert '<blockquote class="stack" lang="en" dir="auto"><p>We will look at it.</p>' in shown
    assert "<p>Nous allons regarder.</p>" in shown
    assert "Nous allons" not in page(client, f"/c/{live.slug}/progress/")


def test_the_mail_speaks_the_signers_language(live, mailoutbox):
    from petitions import mails

    PetitionTranslation.objects.create(original=live.petition, language="fr", title="Ouvrez le rapport")
    row = factories.signature(live.petition, confirmed=False, language="fr")
    made = mails.confirmation(row)
    assert "Ouvrez le rapport" in made.subject
    assert "Ouvrez le rapport" in made.body
    assert "Ouvrez le rapport" in made.alternatives[0][0]


# Writing it, in the admin


def languages(live, code=""):
    return f"/admin/campaigns/campaign/{live.pk}/languages/" + (f"?language={code}" if code else "")


def keys(live, code="fr"):
    return {part.original: part.key for part in translating.source_texts(live, code)}


def test_staff_see_how_much_of_each_language_is_there(staff, arabic):
    shown = page(staff, languages(arabic))
    there, whole = next((there, whole) for code, there, whole in translating.progress(arabic) if code == "ar")
    assert (there, whole) == (2, 8)
    assert "2 of 8" in shown
    assert "0 of 8" in shown


def test_staff_write_all_texts_on_one_page(staff, client, live):
    KeyMoment.objects.create(campaign=live, title="The debate", starts_at="2026-06-15T10:00Z")
    Update.objects.create(campaign=live, title="News", text="Something happened.")
    key = keys(live)
    assert {
        "Publish it, .@xmpl_ministry! #OpenTheRiverReport",
        "The debate",
        "Publish the report",
        "Ministry of Examples",
    } <= set(key)
    texts = {
        key["The debate"]: "Le débat",
        key["Publish the report"]: "Publier le rapport",
        key["Ministry of Examples"]: "Ministère",
    }
    assert staff.post(languages(live, "fr"), texts).status_code == 302
    shown = page(client, f"/fr/c/{live.slug}/")
    for text in ("Le débat", "Publier le rapport", "Ministère"):
        assert text in shown
    assert 'value="Le débat"' in page(staff, languages(live, "fr"))
    assert DemandTranslation.history.get().history_user is not None


def test_emptied_texts_leave_no_row_behind(staff, live):
    key = keys(live)["Publish the report"]
    staff.post(languages(live, "fr"), {key: "Publier"})
    staff.post(languages(live, "fr"), filled(staff, live) | {key: ""})
    assert DemandTranslation.objects.count() == 0


def test_a_headline_in_another_language_is_a_post_to_the_target_too(staff, live):
    key = keys(live)
    wrong = {key[live.headline]: "Publiez-le !", key["Publish the report"]: "Publier"}
    response = staff.post(languages(live, "fr"), wrong)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "Please put the target&#x27;s handle into it" in shown
    assert 'value="Publiez-le !"' in shown
    assert DemandTranslation.objects.count() == CampaignTranslation.objects.count() == 0
    long = "x" * 281 + " @xmpl_ministry"
    assert staff.post(languages(live, "fr"), {key[live.headline]: long}).status_code == 422


def test_what_people_have_signed_in_a_language_stays(staff, live):
    key = keys(live)["Publish it."]
    staff.post(languages(live, "fr"), {key: "Publiez-le."})
    factories.signature(live.petition, language="fr")
    staff.post(languages(live, "fr"), {key: "Autre chose."})
    assert live.petition.translations.get().text == "Publiez-le."
    assert "they stay" in page(staff, languages(live, "fr"))


def test_a_changed_original_is_said_until_somebody_has_looked(staff, live):
    demand = live.demands.get()
    key = keys(live)["Publish the report"]
    staff.post(languages(live, "fr"), {key: "Publier"})
    assert "has changed since" not in page(staff, languages(live, "fr"))
    demand.title = "Publish the whole report"
    demand.save()
    assert "has changed since" in page(staff, languages(live, "fr"))
    staff.post(languages(live, "fr"), {key: "Publier"})
    assert "has changed since" not in page(staff, languages(live, "fr"))


@pytest.mark.parametrize("code", ["en", "Français", "x", "fr_FR", "'"])
def test_what_is_no_other_language_is_refused_at_its_field(staff, live, code):
    response = staff.get(languages(live), {"language": code})
    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()


def test_only_staff_who_may_edit_write(client, live):
    assert client.get(languages(live, "fr")).status_code == 302


def test_feed_and_calendar_speak_the_language_of_their_url(client, live):
    moment = factories.day_of_action(live)
    moment.translations.create(language="fr", title="Tout le monde écrit")
    update = Update.objects.create(
        campaign=live, title="News", text="Now.", published_at=moment.starts_at - timedelta(days=3)
    )
    update.translations.create(language="fr", title="Des nouvelles", text="Voilà.")
    assert "Tout le monde écrit" in client.get(f"/fr/c/{live.slug}/action.ics").content.decode()
    feed = client.get(f"/fr/c/{live.slug}/feed.atom").content.decode()
    assert "Des nouvelles" in feed and "Voilà." in feed
    assert "Des nouvelles" not in client.get(f"/c/{live.slug}/feed.atom").content.decode()


def test_the_archive_keeps_every_language_and_nothing_unpublished(arabic):
    from progress import archive

    draft = Update.objects.create(campaign=arabic, title="Draft", text="Not yet.")
    draft.translations.create(language="ar", title="مسودة")
    kit = PressKit.objects.create(campaign=arabic, text="Embargoed", contact="Ana")
    kit.translations.create(language="ar", text="محظور")
    again = type(arabic).objects.whole().get(pk=arabic.pk)
    told = archive._data(again)["in_other_languages"]["ar"]
    assert told == {
        f"campaign-{arabic.pk}-headline": "انشروه .@xmpl_ministry",
        f"campaign-{arabic.pk}-goal_statement": "التقرير علني.",
    }


def test_a_hashtag_that_is_kept_back_is_kept_back_in_every_language(live):
    CampaignTranslation.objects.create(
        original=live, language="fr", headline="Publiez, .@xmpl_ministry ! #OpenTheRiverReport"
    )
    live.headline = "Publish it, .@xmpl_ministry!"
    live.full_clean()
    live.tweet_action.hashtag_from = timezone.now() + timedelta(days=2)
    with pytest.raises(ValidationError, match="kept back"):
        live.full_clean()


def test_a_target_is_named_in_every_language(live):
    CampaignTranslation.objects.create(original=live, language="fr", headline="Publiez !")
    with pytest.raises(ValidationError, match="put the target's handle into it"):
        live.full_clean()


def test_what_was_signed_can_not_be_changed_by_way_of_a_kind_of_its_language(staff, live):
    key = keys(live, "fr-ca")["Publish it."]
    staff.post(languages(live, "fr-ca"), {key: "Publiez-le."})
    factories.signature(live.petition, language="fr")
    for code in ("fr-ca", "fr"):
        staff.post(languages(live, code), {key: "Autre chose."})
    assert [row.text for row in live.petition.translations.all()] == ["Publiez-le."]


def test_the_language_of_a_campaign_stays_once_people_have_signed(staff, live):
    assert 'name="language"' in page(staff, f"/admin/campaigns/campaign/{live.pk}/safety/")
    factories.signature(live.petition)
    assert 'name="language"' not in page(staff, f"/admin/campaigns/campaign/{live.pk}/safety/")


def test_a_signature_has_the_language_that_it_was_confirmed_in(client, live):
    from core.crypto import tokens

    row = factories.signature(live.petition, confirmed=False)
    client.post(f"/fr/confirm/{tokens.make('confirm', row.pk)}/", {"name": "Ana", "country": "ES", "consent": "on"})
    row.refresh_from_db()
    assert (row.language, row.confirmed_at is not None) == ("fr", True)


def filled(staff, live, code="fr"):
    """What a browser sends back of the page as it is now."""
    shown = Html(page(staff, languages(live, code)))
    hidden, sent = shown.values("input[type=hidden]", "name"), shown.fields()
    return {name: sent[name] for name in hidden if name in sent and name != "csrfmiddlewaretoken"}


def test_two_who_write_at_once_do_not_lose_each_others_words(staff, live):
    key = keys(live)
    opened = filled(staff, live)
    assert (
        staff.post(languages(live, "fr"), filled(staff, live) | {key["Publish the report"]: "Publier"}).status_code
        == 302
    )
    mine = opened | {key["Ministry of Examples"]: "Ministère", key["Publish the report"]: ""}
    assert staff.post(languages(live, "fr"), mine).status_code == 302
    assert live.demands.get().translations.get().title == "Publier"
    assert live.target.translations.get().name == "Ministère"


def test_an_original_that_changed_while_somebody_wrote_is_still_to_be_looked_at(staff, live):
    opened = filled(staff, live)
    live.demands.update(title="Publish all of it")
    staff.post(languages(live, "fr"), opened | {keys(live)["Publish all of it"]: "Publier"})
    assert "has changed since" in page(staff, languages(live, "fr"))


@pytest.mark.parametrize("path", ["", "progress/", "updates/", "recap/", "press/"])
def test_more_texts_ask_no_more_questions(client, live, path, django_assert_max_num_queries):
    recap = Recap.objects.create(campaign=live, text="How it went", published_at=timezone.now())
    PressKit.objects.create(campaign=live, text="Release", contact="Ana")

    def grow(number):
        for _ in range(number):
            demand = live.demands.create(title="More")
            said = Response.objects.create(
                campaign=live, speaker="Ministry", where="x", words="x", demand=demand, outcome="answered"
            )
            recap.entries.create(text="Part", response=said)
            Update.objects.create(campaign=live, title="News", text="x", published_at=timezone.now())
            KeyMoment.objects.create(campaign=live, title="Moment", starts_at=timezone.now())
            live.tweet_action.more_targets.add(factories.target(x_handle=f"xmpl_{Response.objects.count()}"))

    asked = []
    for number in (2, 8):
        grow(number)
        with django_assert_max_num_queries(60) as captured:
            page(client, f"/ar/c/{live.slug}/{path}")
        asked.append(len(captured))
    assert asked[1] <= asked[0]
