"""Guessing at staff accounts: slowed in PostgreSQL, by account, and never a lock (A24). Valkey is gone throughout."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import guessing
from accounts.models import Device, Guesses, UsedCode, User
from tests.at_once import at_once
from tests.html import Html
from tests.login import PASSWORD, code, make_staff

pytestmark = pytest.mark.django_db
SLOWED = b"Please wait"


@pytest.fixture(autouse=True)
def _no_valkey(settings):
    settings.CACHES = {
        "default": {"BACKEND": "core.web.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }


@pytest.fixture
def ana():
    return make_staff("ana@example.org")


def try_password(client, password="wrong", address="ana@example.org"):
    return client.post("/accounts/login/", {"login": address, "password": password})


def a_device(user):
    """A browser in which this account has logged in, and logged out again."""
    client = Client()
    try_password(client, PASSWORD, user.email)
    response = client.post("/accounts/2fa/authenticate/", {"code": code(user.totp_secret)})
    assert response.status_code == 302
    client.post("/accounts/logout/")
    return client


def waits(page):
    return int(re.search(r"Please wait (\d+) second", Html(page).text)[1])


@pytest.mark.requirement("A24")
@pytest.mark.parametrize("address", ["ana@example.org", "nobody@example.org"])
def test_guesses_are_slowed_more_and_more_and_never_locked(ana, address):
    seen = []
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False) as clock:
        for _ in range(16):
            page = try_password(Client(), address=address).content
            if SLOWED in page:
                seen.append(waits(page))
                assert f'value="{address}"'.encode() in page
                clock.shift(timedelta(seconds=seen[-1]))
                assert SLOWED not in try_password(Client(), address=address).content
    assert seen == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


@pytest.mark.requirement("A24")
def test_a_slowed_try_is_not_looked_at(ana):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            try_password(Client())
        assert SLOWED in try_password(Client(), PASSWORD).content
        clock.shift(timedelta(seconds=2))
        assert try_password(Client(), PASSWORD).status_code == 302
        assert Guesses.objects.get().wrong == 0


@pytest.mark.requirement("A24")
def test_with_time_guesses_are_forgiven():
    now = timezone.now()
    assert guessing.wait(5, now, now) == 2
    assert guessing.wait(4, now, now) == 0
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(5):
            guessing.begin(b"d" * 32)
        clock.shift(guessing.FORGIVEN_AFTER * 3)
        for _ in range(3):
            guessing.begin(b"d" * 32)
        clock.shift(guessing.KEPT + timedelta(hours=1))
        guessing.forget()
        assert Guesses.objects.count() == 0


@pytest.mark.requirement("A24")
def test_writing_the_address_in_another_way_is_the_same_account(ana):
    with time_machine.travel(timezone.now(), tick=False):
        for address in (
            "ana@example.org",
            "ANA@example.org",
            " ana@example.org ",
            "Ana@Example.Org",
            "aNa@example.org",
        ):
            try_password(Client(), address=address)
        assert SLOWED in try_password(Client()).content


@pytest.mark.requirement("A24")
@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_as_many(ana):
    def guess(_):
        return SLOWED in try_password(Client()).content

    slowed = at_once(guess, range(12), writes=Guesses)
    assert slowed.count(False) <= guessing.FREE + 1


@pytest.mark.requirement("A24")
def test_a_device_that_logged_in_passes_a_stranger_does_not(ana):
    device = a_device(ana)
    cookie = device.cookies["device"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/accounts/", "Strict", True)
    with time_machine.travel(timezone.now() + timedelta(days=29), tick=False):
        for _ in range(6):
            try_password(Client())
        assert SLOWED in try_password(Client(), PASSWORD).content
        assert try_password(device, PASSWORD).status_code == 302


@pytest.mark.requirement("A24")
def test_a_stolen_device_has_no_more_guesses_than_a_stranger(ana):
    device = a_device(ana)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(5):
            assert SLOWED not in try_password(device).content
        assert SLOWED in try_password(device, PASSWORD).content


@pytest.mark.requirement("A24")
@pytest.mark.parametrize("change", ["month", "password", "forged", "other account", "forgotten"])
def test_a_device_is_known_by_its_own_account_for_30_days(ana, change):
    device, later = a_device(ana), timedelta(seconds=1)
    if change == "month":
        later = timedelta(days=30, seconds=5)
    elif change == "password":
        ana = User.objects.get(pk=ana.pk)
        ana.set_password(PASSWORD)
        ana.save()
    elif change == "forged":
        device.cookies["device"] = device.cookies["device"].value[:-1] + "x"
    elif change == "other account":
        Device.objects.update(user=make_staff("ben@example.org"))
    else:
        Device.objects.all().delete()
    with time_machine.travel(timezone.now() + later, tick=False):
        for _ in range(5):
            try_password(Client())
        assert SLOWED in try_password(device, PASSWORD).content


@pytest.mark.requirement("A24")
def test_a_device_is_remembered_only_after_the_second_factor(ana):
    client = Client()
    try_password(client, PASSWORD)
    assert "device" not in client.cookies
    assert Device.objects.count() == 0


@pytest.mark.requirement("A24")
def test_codes_are_slowed_as_passwords_are(ana):
    wrong = "000000" if code(ana.totp_secret) != "000000" else "000001"
    client = Client()
    with time_machine.travel(timezone.now(), tick=False):
        try_password(client, PASSWORD)
        for _ in range(5):
            assert SLOWED not in client.post("/accounts/2fa/authenticate/", {"code": wrong}).content
        assert SLOWED in client.post("/accounts/2fa/authenticate/", {"code": code(ana.totp_secret)}).content


@pytest.mark.requirement("S17")
def test_a_code_is_taken_once_wherever_it_is_typed(ana):
    with time_machine.travel(timezone.now(), tick=False):
        used = code(ana.totp_secret)
        for answer in (302, 200):
            client = Client()
            try_password(client, PASSWORD)
            assert client.post("/accounts/2fa/authenticate/", {"code": used}).status_code == answer
    with pytest.raises(IntegrityError), transaction.atomic():
        UsedCode.objects.create(user=ana, time_step=UsedCode.objects.get().time_step)


@pytest.mark.requirement("A24")
@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("/accounts/reauthenticate/", "password"),
        ("/accounts/password/change/", "oldpassword"),
        ("/accounts/2fa/reauthenticate/", "code"),
    ],
)
def test_whoever_is_logged_in_guesses_no_faster(ana, page, field):
    client = Client()
    client.force_login(ana, "allauth.account.auth_backends.AuthenticationBackend")
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(5):
            assert SLOWED not in client.post(page, {field: "000000"}).content
        assert SLOWED in client.post(page, {field: PASSWORD}).content


@pytest.mark.requirement("A24")
def test_the_admins_own_form_for_a_new_password_is_not_used(staff):
    assert staff.get("/admin/password_change/").url == "/accounts/password/change/"
