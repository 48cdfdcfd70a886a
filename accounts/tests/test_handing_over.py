"""Somebody leaves the staff: what waits is somebody else's, the account opens nothing, and the log has one line of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group

from accounts import handing_over
from accounts.models import Device, StaffSession, User
from petitions import limits, moderation
from petitions.models import Decision, Export
from tests import factories
from tests.html import Html
from tests.login import log_in, logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person("officer", "data officer", "moderator")


def person(name, *roles):
    return make_staff(f"{name}@example.org", superuser=False, groups=list(Group.objects.filter(name__in=roles)))


def page(user):
    return f"/admin/accounts/user/{user.pk}/transfer/"


def waiting(live, by):
    """A decision that waits for a second person, and an export that does: both asked for by `by`."""
    rows = [factories.signature(live.petition).pk for _ in range(limits.FEW + 1)]
    chosen = live.petition.signatures.filter(pk__in=rows)
    decision = moderation.remove(live.petition, chosen, "automated", by)
    assert decision.outcome == "waiting"
    export = Export(petition=live.petition, purpose="news", reason="x", asked_by=by)
    export.expires_at = export.asked_at + Export.WAITS
    export.save()
    return decision, export


def test_what_waits_moves_and_the_account_opens_nothing(staff, live, officer):
    decision, export = waiting(live, officer)
    browser, heir = log_in(officer), person("heir", "data officer", "moderator")
    assert browser.get("/admin/").status_code == 200
    shown = staff.get(page(officer)).content.decode()
    assert "Decisions waiting for a second person" in shown
    assert staff.post(page(officer), {"to": heir.pk}).status_code == 302
    for row in (decision, export):
        row.refresh_from_db()
        assert row.asked_by == heir
    assert not moderation.may_approve(decision, heir)
    assert browser.get("/admin/").url == "/admin/login/?next=/admin/"
    officer.refresh_from_db()
    assert (officer.is_active, officer.groups.count()) == (False, 0)
    assert not StaffSession.objects.filter(user=officer).exists()
    assert not Device.objects.filter(user=officer).exists()
    entry = LogEntry.objects.get()
    assert entry.object_id == str(officer.pk)
    assert entry.change_message == (
        "Handed over to heir@example.org: 1 decisions waiting for a second person, 1 exports not fetched yet,"
        " 1 teams of campaigns. Closed the account."
    )


def test_a_pack_that_waits_is_fetched_by_the_heir(staff, live, officer):
    pack = factories.delivery(live, officer, state="ready")
    gone = factories.delivery(live, officer)
    heir = person("heir", "data officer")
    assert staff.post(page(officer), {"to": heir.pk}).status_code == 302
    for row, owner in ((pack, heir), (gone, officer)):
        row.refresh_from_db()
        assert row.asked_by == owner


def test_roles_go_over_only_when_they_are_ticked(staff, live, officer):
    _, export = waiting(live, officer)
    heir, roles = person("heir", "organiser"), dict(officer.groups.values_list("name", "pk"))
    others = Group.objects.get(name="analyst").pk
    assert staff.post(page(officer), {"to": heir.pk, "roles": [others]}).status_code == 422
    staff.post(page(officer), {"to": heir.pk, "roles": [roles["data officer"]]})
    assert set(heir.groups.values_list("name", flat=True)) == {"organiser", "data officer"}
    export.refresh_from_db()
    assert export.asked_by == heir
    # Nobody who may not decide gets what is to be decided.
    assert Decision.objects.get().asked_by == officer


def test_whoever_approved_an_export_does_not_get_it(officer, live):
    second = person("second", "data officer")
    export = waiting(live, officer)[1]
    Export.objects.filter(pk=export.pk).update(
        state="writing", decided_by=second, decided_at=export.asked_at, began_at=export.asked_at
    )
    handing_over.hand_over(officer, second)
    export.refresh_from_db()
    assert export.asked_by == officer


def test_the_only_administrator_does_not_leave(staff, live):
    only, heir = User.objects.get(is_superuser=True), person("heir", "organiser")
    answer = staff.post(page(only), {"to": heir.pk})
    assert answer.status_code == 422
    assert "Make somebody else an administrator first" in answer.content.decode()
    only.refresh_from_db()
    assert only.is_active
    assert logged_in(only).get("/admin/").status_code == 200


def test_an_administrator_closes_their_own_account(staff, live):
    other = make_staff("other@example.org")
    own = User.objects.get(email="staff@example.org")
    assert staff.post(page(own), {"to": other.pk}).status_code == 302
    assert staff.get("/admin/").url == "/admin/login/?next=/admin/"
    assert LogEntry.objects.get().object_id == str(own.pk)


def test_nothing_moves_to_whoever_has_left(staff, live, officer):
    waiting(live, officer)
    gone = person("gone", "moderator")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert staff.post(page(officer), {"to": gone.pk}).status_code == 422
    assert staff.post(page(officer), {"to": officer.pk}).status_code == 422
    with pytest.raises(handing_over.NotOnTheStaff):
        handing_over.hand_over(officer, gone)
    with pytest.raises(handing_over.NotOnTheStaff):
        handing_over.hand_over(officer, officer)
    officer.refresh_from_db()
    assert officer.is_active
    assert LogEntry.objects.count() == 0


def test_the_page_of_a_person_leads_there(staff, officer):
    shown = Html(staff.get(f"/admin/accounts/user/{officer.pk}/change/"))
    assert page(officer) in shown.values("a[href]", "href")


def test_teams_go_over(live, officer):
    heir, other = person("heir", "organiser"), factories.campaign()
    other.team.remove(officer)
    heir.campaigns.clear()
    assert [str(label) for label, _ in handing_over.waiting(officer)] == ["teams of campaigns"]
    assert handing_over.hand_over(officer, heir)[0][1] == 1
    assert (list(heir.campaigns.all()), officer.campaigns.count()) == ([live], 0)
