"""The switch keeps where you are; what has one address only has no switch."""

from urllib.parse import unquote

import pytest

from core.text import languages


@pytest.mark.parametrize("path", ["/c/river/progress/", "/ar/c/river/progress/", "/fr/c/river/progress/"])
def test_the_same_page_in_every_language(path):
    assert [(other.code, other.path) for other in languages.links_for(path)] == [
        ("en", "/c/river/progress/"),
        ("ar", "/ar/c/river/progress/"),
        ("fr", "/fr/c/river/progress/"),
        ("es", "/es/c/river/progress/"),
    ]


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/healthz", "/petitions/5.json"])
def test_one_url_no_switch(path):
    assert languages.links_for(path) == []


def test_a_path_that_only_begins_like_a_language_is_none():
    assert languages.links_for("/area/")[0].path == "/area/"
    assert languages.links_for("/ar/")[0].path == "/"


@pytest.mark.django_db
def test_the_pages_have_it(client, live):
    page = " ".join(client.get(f"/fr/c/{live.slug}/").content.decode().split())
    assert f'href="/ar/c/{live.slug}/" hreflang="ar" lang="ar" dir="rtl"' in page
    assert f'href="/fr/c/{live.slug}/" hreflang="fr" lang="fr" dir="ltr" aria-current="true"' in page
    assert f'<link rel="alternate" hreflang="en" href="http://testserver/c/{live.slug}/">' in page


NOWHERE = [
    "//evil.example/x/",
    "//evil.example",
    "///evil.example/x/",
    "/ar//evil.example/x/",
    "/\\evil.example/x/",
    "/%5Cevil.example/x/",
    "//evil.example/ar/x/",
    "/%2Fevil.example/x/",
    "/ar/%2F/evil.example/",
    "/%09/evil.example/",
    "//evil.example/%2e%2e/",
    "/c/x//evil.example/",
    "/javascript:evil.example/",
]


@pytest.mark.requirement("A16")
@pytest.mark.django_db
@pytest.mark.parametrize("path", NOWHERE)
def test_what_leads_nowhere_is_not_repeated(client, path):
    response = client.get("/", PATH_INFO=unquote(path))
    assert response.status_code == 404
    assert b"evil.example" not in response.content
    assert b'href="//' not in response.content
    assert b'href="/ar/"' in response.content


@pytest.mark.requirement("A16")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["//evil.example/c/x", "//evil.example/my", "/my//evil.example"])
def test_no_missing_slash_leads_to_another_site(client, path):
    response = client.get("/", PATH_INFO=unquote(path))
    assert response.status_code == 404 or response["Location"].startswith("/%2F")
