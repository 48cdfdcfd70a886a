"""What moderators do with comments: one by one and many at a time, and back again."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.crypto import tokens
from petitions import voices
from petitions.models import LinkRequest, Signature, Voice
from tests import factories
from tests.at_once import at_once
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
QUEUE = "/admin/petitions/voice/"


@pytest.fixture
def moderator():
    return make_staff("mo@example.org")


def states():
    return sorted(Voice.objects.values_list("state", flat=True))


def choose(browser, action, *chosen):
    fields = {"action": action, "_selected_action": [str(voice.pk) for voice in chosen]}
    return browser.post(f"{QUEUE}?state=all", fields, follow=True).content.decode()


def test_the_queue_is_what_waits_and_the_first_to_come_is_the_first_to_be_read(staff, live):
    for comment in ("My river.", "Mine."):
        factories.voice(live.petition, "waiting", comment=comment)
    factories.voice(live.petition, comment="Approved.")
    page = Html(staff.get(QUEUE, follow=True))
    assert [cell.text for cell in page.find(".outcry-words")] == ["My river.", "Mine."]
    assert "Approved." in staff.get(f"{QUEUE}?state=approved").content.decode()
    assert len(Html(staff.get(f"{QUEUE}?state=all")).find(".outcry-words")) == 3


def test_the_sidebar_says_how_many_wait(staff, live):
    for _ in range(3):
        factories.voice(live.petition, "waiting")
    page = Html(staff.get("/admin/"))
    assert page.find(f"a[href='{QUEUE}']")[0].text.split()[-1] == "3"


def test_many_are_decided_at_once_and_each_has_its_line_in_the_history(staff, live):
    rows = [factories.voice(live.petition, "waiting") for _ in range(4)]
    assert "3: approved" in choose(staff, "approve", *rows[:3])
    assert "1: declined" in choose(staff, "decline_danger", rows[3])
    assert states() == ["approved"] * 3 + ["declined"]
    assert Voice.objects.get(pk=rows[3].pk).reason == "danger"
    assert LogEntry.objects.filter(object_id__in=[str(row.pk) for row in rows]).count() == 4
    assert "4: put back" in choose(staff, "put_back", *rows)
    assert states() == ["waiting"] * 4


def test_the_last_decision_is_undone_whole_and_then_the_one_before(live, moderator):
    rows = [factories.voice(live.petition, "waiting") for _ in range(4)]
    voices.approve(Voice.objects.filter(pk=rows[0].pk), moderator)
    voices.decline(Voice.objects.filter(pk__in=[row.pk for row in rows[1:3]]), moderator, "advert")
    voices.approve(Voice.objects.filter(pk=rows[3].pk), make_staff("other@example.org"))
    assert len(voices.undo(moderator)) == 2
    assert states() == ["approved", "approved", "waiting", "waiting"]
    assert len(voices.undo(moderator)) == 1
    assert voices.undo(moderator) == []
    assert states() == ["approved", "waiting", "waiting", "waiting"]


def test_a_decision_of_another_hour_is_not_undone_by_mistake(live, moderator):
    factories.voice(live.petition, "waiting")
    voices.approve(Voice.objects.all(), moderator)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert voices.undo(moderator) == []


def test_nobody_overrules_what_somebody_else_has_just_decided(live, moderator, staff):
    """On a page that is some minutes old it still waits."""
    row = factories.voice(live.petition, "waiting")
    voices.decline(Voice.objects.all(), moderator, "danger")
    assert "0: approved" in choose(staff, "approve", row)
    assert states() == ["declined"]
    assert not LogEntry.objects.filter(object_id=str(row.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(live):
    factories.voice(live.petition, "waiting")
    people = [make_staff(f"mo-{number}@example.org") for number in range(4)]
    done = at_once(lambda by: len(voices.approve(Voice.objects.all(), by)), people, writes=Voice)
    assert sorted(done) == [0, 0, 0, 1]


def test_what_a_release_without_voices_confirmed_is_offered_too(live):
    agreed = {"comment": "Mine.", "show_name_at": timezone.now()}
    missed = factories.signature(live.petition, **agreed)
    factories.signature(live.petition, comment="Not for others.")
    factories.signature(live.petition, comment="", show_name_at=timezone.now())
    factories.voice(live.petition)
    assert voices.catch_up() == 1
    assert voices.catch_up() == 0
    assert Voice.objects.waiting().get().signature == missed


def test_undo_is_offered_to_whoever_has_decided(live, moderator):
    factories.voice(live.petition, "waiting")
    browser = logged_in(moderator)
    assert not Html(browser.get(QUEUE, follow=True)).find("form[data-undo]")
    voices.approve(Voice.objects.all(), moderator)
    assert Html(browser.get(QUEUE, follow=True)).find("form[data-undo]")
    browser.post(QUEUE, {"undo": ""})
    assert states() == ["waiting"]


def test_the_same_decision_twice_is_one(live, moderator):
    factories.voice(live.petition, "waiting")
    assert len(voices.approve(Voice.objects.all(), moderator)) == 1
    assert voices.approve(Voice.objects.all(), make_staff("other@example.org")) == []
    assert Voice.objects.get().decided_by == moderator


def test_its_owner_sees_what_came_of_it(client, live):
    declined = factories.voice(live.petition, "declined", address="ana@example.org")
    silent = factories.signature(
        factories.campaign().petition, address="ana@example.org", show_name_at=declined.decided_at
    )
    row = declined.signature
    link = LinkRequest.objects.create(email=row.email, address_hash=row.address_hash, mailed_at=timezone.now())
    path = f"/my/{tokens.make('my', link.pk)}/"
    page = client.get(path).content.decode()
    assert "no, a moderator declined it: abusive or hateful" in page
    assert "no, there is no comment" in page
    told = {one["comment"]: one["comment_shown"] for one in client.get(f"{path}export.json").json()["signatures"]}
    assert told[silent.comment] is None
    assert told[row.comment] | {"decided": None} == {
        "shown": False,
        "state": "declined",
        "reason": "abusive",
        "decided": None,
    }


@pytest.mark.parametrize("why", ["level", "review"])
def test_nobody_is_told_that_they_are_shown_where_nobody_is(live, why):
    voice = factories.voice(live.petition)
    assert (voice.told, voice.is_shown) == ("yes", True)
    if why == "level":
        live.safety = "elevated"
        live.save()
    else:
        Signature.objects.filter(pk=voice.signature_id).update(review="quarantined")
    voice = Voice.objects.get()
    assert (voice.told, voice.is_shown) == ("no, not at present", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "approved", "decided_by": None, "decided_at": None},
        {"state": "waiting"},
        {"state": "declined", "reason": ""},
        {"state": "approved", "reason": "advert"},
        {"state": "declined", "reason": "taste"},
    ],
)
def test_the_database_refuses_half_a_decision(live, wrong):
    voice = factories.voice(live.petition)
    with pytest.raises(IntegrityError), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(**wrong)
