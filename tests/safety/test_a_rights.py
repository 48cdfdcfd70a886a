"""Who may do what in the admin, tried as each kind of staff (docs/roles.md). Requirements are numbered as in docs/safety.md."""

import re

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from campaigns.tests.test_admin import form_of
from core.history import ReadOnlyHistory
from tests import factories, world

pytestmark = pytest.mark.django_db


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def contents():
    """Everything that the database holds, but sessions and what counts logins."""
    tables = [name for name in connection.introspection.table_names() if "session" not in name]
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def with_a_past(things):
    """Those that keep a history, each with an older version in which something else stood: (model, pk, version)."""
    found = []
    for model, thing in things.items():
        if hasattr(model, "history"):
            words = next(field for field in ("headline", "title", "text", "name", "words") if hasattr(thing, field))
            was = getattr(thing, words)
            setattr(thing, words, f"Formerly {was}")
            thing.save()
            setattr(thing, words, was)
            thing.save()
            found += [(model, thing.pk, version.history_id) for version in thing.history.all()[:2]]
    return found


def test_a24_history_is_read_by_many_and_written_by_nobody(live):
    """Every version of every object, as each role, with the form that the page itself gives, and by the names of other buttons."""
    things = world.everything(live)
    versions, browsers = with_a_past(things), world.browsers()
    assert len(versions) >= 18
    before = contents()
    for role, browser in browsers.items():
        for model, pk, version in versions:
            places = [address(model, "history", pk), address(model, "simple_history", pk, version)]
            for place in places:
                page = browser.get(place)
                assert page.status_code in (200, 403), (role, place)
                form = form_of(page.content.decode()) if page.status_code == 200 else {}
                assert not re.search(r'name="_(save|change_history|continue|saveasnew)"', page.content.decode())
                for extra in ({}, {"_save": "1"}, {"_change_history": "1"}, {"_saveasnew": "1"}):
                    for query in ("", "?_change_history=1"):
                        assert browser.post(place + query, form | extra).status_code in (403, 405), (role, place)
    assert contents() == before


def test_a24_every_admin_with_a_history_keeps_it_read_only():
    for model, page in admin.site._registry.items():
        if hasattr(page, "history_form_view"):
            assert isinstance(page, ReadOnlyHistory), model
            assert type(page).history_form_view is ReadOnlyHistory.history_form_view, model


def test_a24_a_version_shows_what_stood_there_and_nothing_to_fill_in(staff, live):
    live.petition.text = "Publish all of it."
    live.petition.save()
    oldest = live.petition.history.last()
    page = staff.get(address(type(live.petition), "simple_history", live.petition.pk, oldest.history_id))
    text = page.content.decode()
    assert "Publish it." in text
    assert 'name="text"' not in text


def test_a24_the_database_knows_what_stays(live):
    live.launched_at = None
    with pytest.raises(IntegrityError, match="stays launched"), transaction.atomic():
        live.save()
    petition = factories.petition()
    petition.text = "Still free to be written."
    petition.save()
    factories.signature(petition, confirmed=False)
    petition.text = "Something else"
    with pytest.raises(IntegrityError, match="put their name to"), transaction.atomic():
        petition.save()
