"""A supporter's login with X: the whole OAuth2 dance, over HTTP, against the simulator."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from tests.html import Html, form_of
from tests.login import code, log_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def x(simulator, settings):
    simulator.add_user("ana_at_x", name="Ana", id="4711")
    simulator.offer_login("ana_at_x")
    settings.X_AUTHORIZE_URL = f"{settings.X_API_BASE}/i/oauth2/authorize"
    # Here the visitor's browser and X are on loopback too: the callback must be.
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://localhost", ["localhost"]
    return simulator


@pytest.fixture
def visitor():
    return Client(headers={"host": "localhost"})


def authorise(visitor):
    """Press our button, then the one on X's page; the URL that X sends the browser back to."""
    return from_x(visitor.post("/accounts/twitter_oauth2/login/?process=login"))


def from_x(response):
    assert response.status_code == 302, response.content.decode()
    page = requests.get(response.url, timeout=5)
    assert page.status_code == 200, page.text
    target = urljoin(response.url, Html(page).one("form").attributes.get("action", ""))
    (button,) = [button for button in Html(page).find("button") if button.text.startswith("Authorize")]
    fields = form_of(page) | ({button["name"]: button["value"]} if "name" in button.attributes else {})
    back = requests.post(target, data=fields, allow_redirects=False, timeout=5)
    assert back.status_code in (302, 303), back.text
    parts = urlsplit(back.headers["Location"])
    assert "code" in parse_qs(parts.query), back.headers["Location"]
    return f"{parts.path}?{parts.query}"


def test_a_supporter_links_an_account_without_an_address_or_a_token(x, visitor):
    response = visitor.get(authorise(visitor))
    assert response.status_code == 302, response.content.decode()
    assert response.url == "/accounts/me/"
    user = User.objects.get()
    assert (user.username, user.email, user.is_staff, user.has_usable_password()) == ("x-4711", None, False, False)
    account = SocialAccount.objects.get()
    assert account.extra_data == {"id": "4711", "name": "Ana", "username": "ana_at_x"}
    assert SocialToken.objects.count() == 0
    assert b"@ana_at_x" in visitor.get("/accounts/me/").content
    assert x.posted == []


def test_x_alone_never_opens_the_admin(x, visitor):
    visitor.get(authorise(visitor))
    assert visitor.get("/admin/").status_code in (302, 403)


def test_a_second_login_is_the_same_account(x, visitor):
    visitor.get(authorise(visitor))
    visitor.post("/accounts/logout/")
    visitor.get(authorise(visitor))
    assert User.objects.count() == 1


def test_the_account_can_be_deleted_with_its_link(x, visitor):
    visitor.get(authorise(visitor))
    assert visitor.post("/accounts/me/delete/").status_code == 302
    assert User.objects.count() == SocialAccount.objects.count() == 0


@pytest.mark.parametrize(
    "fault", ["credits_depleted", "empty_200", "null_data", "html_503", "reset", "truncated_json", "rate_limited"]
)
@pytest.mark.parametrize("route", ["/2/users/me", "/2/oauth2/token"])
def test_a_fault_at_x_is_a_failed_login_and_no_server_error(x, visitor, fault, route):
    if route == "/2/oauth2/token" and fault == "null_data":
        fault = "empty_200"
    back = authorise(visitor)
    x.faults.add(route=route, fault=fault)
    response = visitor.get(back)
    assert response.status_code == 401
    assert b"rror" in response.content or b"ailure" in response.content
    assert User.objects.count() == 0
    assert visitor.get("/accounts/login/").status_code == 200


def test_a_forged_answer_is_refused(x, visitor):
    response = visitor.get("/accounts/twitter_oauth2/login/callback/?code=x&state=y&_redir=")
    assert response.status_code == 401
    assert User.objects.count() == 0


def test_logging_in_is_a_button_not_a_link(x, visitor):
    response = visitor.get("/accounts/twitter_oauth2/login/")
    assert response.status_code == 200
    assert b"<form" in response.content


def test_without_x_keys_staff_still_log_in(settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"twitter_oauth2": {"APPS": []}}
    client = Client()
    assert client.get("/accounts/login/").status_code == 200
    user = make_staff(second_factor=False)
    assert (
        client.post("/accounts/login/", {"login": user.email, "password": "a long enough password"}).status_code == 302
    )


def test_staff_can_not_be_taken_over_by_x(x, visitor):
    user = make_staff()
    User.objects.filter(pk=user.pk).update(username="x-4711")
    visitor.get(authorise(visitor))
    assert not SocialAccount.objects.filter(user=user).exists()


def test_a_browser_that_keeps_the_strict_cookie_back_is_sent_round_once(x, visitor):
    """Coming from X, the browser leaves a strict cookie at home; our own redirect brings it along."""
    back = authorise(visitor)
    stranger = Client(headers={"host": "localhost"})
    page = stranger.get(back)
    assert page.status_code == 200
    assert b"_redir" in page.content
    assert visitor.get(back + "&_redir=").url == "/accounts/me/"


def link(user):
    """A link from the days when staff could have one."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE socialaccount_socialaccount DISABLE TRIGGER staff_have_no_x")
        SocialAccount.objects.create(user=user, provider="twitter_oauth2", uid="4711", extra_data={})


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("where", ["?process=connect", "?process=redirect", "body"])
def test_staff_can_not_connect_x(x, where):
    staff = log_in(make_staff(), host="localhost")
    url = "/accounts/twitter_oauth2/login/"
    response = staff.post(url, {"process": "connect"}) if where == "body" else staff.post(url + where)
    assert response.status_code == 403
    assert b"log in to a staff account with X" in response.content


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_what_was_begun_to_connect_x_ends_in_nothing(x, process):
    """A state that says "connect" gets no further, however it came into the session."""
    staff = log_in(make_staff(), host="localhost")
    back = from_x(staff.post("/accounts/twitter_oauth2/login/?process=login"))
    session = staff.session
    for state, *_ in session["socialaccount_states"].values():
        state["process"] = process
    session.save()
    assert staff.get(back).status_code == 403
    assert SocialAccount.objects.count() == 0


@pytest.mark.requirement("S17")
def test_a_link_that_staff_once_had_opens_nothing(x, visitor):
    link(make_staff())
    response = visitor.get(authorise(visitor))
    assert response.status_code == 403
    assert visitor.get("/accounts/2fa/authenticate/").status_code == 302
    assert "_auth_user_id" not in visitor.session


@pytest.mark.requirement("S17")
def test_the_database_links_no_staff(x, visitor):
    with pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(user=make_staff(), provider="twitter_oauth2", uid="1", extra_data={})
    visitor.get(authorise(visitor))
    User.objects.filter(username="x-4711").update(is_staff=True, email="ana@example.org")
    assert SocialAccount.objects.count() == 0


@pytest.mark.requirement("S17")
def test_a_session_begun_with_x_never_becomes_one_of_staff(x, visitor):
    visitor.get(authorise(visitor))
    user = User.objects.get()
    User.objects.update(is_staff=True, is_superuser=True, email="ana@example.org")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    response = visitor.post("/accounts/2fa/reauthenticate/", {"code": code(secret)})
    assert response.status_code == 302
    response = visitor.get("/admin/")
    assert response.url == "/accounts/login/?next=/admin/"
    assert "_auth_user_id" not in visitor.session
