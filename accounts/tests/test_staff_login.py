"""Staff log in by e-mail, with a second factor, or not at all."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import mails
from accounts.models import ResetRequest, User
from accounts.sessions import NOTED
from core.crypto.fields import fernet
from tests.html import form_of
from tests.login import PASSWORD, code, log_in, logged_in, make_staff

pytestmark = pytest.mark.django_db


def password_only(user):
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_password_and_code_open_the_admin():
    assert log_in(make_staff()).get("/admin/").status_code == 200


@pytest.mark.parametrize("second_factor", [True, False])
def test_who_is_logged_in_at_once_has_the_session_of_who_logged_in(second_factor):
    """The other tests go the short way to where the pages lead."""
    user = make_staff(second_factor=second_factor)
    sessions = [dict(browser.session) for browser in (log_in(user), logged_in(user))]
    for session in sessions:
        records = session["account_authentication_methods"]
        assert [record["method"] for record in records] == ["password", "mfa"][: 1 + second_factor]
        assert all(timezone.now().timestamp() - record.pop("at") < 60 for record in records)
    assert "Successfully signed in" in sessions[0].pop("_messages")
    # Noted with the first page that is opened (accounts/sessions.py).
    for session in sessions:
        session.pop(NOTED, None)
    assert sessions[0] == sessions[1]


def test_a_password_alone_opens_nothing():
    client = password_only(make_staff())
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")


def test_a_wrong_code_opens_nothing():
    user = make_staff()
    client = password_only(user)
    wrong = "000000" if code(user.totp_secret) != "000000" else "000001"
    assert client.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_code_works_once():
    user = make_staff()
    used = code(user.totp_secret)
    log_in(user)
    client = password_only(user)
    assert client.post("/accounts/2fa/authenticate/", {"code": used}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_staff_without_a_second_factor_are_led_to_set_one_up():
    client = log_in(make_staff(second_factor=False))
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[0][0] == "/accounts/2fa/"
    assert b"Authenticator" in response.content


def test_having_one_is_not_enough_it_must_have_been_shown():
    user = make_staff()
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/admin/campaigns/campaign/")
    assert response.status_code == 302
    assert response.url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fcampaigns%2Fcampaign%2F"


def test_supporters_do_not_get_in_whatever_they_have_shown():
    user = make_staff(superuser=False)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert log_in(user).get("/admin/").status_code in (302, 403)


def test_the_admins_own_login_form_is_not_used(client):
    response = client.get("/admin/login/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_nobody_signs_up_by_themselves(client):
    response = client.post(
        "/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert User.objects.count() == 0
    assert response.status_code == 404


def test_secrets_of_second_factors_are_encrypted():
    user = make_staff()
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert user.totp_secret not in stored
    assert fernet().decrypt(stored).decode() == user.totp_secret


def test_a_wrong_password_is_counted_under_the_days_hash_only():
    client = Client()
    for _ in range(3):
        client.post("/accounts/login/", {"login": "staff@example.org", "password": "wrong"}, REMOTE_ADDR="203.0.113.77")
    keys = cache._cache.get_client().keys("*")
    assert keys
    assert not any(b"203.0.113.77" in key for key in keys)


@pytest.mark.parametrize("email", [None, ""])
def test_the_database_wants_an_address_of_staff(email):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", email=email, is_staff=True)


def test_no_two_accounts_share_an_address():
    make_staff("ana@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="other", email="Ana@Example.org")


def test_roles_say_who_may_what():
    organiser, moderator = (
        make_staff(f"{name}@example.org", superuser=False, groups=[Group.objects.get(name=name)])
        for name in ("organiser", "moderator")
    )
    pages = {
        "/admin/campaigns/campaign/add/": (200, 403),
        "/admin/petitions/signature/": (200, 200),
        "/admin/accounts/user/": (403, 403),
    }
    clients = log_in(organiser), log_in(moderator)
    for page, answers in pages.items():
        assert tuple(client.get(page).status_code for client in clients) == answers, page


def test_ones_account_page(staff):
    page = staff.get("/accounts/me/").content.decode()
    assert "staff@example.org" in page
    assert staff.post("/accounts/me/delete/").status_code == 302
    assert User.objects.count() == 1


def test_an_address_that_was_replaced_opens_nothing_any_more(staff):
    other = make_staff("old@example.org", second_factor=False)
    where = f"/admin/accounts/user/{other.pk}/change/"
    response = staff.post(where, form_of(staff.get(where)) | {"email": "new@example.org"})
    assert response.status_code == 302
    client = Client()
    for address, opened in (("old@example.org", 200), ("new@example.org", 302)):
        assert client.post("/accounts/login/", {"login": address, "password": PASSWORD}).status_code == opened, address
    cache.clear()
    client.post("/accounts/password/reset/", {"email": "old@example.org"})
    assert mails.reset(ResetRequest.objects.get()) is None
