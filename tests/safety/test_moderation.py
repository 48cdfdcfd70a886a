"""Two people, on both sides; what waits for the second one; what stays on record; what a signer can't shed."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign
from core.crypto import tokens
from core.models import StaffMail
from core.privacy.address_hashes import address_hash
from petitions import limits, moderation, removals, rotation, signing, standing_decisions, tally, tasks
from petitions.models import Decision, LinkRequest, Petition, Review, Signature, StandingDecision
from tests import factories
from tests.at_once import at_once
from tests.factories import typed
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
MANY, A_NIGHT = 30, timedelta(hours=24, minutes=1)
CONFIRMED = {"name": "A", "country": "ES", "updates": False, "others": False}


def staff_user(name, **fields):
    return make_staff(f"{name}@example.org", **fields)


@pytest.fixture
def one(db):
    return staff_user("one")


@pytest.fixture
def two(db):
    return staff_user("two")


def signatures(live, number, **fields):
    rows = [row.pk for row in factories.signatures(live.petition, number, **fields)]
    tally.settle_all()
    return rows


def of(rows):
    return Signature.objects.filter(pk__in=rows)


def counted(live):
    tally.settle_all()
    return tally.confirmed(live.petition)


def act(browser, action, rows, **more):
    chosen = {"action": action, "_selected_action": [str(pk) for pk in rows]}
    return browser.post("/admin/petitions/signature/", chosen | more, follow=True).content.decode()


def page(decision):
    return f"/admin/petitions/decision/{decision.pk}/change/"


def say(browser, decision, verb, **more):
    return browser.post(page(decision), {"verb": verb} | more, follow=True)


def removed(live, rows, one, two, reason="abuse"):
    """Taken out by two people, who slept on it."""
    decision = moderation.remove(live.petition, of(rows), reason, one)
    if decision.is_waiting:
        Decision.objects.filter(pk=decision.pk).update(asked_at=timezone.now() - A_NIGHT)
        moderation.approve(decision, two)
    return decision


@pytest.mark.requirement("S17")
def test_removing_many_needs_a_second_person(live, one, two):
    rows = signatures(live, 100)
    browser = logged_in(one)
    assert "somebody else must help" in act(browser, "remove_automated", rows[:11])
    decision = Decision.objects.get()
    assert counted(live) == 100
    assert removals.of(live.petition) == []
    assert "Approve, as the second person" not in browser.get(page(decision)).content.decode()
    say(browser, decision, "approve")
    decision.refresh_from_db()
    assert decision.is_waiting
    second = logged_in(two)
    assert "Approve, as the second person" in second.get(page(decision)).content.decode()
    say(second, decision, "approve")
    decision.refresh_from_db()
    assert (decision.decided_by, decision.number, decision.outcome) == (two, 11, "done")
    assert counted(live) == 89


def test_the_second_person_is_called_by_mail_once_for_what_waits(live, one, two):
    rows = signatures(live, 100)
    moderation.remove(live.petition, of(rows[:11]), "abuse", one)
    [mail] = StaffMail.objects.all()
    assert mail.to == two.email
    assert mail.text.endswith(page(Decision.objects.get()))
    moderation.remove(live.petition, of(rows[20:31]), "abuse", one)
    assert StaffMail.objects.count() == 1, "they know that something waits there"
    moderation.remove(live.petition, of(rows[60:71]), "abuse", two)
    assert [mail.to for mail in StaffMail.objects.order_by("pk")] == [two.email, one.email]
    moderation.withdraw(Decision.objects.get(asked_by=two), two)
    for decision in Decision.objects.filter(asked_by=one):
        moderation.withdraw(decision, one)
    moderation.remove(live.petition, of(rows[40:42]), "abuse", one)
    assert StaffMail.objects.count() == 2, "few need nobody else"
    moderation.remove(live.petition, of(rows[45:56]), "abuse", one)
    assert StaffMail.objects.count() == 3


@pytest.mark.requirement("S17")
def test_bringing_back_what_people_removed_needs_a_second_person_too(live, one, two):
    rows = signatures(live, 200)
    removed(live, rows[:100], one, two)
    assert counted(live) == 100
    for user in (one, two):
        act(logged_in(user), "restore", rows[:100])
    assert counted(live) == 100
    first, second = Decision.objects.waiting().order_by("asked_at")
    for decision, by in ((first, two), (second, one)):
        with pytest.raises(moderation.SecondPersonNeeded):
            moderation.approve(decision, by)  # each has asked for a slice of the other's
    moderation.withdraw(second, two)
    moderation.approve(first, two)
    assert counted(live) == 200


@pytest.mark.requirement("S17")
def test_bringing_back_in_small_steps_is_one_large_one(live, one, two):
    rows = signatures(live, 200)
    removed(live, rows[:100], one, two)
    for start in range(0, 100, 10):
        moderation.restore(live.petition, of(rows[start : start + 10]), one)
    assert counted(live) == 110


@pytest.mark.requirement("S17")
def test_many_small_steps_are_one_large_one(live, one):
    rows = signatures(live, 60)
    browser = logged_in(one)
    for start in range(0, 60, 10):
        act(browser, "remove_automated", rows[start : start + 10])
    assert counted(live) == 50
    for start in range(10, 60, 10):
        act(browser, "quarantine", rows[start : start + 10])
    assert counted(live) == 50
    assert Decision.objects.waiting().count() == 5


@pytest.mark.requirement("S17")
def test_what_waits_for_a_second_person_can_not_be_asked_for_again_in_pieces(live, one):
    rows = signatures(live, MANY)
    browser = logged_in(one)
    act(browser, "remove_automated", rows)
    for start in range(0, MANY, 10):
        act(browser, "remove_automated", rows[start : start + 10])
    assert counted(live) == MANY


@pytest.mark.requirement("S17")
def test_a_request_holds_up_nobody_else(live, one, two):
    """What waits is marked; others go on with rows outside it, and with the rows themselves."""
    rows = signatures(live, 100)
    waiting = moderation.remove(live.petition, of(rows[:50]), "abuse", one)
    listed = logged_in(two).get("/admin/petitions/signature/?all=").content.decode()
    assert listed.count("waiting for a second person") == 50
    assert moderation.waiting(Signature.objects.all()).filter(waits=True).count() == 50
    moderation.remove(live.petition, of(rows[45:55]), "abuse", two)
    assert counted(live) == 90
    Decision.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - A_NIGHT)
    moderation.approve(waiting, two)
    assert counted(live) == 45
    assert waiting.number == 45


@pytest.mark.requirement("S17")
def test_setting_aside_is_limited_too_and_everything_is_in_the_history(live, one, two):
    rows = signatures(live, 20)
    browser = logged_in(one)
    act(browser, "quarantine", rows[:3])
    assert counted(live) == 17
    assert LogEntry.objects.filter(object_id__in=[str(pk) for pk in rows[:3]], user=one).count() == 3
    assert "somebody else must help" in act(browser, "quarantine", rows[3:])
    assert counted(live) == 17
    # It is reversible, so nobody has to sleep on it.
    decision = Decision.objects.waiting().get()
    say(logged_in(two), decision, "approve")
    assert counted(live) == 0
    assert LogEntry.objects.filter(object_id__in=[str(pk) for pk in rows[3:]], user=two).count() == 17
    assert set(LogEntry.objects.filter(object_id=str(decision.pk)).values_list("user", flat=True)) == {one.pk, two.pk}


@pytest.mark.requirement("S17")
def test_what_a_machine_set_aside_one_person_may_release(live, one):
    rows = signatures(live, 520, review=Review.QUARANTINED)
    moderation.restore(live.petition, of(rows[:480]), one)
    assert counted(live) == 480
    moderation.restore(live.petition, of(rows[480:]), one)
    assert counted(live) == 480
    moderation.restore(live.petition, of(rows[480:500]), one)
    assert counted(live) == 480, "it waits in a request already"
    moderation.withdraw(Decision.objects.waiting().get(), one)
    moderation.restore(live.petition, of(rows[480:500]), one)
    assert counted(live) == 500


@pytest.mark.requirement("S17")
def test_what_was_put_back_can_be_taken_out_again(live, one):
    rows = signatures(live, 60)
    for _ in range(2):
        moderation.set_aside(live.petition, of(rows[:5]), one)
        moderation.restore(live.petition, of(rows[:5]), one)
    assert limits.used(live.petition, one) == 0
    moderation.set_aside(live.petition, of(rows[:10]), one)
    moderation.remove(live.petition, of(rows[:10]), "abuse", one)
    assert counted(live) == 50
    assert limits.used(live.petition, one) == 10


@pytest.mark.requirement("S17")
def test_what_was_set_aside_long_ago_is_no_credit(live, one):
    rows = signatures(live, 60)
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        moderation.set_aside(live.petition, of(rows[:10]), one)
    moderation.remove(live.petition, of(rows[:10]), "abuse", one)
    moderation.remove(live.petition, of(rows[10:20]), "abuse", one)
    assert counted(live) == 50


@pytest.mark.requirement("S17")
def test_a_large_share_is_slept_on_and_slices_do_not_evade_it(live, one, two):
    three = staff_user("three")
    rows = signatures(live, 100)
    first = moderation.remove(live.petition, of(rows[:19]), "abuse", one)
    moderation.approve(first, two)
    assert counted(live) == 81
    slices = [moderation.remove(live.petition, of(rows[19:24]), "abuse", three)]
    slices.append(moderation.remove(live.petition, of(rows[24:40]), "abuse", two))
    assert counted(live) == 81, "one person alone does not add to it either"
    for decision in slices:
        with pytest.raises(moderation.TooSoon):
            moderation.approve(decision, one)
    browser = logged_in(one)
    assert "A removal this large waits for a day" in browser.get(page(slices[0])).content.decode()
    assert "Approve, as" not in browser.get(page(slices[0])).content.decode()
    with time_machine.travel(timezone.now() + A_NIGHT):
        for decision in slices:
            moderation.approve(decision, one)
    assert counted(live) == 60


@pytest.mark.requirement("S17")
def test_beside_a_flood_of_fakes_no_share_of_real_people_is_small(live, one, two):
    rows = signatures(live, 40)
    signatures(live, 200, review=Review.QUARANTINED)
    with pytest.raises(moderation.TooSoon):
        moderation.approve(moderation.remove(live.petition, of(rows[:12]), "abuse", one), two)


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("verb", ["remove_abuse", "quarantine"])
def test_one_click_never_takes_a_petition_to_nothing(live, one, verb):
    rows = signatures(live, 8)
    browser = logged_in(one)
    chosen = {"action": verb, "_selected_action": [str(rows[0])], "select_across": "1"}
    looked = browser.post("/admin/petitions/signature/", chosen, follow=True)
    assert not Decision.objects.exists()
    browser.post(looked.request["PATH_INFO"], form_of(looked, "form[data-what]"))
    assert counted(live) == 8
    assert Decision.objects.waiting().get().number == 8


@pytest.mark.requirement("S17")
def test_a_request_is_declined_with_a_reason_called_back_or_expires(live, one, two):
    rows = signatures(live, 100)
    asked = [moderation.remove(live.petition, of(rows[at : at + 15]), "abuse", one) for at in (0, 20, 40)]
    mine, other = logged_in(one), logged_in(two)
    answer = say(other, asked[0], "decline", answer=" ")
    assert answer.status_code == 422
    assert "Please say why" in answer.content.decode()
    say(mine, asked[0], "decline", answer="I say so")
    say(other, asked[1], "withdraw")
    for decision in asked:
        decision.refresh_from_db()
        assert decision.is_waiting
    say(other, asked[0], "decline", answer="A school class")
    say(mine, asked[1], "withdraw")
    assert "A school class" in mine.get(page(asked[0])).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(moderation.Decided):
            moderation.approve(asked[2], two)
        assert not moderation.waiting(Signature.objects.all()).filter(waits=True).exists()
        tasks.expire_decisions()
    assert [Decision.objects.get(pk=one.pk).outcome for one in asked] == ["declined", "withdrawn", "expired"]
    for decision in asked:
        with pytest.raises(moderation.Decided):
            moderation.approve(decision, two)
    assert counted(live) == 100


@pytest.mark.requirement("S17")
def test_the_page_of_a_request_shows_conditions_and_rows_and_no_names(live, one, two):
    rows = signatures(live, 50, name="Quetzal Example", comment="My own words", domain="mailinator.com", seconds=987)
    browser = logged_in(one)
    looked = browser.post(
        "/admin/petitions/signature/?review__exact=none",
        {"action": "remove_automated", "_selected_action": [str(rows[0])], "select_across": "1"},
        follow=True,
    )
    browser.post(looked.request["PATH_INFO"], form_of(looked, "form[data-what]"))
    decision = Decision.objects.get()
    answer = logged_in(two).get(page(decision))
    shown = answer.content.decode()
    assert Html(answer).texts("td").count("987") == 20
    for words in ("all that the list showed", "Review: none", "100.0%", "a throw-away one", "<dd>one</dd>"):
        assert words in shown, words
    for secret in ("Quetzal", "My own words", "signer-", "mailinator"):
        assert secret not in shown


@pytest.mark.requirement("S17")
def test_superusers_and_those_without_the_right_are_bound(live, one):
    rows = signatures(live, 100)
    decision = moderation.remove(live.petition, of(rows[:15]), "abuse", one)
    organiser = staff_user("organiser", superuser=False, groups=[Group.objects.get(name="organiser")])
    moderator = staff_user("moderator", superuser=False, groups=[Group.objects.get(name="moderator")])
    browser = logged_in(organiser)
    assert browser.get(page(decision)).status_code == 200
    assert browser.post(page(decision), {"verb": "approve"}).status_code == 403
    for nobody in (organiser, one, staff_user("other", superuser=False)):
        with pytest.raises(moderation.SecondPersonNeeded):
            moderation.approve(decision, nobody)
    say(logged_in(moderator), decision, "approve")
    assert counted(live) == 85


@pytest.mark.requirement("S17")
def test_what_became_of_the_rows_meanwhile_is_looked_at(live, one, two):
    rows = signatures(live, 100)
    waiting = [factories.signature(live.petition, confirmed=False) for _ in range(2)]
    decision = moderation.remove(live.petition, of([*rows[:15], *(row.pk for row in waiting)]), "abuse", one)
    signing.withdraw(Signature.objects.get(pk=rows[0]))
    signing.erase(Signature.objects.get(pk=rows[1]))
    signing.confirm(waiting[0], CONFIRMED)
    waiting[1].delete()
    moderation.approve(decision, two)
    assert counted(live) == 85
    assert decision.number == 15  # 13 that stand, one withdrawn, one confirmed meanwhile
    assert Signature.objects.get(pk=rows[1]).review == "none"


@pytest.mark.requirement("S17")
def test_the_database_asks_for_a_second_person_too(live, one, two):
    now = timezone.now()
    facts = {"petition": live.petition, "kind": "remove", "reason": "abuse", "number": 1, "asked_by": one}
    for wrong in (
        {"outcome": "done", "decided_at": now, "decided_by": one},
        {"outcome": "declined", "decided_at": now, "decided_by": two},
        {"outcome": "declined", "decided_at": now, "decided_by": one, "answer": "no"},
        {"outcome": "withdrawn", "decided_at": now, "decided_by": two},
        {"outcome": "done", "decided_by": two},
        {"outcome": "waiting", "decided_at": now},
        {"reason": ""},
        {"kind": "restore"},
        {"restored": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**facts | wrong)
    done = Decision.objects.create(**facts, outcome="done", decided_at=now, decided_by=two)
    mine = Decision.objects.filter(pk=done.pk)
    for change in ({"number": 0}, {"outcome": "declined"}, {"decided_by": None}, {"reason": "automated"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.delete()
    assert mine.update(restored=1) == 1


@pytest.mark.requirement("S17")
def test_a_share_grows_with_the_petition(live):
    assert limits.alone(live.petition) == limits.FEW == 10
    assert limits.alone(live.petition, "release") == 500


@pytest.mark.requirement("S17")
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_are_one_after_the_other():
    from tests.factories import campaign

    live, one, two, three = campaign(), staff_user("one"), staff_user("two"), staff_user("three")
    rows = signatures(live, 100)
    decision = moderation.remove(live.petition, of(rows[:15]), "abuse", one)

    def press(by):
        try:
            moderation.approve(Decision.objects.get(pk=decision.pk), by)
            return "done"
        except moderation.Decided:
            return "decided"

    seen = at_once(press, [two, three], writes=Decision)
    assert sorted(seen) == ["decided", "done"]
    assert counted(live) == 85


@pytest.mark.requirement("A23")
def test_every_removal_has_a_public_reason_a_count_and_a_date(client, live, one):
    rows = signatures(live, 12)
    moderation.remove(live.petition, of(rows[:3]), "automated", one)
    moderation.remove(live.petition, of(rows[3:4]), "impostor", one)
    shown = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "3 signatures removed: made by a machine" in shown
    assert "1 signature removed: in the name of somebody else" in shown
    assert timezone.now().strftime("%-d %B %Y") in shown
    assert one.email not in shown


@pytest.mark.requirement("A23")
def test_the_public_record_of_removals_never_shrinks(client, live, one):
    rows = signatures(live, 30)
    for at, reason in ((0, "automated"), (3, "impostor"), (4, "abuse")):
        moderation.remove(live.petition, of(rows[at : at + 3]), reason, one)
    moderation.restore(live.petition, of(rows[:1]), one)
    moderation.restore(live.petition, of(rows[4:7]), one)
    signing.withdraw(Signature.objects.get(pk=rows[1]))
    signing.erase(Signature.objects.get(pk=rows[2]))
    tasks.take_hourly()
    shown = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "3 signatures removed: made by a machine; 1 of them put back since" in shown
    assert "3 signatures removed: in the name of somebody else; 2 of them put back since" in shown
    assert "1 signature removed: abusive; put back since" in shown
    assert client.get(f"/c/{live.slug}/progress.json").json()["signatures"]["removed"] == 3
    Campaign.objects.update(safety="high")
    shown = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "fewer than 10 signatures removed: made by a machine" in shown


@pytest.mark.requirement("A23")
def test_what_is_removed_can_be_put_back(live, one):
    rows = signatures(live, 2)
    moderation.remove(live.petition, of(rows[:1]), "abuse", one)
    assert counted(live) == 1
    moderation.restore(live.petition, of(rows[:1]), one)
    assert counted(live) == 2


# What a signer can't shed, and what nobody else has to carry.


def links(live, number=2, address="ana@example.org"):
    signatures(live, 5)
    return [factories.signature(live.petition, confirmed=False, address=address) for _ in range(number)]


def confirm(client, row):
    return client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed())


def own_page(address="ana@example.org"):
    asked = LinkRequest.objects.create(
        email=address, address_hash=address_hash(address), mailed_at=timezone.now(), asked_at=timezone.now()
    )
    return f"/my/{tokens.make('my', asked.pk)}/"


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("verb", ["withdraw", "erase"])
@pytest.mark.parametrize("decide", ["remove_abuse", "quarantine"])
def test_a_signer_does_not_shed_a_persons_decision(client, live, one, verb, decide):
    first, second = links(live)
    confirm(client, first)
    act(logged_in(one), decide, [first.pk])
    client.post(f"{own_page()}{first.pk}/{verb}/")
    confirm(client, second)
    second.refresh_from_db()
    assert second.confirmed_at
    assert (second.review, second.counts) == ("removed" if decide == "remove_abuse" else "quarantined", False)
    moderation.restore(live.petition, of([second.pk]), one)
    second.refresh_from_db()
    assert second.counts
    assert StandingDecision.objects.count() == 0
    if decide == "remove_abuse":
        (removal,) = removals.of(live.petition)
        assert (removal.out, removal.back) == (1, 1)


@pytest.mark.requirement("S7")
def test_putting_back_the_one_that_was_withdrawn_ends_it_for_all(client, live, one):
    first, second = links(live)
    confirm(client, first)
    removed(live, [first.pk], one, one)
    signing.withdraw(first)
    confirm(client, second)
    moderation.restore(live.petition, of([first.pk]), one)
    second.refresh_from_db()
    assert second.counts
    (removal,) = removals.of(live.petition)
    assert (removal.out, removal.back) == (1, 1)


@pytest.mark.requirement("S7")
def test_a_new_signature_does_not_escape_what_was_asked_before_it(client, live, one, two):
    rows = signatures(live, 30)
    first, second = links(live)
    confirm(client, first)
    decision = moderation.remove(live.petition, of([first.pk, *rows[:11]]), "abuse", one)
    signing.withdraw(first)
    confirm(client, second)
    with time_machine.travel(timezone.now() + A_NIGHT):
        moderation.approve(decision, two)
    second.refresh_from_db()
    assert second.review == "removed"


@pytest.mark.requirement("S7")
def test_what_is_decided_on_an_unconfirmed_row_binds_that_row_alone(client, live, one):
    first, second = links(live)
    moderation.remove(live.petition, of([first.pk]), "abuse", one)
    confirm(client, second)
    second.refresh_from_db()
    assert second.counts
    assert StandingDecision.objects.count() == 0


@pytest.mark.requirement("S7")
def test_a_machine_binds_nobody_else(client, live):
    """A stranger who types your address can't bar you."""
    stranger, mine = links(live)
    Signature.objects.filter(pk=stranger.pk).update(review=Review.QUARANTINED)
    confirm(client, mine)
    mine.refresh_from_db()
    assert mine.counts
    signing.erase(mine)
    assert StandingDecision.objects.count() == 0


@pytest.mark.requirement("S7")
def test_the_fingerprint_goes_when_retention_ends_and_with_nobody_else(client, live, one):
    (first,) = links(live, 1)
    other = factories.signature(live.petition, address="bo@example.org")
    confirm(client, first)
    moderation.remove(live.petition, of([first.pk]), "abuse", one)
    first.refresh_from_db()
    for row in (first, other):
        signing.erase(row)
    assert [bytes(kept.address_hash) for kept in StandingDecision.objects.all()] == [address_hash("ana@example.org")]
    closes = timezone.now() + timedelta(days=1)
    Petition.objects.update(closes_at=closes)
    for days, kept in ((181, 1), (183, 0)):
        with time_machine.travel(closes + timedelta(days=days)):
            tasks.forget()
        assert StandingDecision.objects.count() == kept


@pytest.mark.requirement("S7")
def test_a_decision_is_found_under_every_version_of_the_keys_and_moves_with_its_row(client, live, one, settings):
    from core.crypto import keys
    from core.models import KeyProof

    keys.write_proof()
    first, second = links(live)
    (gone,) = links(live, 1, address="bo@example.org")
    for row in (first, gone):
        confirm(client, row)
        moderation.remove(live.petition, of([row.pk]), "abuse", one)
    gone.refresh_from_db()
    signing.erase(gone)
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: b"a-new-key-a-new-key-a-new-key-a-new-key"}
    keys.write_proof()
    rotation.hash_anew()
    moved = StandingDecision.objects.filter(hash_version=2)
    assert [bytes(kept.address_hash) for kept in moved] == [address_hash("ana@example.org", 2)]
    assert set(KeyProof.objects.values_list("hash_version", flat=True)) == {1, 2}
    first.refresh_from_db()
    signing.withdraw(first)
    for row in (second, *links(live, 1, address="bo@example.org")):
        row.refresh_from_db()
        confirm(client, row)
        row.refresh_from_db()
        assert row.review == "removed"


@pytest.mark.requirement("S7")
def test_what_was_confirmed_under_a_newer_key_does_not_escape_a_decision_on_an_older_row(client, live, one, settings):
    """Until `hash_anew` has run, two rows of one mailbox have two hashes."""
    first, second = links(live)
    (other,) = links(live, 1, address="bo@example.org")
    confirm(client, first)
    signing.withdraw(first)
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: b"a-new-key-a-new-key-a-new-key-a-new-key"}
    confirm(client, second)
    confirm(client, other)
    moderation.remove(live.petition, of([first.pk]), "abuse", one)
    for row, review in ((second, "removed"), (other, "none")):
        row.refresh_from_db()
        assert row.review == review


@pytest.mark.requirement("S7")
@pytest.mark.django_db(transaction=True)
def test_confirming_waits_for_a_decision_that_is_just_being_carried_out():
    from tests.factories import campaign

    live, one = campaign(), staff_user("one")
    first, second = links(live)
    signing.confirm(first, CONFIRMED)

    def race():
        try:
            signing.withdraw(first)
            signing.confirm(second, CONFIRMED)
        finally:
            connections.close_all()

    thread = threading.Thread(target=race)
    with transaction.atomic():
        standing_decisions.hold_confirmations(live.petition_id)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        moderation.remove(live.petition, of([first.pk]), "abuse", one)
    thread.join()
    second.refresh_from_db()
    assert second.review == "removed"


@pytest.mark.requirement("S7")
def test_signing_waits_for_no_decision(client, live, one):
    """Its key stays as it is: a lock on the petition holds up nobody who signs."""
    rows = signatures(live, 3)
    with CaptureQueriesContext(connection) as queries:
        moderation.remove(live.petition, of(rows[:1]), "abuse", one)
    assert any("FOR NO KEY UPDATE" in query["sql"] for query in queries)
    assert not any(re.search(r"FOR UPDATE", query["sql"]) for query in queries)
