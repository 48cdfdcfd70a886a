"""The OAuth 2.0 login."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from xsim import Clock, Simulator
from xsim.pkce import challenge, is_loopback
from xsim.tests.helpers import getter, session

VERIFIER = "a-verifier-of-some-length-0123456789-0123456789"
CALLBACK = "http://127.0.0.1:8000/accounts/callback/?kept=1"
AUTHORIZE = "/i/oauth2/authorize"
Params = dict[str, str]


@pytest.fixture
def account(simulator: Simulator) -> str:
    simulator.offer_login("visitor")
    return simulator.add_user("visitor", name="A <Visitor>").id


@pytest.fixture
def params(account: str) -> Params:
    return {
        "response_type": "code",
        "client_id": "the-client",
        "redirect_uri": CALLBACK,
        "scope": "users.read tweet.read offline.access",
        "state": 'the "state"',
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
    }


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url

    def authorize(self, params: Params, account: str) -> Params:
        """What the browser is sent back to the client with."""
        form = params | {"account": account}
        answer = session().post(self.url + AUTHORIZE, data=form, timeout=5, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(CALLBACK)
        return {key: values[0] for key, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def token(self, auth: Any = ("the-client", "the-secret"), **form: str) -> requests.Response:
        return session().post(f"{self.url}/2/oauth2/token", data=form, auth=auth, timeout=5)

    def exchange(self, code: str, **changes: Any) -> requests.Response:
        form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self.token(**(form | {"code": code} | changes))


@pytest.fixture
def visitor(url: str) -> Visitor:
    return Visitor(url)


def test_the_consent_page_offers_the_accounts_and_says_what_it_is(url: str, params: Params) -> None:
    page = session().get(url + AUTHORIZE, params=params, timeout=5)
    assert page.status_code == 200
    assert "Authorize as @visitor" in page.text
    assert "not to X" in page.text
    assert 'value="the &quot;state&quot;"' in page.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "another"),
        ("redirect_uri", "https://example.org/callback"),
        ("redirect_uri", "http://127.0.0.1@example.org/"),
        ("response_type", "token"),
        ("scope", ""),
        ("state", ""),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
    ],
)
def test_a_wrong_authorization_request_is_refused(url: str, params: Params, name: str, value: str) -> None:
    wrong = params | {name: value}
    for answer in (
        session().get(url + AUTHORIZE, params=wrong, timeout=5),
        session().post(url + AUTHORIZE, data=wrong, timeout=5, allow_redirects=False),
    ):
        assert answer.status_code == 400
        assert name in answer.text


@pytest.mark.parametrize("uri", ["http://localhost/x", "http://[::1]:8000/", "https://127.0.0.1/"])
def test_loopback_urls(uri: str) -> None:
    assert is_loopback(uri)


@pytest.mark.parametrize(
    "uri", ["", "//127.0.0.1/", "http://127.0.0.1.example.org/", "javascript:1", "http://[::2]/", "http://[1"]
)
def test_other_urls(uri: str) -> None:
    assert not is_loopback(uri)


def test_a_login_leads_to_the_users_own_data(url: str, visitor: Visitor, params: Params, account: str) -> None:
    back = visitor.authorize(params, account)
    assert (back["state"], back["kept"]) == ('the "state"', "1")
    answer = visitor.exchange(back["code"]).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 7200)
    me = getter(url, answer["access_token"])("/2/users/me", user__fields="id,name,username,profile_image_url")
    assert me.json()["data"]["id"] == account
    assert me.json()["data"]["username"] == "visitor"


def test_the_client_can_name_itself_in_the_form(visitor: Visitor, params: Params, account: str) -> None:
    code = visitor.authorize(params, account)["code"]
    form = {"client_id": "the-client", "client_secret": "the-secret"}
    assert visitor.exchange(code, auth=None, **form).status_code == 200


@pytest.mark.parametrize("auth", [None, ("the-client", "wrong"), ("another", "the-secret")])
def test_a_wrong_client_is_refused(visitor: Visitor, params: Params, account: str, auth: Any) -> None:
    answer = visitor.exchange(visitor.authorize(params, account)["code"], auth=auth)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "wrong"}, {"code_verifier": ""}, {"redirect_uri": "http://localhost/"}]
)
def test_a_code_needs_its_verifier_and_url(visitor: Visitor, params: Params, account: str, changes: Params) -> None:
    answer = visitor.exchange(visitor.authorize(params, account)["code"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_works_once_and_for_30_seconds(visitor: Visitor, params: Params, account: str, clock: Clock) -> None:
    used, late = (visitor.authorize(params, account)["code"] for _ in range(2))
    assert visitor.exchange(used).status_code == 200
    assert visitor.exchange(used).status_code == 400
    clock.advance(30)
    assert visitor.exchange(late).status_code == 400


def test_who_declines_is_sent_back_with_access_denied(visitor: Visitor, params: Params) -> None:
    back = visitor.authorize(params, "")
    assert back["error"] == "access_denied"
    assert "code" not in back


def test_a_refresh_token_works_once_and_needs_its_scope(visitor: Visitor, params: Params, account: str) -> None:
    first = visitor.exchange(visitor.authorize(params, account)["code"]).json()
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = visitor.token(**refresh).json()
    assert second["access_token"] != first["access_token"]
    assert visitor.token(**refresh).status_code == 400
    params["scope"] = "users.read tweet.read"
    assert "refresh_token" not in visitor.exchange(visitor.authorize(params, account)["code"]).json()


def test_a_token_expires_after_two_hours(
    url: str, visitor: Visitor, params: Params, account: str, clock: Clock
) -> None:
    token = visitor.exchange(visitor.authorize(params, account)["code"]).json()["access_token"]
    assert getter(url, token)("/2/tweets", ids="1").status_code == 200
    clock.advance(hours=2)
    assert getter(url, token)("/2/users/me").status_code == 401


def revoke(url: str, auth: Any = ("the-client", "the-secret"), **form: str) -> requests.Response:
    return session().post(f"{url}/2/oauth2/revoke", data=form, auth=auth, timeout=5)


def test_a_revoked_token_is_refused(url: str, visitor: Visitor, params: Params, account: str) -> None:
    kept, dropped = (
        visitor.exchange(visitor.authorize(params, account)["code"]).json()["access_token"] for _ in range(2)
    )
    answer = revoke(url, token=dropped, token_type_hint="access_token")
    assert (answer.status_code, answer.json()) == (200, {"revoked": True})
    assert getter(url, dropped)("/2/users/me").status_code == 401
    assert getter(url, kept)("/2/users/me").status_code == 200


def test_a_revoked_refresh_token_brings_no_new_one(url: str, visitor: Visitor, params: Params, account: str) -> None:
    token = visitor.exchange(visitor.authorize(params, account)["code"]).json()["refresh_token"]
    assert revoke(url, token=token).status_code == 200
    assert visitor.token(grant_type="refresh_token", refresh_token=token).json()["error"] == "invalid_grant"


def test_revoking_what_is_unknown_is_no_error_but_revoking_nothing_is(url: str, account: str) -> None:
    assert revoke(url, token="never-issued").status_code == 200
    answer = revoke(url)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("auth", [None, ("the-client", "wrong")])
def test_only_the_client_can_revoke(url: str, visitor: Visitor, params: Params, account: str, auth: Any) -> None:
    token = visitor.exchange(visitor.authorize(params, account)["code"]).json()["access_token"]
    assert revoke(url, auth=auth, token=token).status_code == 401
    assert getter(url, token)("/2/users/me").status_code == 200


@pytest.mark.parametrize("path", ["/2/usage/tweets", "/2/tweets/counts/all?query=a"])
def test_some_endpoints_want_the_apps_own_token(
    url: str, visitor: Visitor, params: Params, account: str, path: str
) -> None:
    token = visitor.exchange(visitor.authorize(params, account)["code"]).json()["access_token"]
    answer = getter(url, token)(path)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/unsupported-authentication")


def test_a_token_without_the_reading_scopes_is_forbidden(
    url: str, visitor: Visitor, params: Params, account: str
) -> None:
    params["scope"] = "tweet.read"
    token = visitor.exchange(visitor.authorize(params, account)["code"]).json()["access_token"]
    assert getter(url, token)("/2/users/me").status_code == 403


def test_no_other_grant_is_known(visitor: Visitor, account: str) -> None:
    assert visitor.token(grant_type="password").json()["error"] == "unsupported_grant_type"
