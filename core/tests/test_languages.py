"""The switch keeps where you are; what has one address only has no switch."""

import pytest

from core import languages


@pytest.mark.parametrize("path", ["/c/river/progress/", "/ar/c/river/progress/", "/fr/c/river/progress/"])
def test_the_same_page_in_every_language(path):
    assert [(other.code, other.path) for other in languages.of(path)] == [
        ("en", "/c/river/progress/"),
        ("ar", "/ar/c/river/progress/"),
        ("fr", "/fr/c/river/progress/"),
        ("es", "/es/c/river/progress/"),
    ]


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/healthz", "/petitions/5.json"])
def test_one_address_no_switch(path):
    assert languages.of(path) == []


def test_a_path_that_only_begins_like_a_language_is_none():
    assert languages.of("/area/")[0].path == "/area/"
    assert languages.of("/ar/")[0].path == "/"


@pytest.mark.django_db
def test_the_pages_have_it(client, live):
    page = client.get(f"/fr/c/{live.slug}/").content.decode()
    assert f'href="/ar/c/{live.slug}/" hreflang="ar" lang="ar" dir="rtl"' in page
    assert f'href="/fr/c/{live.slug}/" hreflang="fr" lang="fr" dir="ltr" aria-current="true"' in page
    assert f'<link rel="alternate" hreflang="en" href="http://testserver/c/{live.slug}/">' in page
