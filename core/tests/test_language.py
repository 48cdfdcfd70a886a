import pytest

pytestmark = pytest.mark.django_db


def test_the_path_decides_and_nothing_else(client):
    assert b'lang="en" dir="ltr"' in client.get("/", headers={"accept-language": "ar"}).content
    assert b'lang="ar" dir="rtl"' in client.get("/ar/", headers={"accept-language": "en"}).content


def test_a_page_does_not_vary_by_header(client):
    for path in ("/", "/ar/"):
        assert client.get(path).get("Vary") == "Accept-Encoding"


def test_links_stay_in_the_language(client, live):
    assert f'href="/ar/c/{live.slug}/progress/"'.encode() in client.get(f"/ar/c/{live.slug}/").content


def test_a_language_that_we_do_not_have_is_no_page(client):
    assert client.get("/tlh/").status_code == 404
