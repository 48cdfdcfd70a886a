"""One list of what staff did: whoever did it, to whatever object."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType

from campaigns.models import Campaign
from core.staff.pages import ROWS
from tests import factories
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db

LOG = "/admin/admin/logentry/"


def entry(user, thing, words="headline", flag=2):
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(thing),
        object_id=str(thing.pk),
        object_repr=str(thing),
        action_flag=flag,
        change_message=json.dumps([{"changed": {"fields": [words]}}]) if flag == 2 else "",
    )


def rows(client, **query):
    return Html(client.get(LOG, query)).texts("#result_list tbody tr")


@pytest.fixture
def entries(staff, live):
    ana, ben = make_staff("ana@example.org"), make_staff("ben@example.org")
    entry(ana, live)
    entry(ben, live.petition, "title")
    entry(ben, Campaign(pk=10**6, slug="gone"), flag=3)
    return ana, ben


def test_everything_is_in_one_list_with_whoever_did_it(staff, live, entries):
    said = rows(staff)
    assert len(said) == 3
    assert "ben@example.org" in said[0]
    assert "gone" in said[0]
    assert "Changed Title." in said[1] or "Changed title." in said[1]
    links = Html(staff.get(LOG)).values("#result_list tbody a", "href")
    assert f"/admin/campaigns/campaign/{live.pk}/change/" in links
    assert not [link for link in links if str(10**6) in link]


@pytest.mark.parametrize(("words", "number"), [("quay", 1), ("ana@", 1), ("title", 1), ("ben", 2), ("nothing", 0)])
def test_it_is_searched_by_object_change_and_person(staff, live, entries, words, number):
    Campaign.objects.filter(pk=live.pk).update(slug="quay")
    LogEntry.objects.filter(object_id=str(live.pk), user=entries[0]).update(object_repr="quay")
    assert len(rows(staff, q=words)) == number


def test_it_is_filtered_by_person_and_kind(staff, live, entries):
    ana, ben = entries
    assert len(rows(staff, who=ana.pk)) == 1
    assert len(rows(staff, who=ben.pk)) == 2
    assert len(rows(staff, of=ContentType.objects.get_for_model(live.petition).pk)) == 1
    assert len(rows(staff, who="x")) == 3


def test_nobody_writes_or_deletes_there_and_only_administrators_read(staff, entries):
    number = LogEntry.objects.first().pk
    for path in (f"{LOG}add/", f"{LOG}{number}/delete/"):
        assert staff.get(path).status_code == 403
    assert staff.post(f"{LOG}{number}/change/", {"object_repr": "x"}).status_code == 403
    assert LogEntry.objects.count() == 3
    for role in Group.objects.all():
        somebody = logged_in(make_staff(f"{role.name.split()[0]}@example.org", superuser=False, groups=[role]))
        assert somebody.get(LOG).status_code == 403


def test_hundreds_of_entries_cost_as_many_queries_as_three(staff, entries, django_assert_max_num_queries):
    live = factories.campaign()
    for _ in range(100):
        entry(entries[0], live)
    with django_assert_max_num_queries(16):
        assert len(rows(staff)) == ROWS


def test_it_is_looked_through_by_time(staff, entries):
    LogEntry.objects.filter(user=entries[0]).update(action_time="2026-03-04T12:00:00Z")
    assert len(rows(staff, action_time__year=2026, action_time__month=3, action_time__day=4)) == 1
    assert len(rows(staff, action_time__year=2026, action_time__month=3, action_time__day=5)) == 0


def test_no_entry_tells_who_signed(staff, live):
    row = factories.signature(live.petition, name="Quetzal Doe", address="quetzal@example.org", comment="My quetzal.")
    for action in ("quarantine", "restore", "remove_abuse"):
        staff.post("/admin/petitions/signature/", {"action": action, "_selected_action": [str(row.pk)]})
    staff.post(f"/admin/petitions/signature/{row.pk}/reveal/", {"reason": "A complaint"})
    said = staff.get(LOG).content.decode()
    assert said.count(str(row.pk)) >= 3
    assert "quetzal" not in said.lower()
