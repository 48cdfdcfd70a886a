"""Whatever a request says about host, port and scheme: absolute addresses are those of SITE_URL."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url, get_reset_password_url
from allauth.account.internal.flows.signup import get_signup_url
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpResponse
from django.test import Client, RequestFactory

from accounts import xlogin
from core.web.middleware import one_origin

pytestmark = pytest.mark.django_db
CLAIMS = [
    {"HTTP_HOST": "localhost:6666"},
    {"HTTP_HOST": "localhost", "SERVER_PORT": "6666"},
    {"HTTP_HOST": "localhost:8000", "wsgi.url_scheme": "https"},
    {"HTTP_HOST": "localhost:8000", "HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_HOST": "localhost:8000", "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PORT": "6666"},
]


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://localhost:8000", ["localhost"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def built(request):
    """Every address that Django or allauth can put together from a request here."""
    with context.request_context(request):
        yield request.build_absolute_uri("/accounts/")
        yield get_reset_password_url(request)
        yield get_reset_password_from_key_url(request, "1-a-b")
        yield get_signup_url(request)
        yield xlogin.XLoginAdapter(request).get_callback_url(request, None)
        yield f"{request.scheme}://{get_current_site(request).domain}/"
        yield f"{request.scheme}://{get_mfa_adapter().get_public_key_credential_rp_entity()['id']}:8000/"


@pytest.mark.requirement("A15")
@pytest.mark.parametrize("claims", CLAIMS)
def test_every_absolute_url_is_the_sites_own(claims):
    found = []

    def view(request):
        found.extend(built(request))
        return HttpResponse()

    one_origin(view)(RequestFactory().get("/accounts/login/", **claims))
    assert len(found) == 7
    for address in found:
        assert address.startswith("http://localhost:8000/"), address


@pytest.mark.requirement("A15")
@pytest.mark.parametrize("claims", CLAIMS)
def test_no_page_that_others_are_shown_names_another_port(claims, live):
    client = Client()
    for page in ("/sitemap.xml", live.get_absolute_url(), f"{live.get_absolute_url()}embed/", "/accounts/login/", "/"):
        text = client.get(page, **claims).content.decode()
        for address in re.findall(r"https?://[\w.:-]*localhost[\w.:-]*", text):
            assert address == "http://localhost:8000", (page, address)
        assert "6666" not in text and "evil.example" not in text, page


@pytest.mark.requirement("A15")
def test_a_foreign_host_is_still_refused():
    assert Client().get("/accounts/login/", HTTP_HOST="evil.example:8000").status_code == 400


@pytest.mark.requirement("A15")
@pytest.mark.parametrize("address", ["http://localhost:6666/", "//localhost:6666/x"])
def test_a_login_does_not_lead_to_another_port(address):
    found = []

    def view(request):
        with context.request_context(request):
            found.append(get_adapter().is_safe_url(address))
        return HttpResponse()

    one_origin(view)(RequestFactory().get("/accounts/login/", HTTP_HOST="localhost:6666"))
    assert found == [False]
