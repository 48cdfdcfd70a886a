"""Texts in a language that the interface lacks are shown on pages in the nearest one, and marked there."""

import pytest
from django.utils import translation

from campaigns import translating
from campaigns.models import Campaign
from core.text import nearest
from desk.going_live import preview_of
from tests import factories
from tests.html import Html


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("es", "es"),
        ("es-mx", "es"),
        ("ca", "es"),
        ("ca-valencia", "es"),
        ("wo", "fr"),
        ("arz", "ar"),
        ("fa", ""),
        ("xzz", ""),
    ],
)
def test_the_nearest_is_one_of_its_kinds_or_one_that_its_readers_know(code, shown):
    assert nearest.interface(code) == shown
    assert nearest.page(code) == (shown or "en")


def test_a_language_that_was_taken_away_is_near_to_none(settings):
    settings.LANGUAGES = [("en", "English"), ("pt-br", "Portuguese")]
    assert [nearest.interface(code) for code in ("ca", "pt", "pt-pt", "pt-br")] == ["", "pt-br", "pt-br", "pt-br"]


def headlines(campaign):
    """What the page has as its headline, and how it is marked, by the language of the page."""
    found = {}
    for language in ("en", "es", "fr"):
        with translation.override(language):
            text = Campaign.objects.get(pk=campaign.pk).translated.headline
            found[language] = (str(text)[:2], str(text.marks))
    return found


@pytest.mark.django_db
def test_a_page_shows_the_nearest_and_says_so(client, live):
    live.translations.create(language="ca", headline="CA .@xmpl_ministry #OpenTheRiverReport")
    marks = ' lang="en" dir="ltr"'
    assert headlines(live) == {"en": ("Pu", ""), "es": ("CA", ' lang="ca" dir="ltr"'), "fr": ("Pu", marks)}
    live.translations.create(language="es-mx", headline="MX .@xmpl_ministry #OpenTheRiverReport")
    assert headlines(live)["es"] == ("MX", ' lang="es-mx" dir="ltr"')
    live.translations.create(language="es", headline="ES .@xmpl_ministry #OpenTheRiverReport")
    assert headlines(live)["es"] == ("ES", "")
    page = Html(client.get(f"/es/c/{live.slug}/"))
    assert page.one("html")["lang"] == "es"
    assert page.one("h1").text.startswith("ES")


@pytest.mark.django_db
def test_what_it_is_written_in_comes_before_another_that_is_as_near(live):
    Campaign.objects.filter(pk=live.pk).update(language="ca")
    live.translations.create(language="gl", headline="GL .@xmpl_ministry #OpenTheRiverReport")
    assert headlines(live)["es"] == ("Pu", ' lang="ca" dir="ltr"')


@pytest.mark.django_db
def test_staff_see_a_draft_in_the_nearest(live):
    live.language = "ca"
    assert "/es/" in preview_of(live)
    live.language = "fa"
    assert preview_of(live).endswith(f"/preview/c/{live.slug}/")


@pytest.mark.django_db
def test_what_people_have_signed_stays_on_the_page_that_they_signed_on(live):
    live.petition.translations.create(language="ca", text="CA", title="CA")
    factories.signature(live.petition, language="es")
    by_language = {
        code: {part.key for part in translating.source_texts(live, code) if part.is_fixed}
        for code in ("ca", "es", "fr")
    }
    assert by_language["ca"] == by_language["es"] != set()
    assert by_language["fr"] == set()
