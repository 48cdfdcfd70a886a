"""Who signed is for nobody to browse: one row at a time, for a reason, by whoever has the right to it."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from petitions import reveal
from petitions.models import Reveal, Signature
from tests import factories, world
from tests.at_once import at_once
from tests.html import Html

pytestmark = pytest.mark.django_db
NAME, COMMENT, ADDRESS = "Quetzalcoatlina Example", "My very own quetzal words", "quetzal@hidden-domain.example"
LIST = "/admin/petitions/signature/"


@pytest.fixture
def row(live):
    return factories.signature(live.petition, name=NAME, comment=COMMENT, address=ADDRESS)


def reading(row):
    return f"{LIST}{row.pk}/reveal/"


def told(text):
    return any(word in text for word in ("Quetzal", "quetzal", "hidden-domain"))


@pytest.mark.requirement("A20")
def test_no_page_of_the_admin_shows_who_signed(row):
    """List, filters, row, history, removal and what is said after an action: for every role, administrators included."""
    browsers = world.browsers()
    pages = [
        LIST,
        f"{LIST}?q=Example",
        f"{LIST}?mail=uncertain",
        f"{LIST}{row.pk}/change/",
        f"{LIST}{row.pk}/history/",
        f"{LIST}{row.pk}/delete/",
        "/admin/petitions/decision/",
        "/admin/petitions/reveal/",
        "/admin/",
        reading(row),
        "/admin/autocomplete/?app_label=petitions&model_name=decision&field_name=signatures&term=Example",
    ]
    for role, browser in browsers.items():
        seen = 0
        for page in pages:
            answer = browser.get(page, follow=True)
            assert not told(answer.content.decode()), (role, page)
            seen += answer.status_code == 200
        assert seen > 4 or role in ("analyst", "press", world.NONE), role
    for action in ("quarantine", "restore", "remove_abuse"):
        browser = browsers[world.ADMINISTRATOR]
        said = browser.post(LIST, {"action": action, "_selected_action": str(row.pk)}, follow=True).content.decode()
        assert not told(said)
    assert not any(told(str(entry.__dict__)) for entry in LogEntry.objects.all())


@pytest.mark.requirement("A20")
@pytest.mark.parametrize("field", ["name", "comment", "email", "address_hash", "name_hash", "client_hash", "domain"])
@pytest.mark.parametrize("how", ["", "__isnull", "__startswith", "__regex"])
def test_nobody_looks_rows_up_by_what_is_personal(staff, row, field, how):
    assert staff.get(f"{LIST}?{field}{how}=1").status_code == 400


@pytest.mark.requirement("A20")
def test_whoever_may_reveal_sees_one_row_once_for_a_reason(row, caplog):
    browsers = world.browsers()
    for role, browser in browsers.items():
        may = role in ("data officer", world.ADMINISTRATOR)
        link = reading(row) in browser.get(f"{LIST}{row.pk}/change/").content.decode()
        assert link is may, role
        assert browser.get(reading(row)).status_code == (200 if may else 403), role
        assert browser.post(reading(row), {"reason": " "}).status_code == (422 if may else 403), role
        assert Reveal.objects.count() == 0
        answer = browser.post(reading(row), {"reason": "Asked us by letter"})
        assert answer.status_code == (200 if may else 403), role
        assert (NAME in answer.content.decode() and COMMENT in answer.content.decode()) is may, role
        assert ADDRESS not in answer.content.decode()
        if may:
            assert "no-store" in answer.headers["Cache-Control"]
            assert str(row.pk) in Html(answer).texts("dd bdi")
            record = Reveal.objects.get()
            assert (record.row, record.petition, record.reason) == (row.pk, row.petition, "Asked us by letter")
            assert record.by.email.startswith(role.replace(" ", "-"))
            assert LogEntry.objects.filter(object_id=str(row.pk), user=record.by).count() == 1
            page = browser.get(f"/admin/petitions/reveal/{record.pk}/change/").content.decode()
            assert "Asked us by letter" in page and not told(page)
            assert not told(browser.get(reading(row)).content.decode())
            assert not told(browser.get(f"{LIST}{row.pk}/history/").content.decode())
            record.delete()
    assert not told(caplog.text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM petitions_reveal, django_admin_log, django_session")
        assert not told(repr(cursor.fetchall()))


@pytest.mark.requirement("A20")
def test_what_was_erased_is_not_revealed(staff, row):
    Signature.objects.filter(pk=row.pk).update(
        email=None,
        name=None,
        comment=None,
        address_hash=None,
        client_hash=None,
        name_hash=None,
        erased_at=timezone.now(),
    )
    assert reading(row) not in staff.get(f"{LIST}{row.pk}/change/").content.decode()
    assert staff.post(reading(row), {"reason": "x"}).status_code == 404
    assert Reveal.objects.count() == 0


@pytest.mark.requirement("A20")
def test_thirty_looks_an_hour_and_person(staff, row):
    other = world.make_staff("other@example.org")
    for _ in range(reveal.MOST - 1):
        Reveal.objects.create(
            row=row.pk, petition=row.petition, by=world.User.objects.get(email="staff@example.org"), reason="x"
        )
    assert NAME in staff.post(reading(row), {"reason": "The thirtieth"}).content.decode()
    late = staff.post(reading(row), {"reason": "One too many"})
    assert late.status_code == 429
    assert not told(late.content.decode())
    assert "One too many" in late.content.decode()
    assert NAME in world.logged_in(other).post(reading(row), {"reason": "Somebody else"}).content.decode()
    Reveal.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert NAME in staff.post(reading(row), {"reason": "Later"}).content.decode()


@pytest.mark.requirement("A20")
def test_a_reveal_without_a_reason_is_no_reveal(staff, row):
    with pytest.raises(IntegrityError):
        Reveal.objects.create(row=row.pk, petition=row.petition, by=world.User.objects.get(), reason="")


@pytest.mark.requirement("A20")
@pytest.mark.django_db(transaction=True)
def test_looks_that_come_all_at_once_are_no_more_than_thirty(live):
    row, person = factories.signature(live.petition), world.make_staff()
    for _ in range(reveal.MOST - 3):
        Reveal.objects.create(row=row.pk, petition=row.petition, by=person, reason="x")

    def look(_number):
        try:
            return reveal.reveal(row, person, "all at once")
        except reveal.TooMany:
            return None

    seen = [shown for shown in at_once(look, range(12), writes=Reveal) if shown]
    assert len(seen) == 3
    assert Reveal.objects.count() == reveal.MOST


@pytest.mark.requirement("A20")
def test_the_list_of_looks_is_written_by_nobody(staff, row):
    Reveal.objects.create(row=row.pk, petition=row.petition, by=world.User.objects.get(), reason="x")
    record = Reveal.objects.get()
    for page in ("add/", f"{record.pk}/change/", f"{record.pk}/delete/"):
        assert staff.post(f"/admin/petitions/reveal/{page}", {"reason": "y", "post": "yes"}).status_code == 403
    assert "reason" in staff.get("/admin/petitions/reveal/").content.decode()
    assert Client().get(reading(row)).status_code == 302
