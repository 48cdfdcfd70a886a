"""While the database is away: 503, what was typed, and a button."""

import pytest
from django.db import connections
from django.test import Client

from petitions.models import Signature
from tests import factories
from tests.factories import typed
from tests.html import Html

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(live):
    """Nothing answers where the database should be, until this is called."""
    usual = connections["default"]
    connections["default"] = usual.copy()
    connections["default"].settings_dict["HOST"] = "/nowhere"

    def back():
        connections["default"] = usual

    yield back
    back()


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_what_was_typed_is_sent_again_by_a_button(visitor, live, away):
    path, fields = f"/fr/c/{live.slug}/sign/", typed(comment='She said "no" & left', updates=["1", "2"])
    answer = visitor.post(path, fields)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    page = Html(answer)
    assert page.one("html")["lang"] == "fr"
    assert page.one("form[method=post]")["action"] == path
    again = page.fields("form[method=post]")
    assert again == fields
    away()
    assert visitor.post(path, again).status_code == 303
    assert Signature.objects.get(petition=live.petition).comment == 'She said "no" & left'


def test_who_only_looks_is_told_to_come_back(visitor, live, away):
    answer = visitor.get(f"/c/{live.slug}/progress/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Html(answer).find("form[method=post]") == []


def test_a_password_is_never_given_back(visitor, away):
    answer = visitor.post("/accounts/login/", {"login": "a@example.org", "password": "a-secret-of-mine"})
    assert answer.status_code == 503
    assert b"a-secret-of-mine" not in answer.content


def test_a_fault_of_ours_stays_one(visitor, live, monkeypatch):
    def broken(slug):
        raise ValueError

    monkeypatch.setattr("public.views.signing.find_kept", broken)
    assert visitor.post(f"/c/{factories.campaign().slug}/sign/", typed()).status_code == 500
