import pytest

from core.web.http import from_our_pages


def post(rf, **headers):
    return from_our_pages(rf.post("/", headers={name.replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "null"}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
    ],
)
def test_where_a_form_may_come_from(rf, headers, taken):
    assert post(rf, **headers) is taken


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["idna", "hex", "utf-16", "no-such"])
def test_what_is_not_written_in_utf8_is_the_senders_fault(client, live, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAna\r\n--x--\r\n'
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        response = client.generic("POST", f"/c/{live.slug}/sign/", body, content_type=f"{kind}; charset={charset}")
        assert response.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_url_that_is_none_leads_nowhere(client, method):
    assert getattr(client, method)("/accounts/login/?next=http://[", {"next": "http://["}).status_code == 200
    assert client.get("/admin/login/?next=http://[").status_code == 302
