"""Decisions on many signatures: in batches, right after each of them, cancelled, undone, killed and gone on with."""

import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import DataError, IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import StaffMail
from operations import incidents
from operations.models import Incident
from petitions import jobs, limits, moderation, recount, removals, tally, tasks
from petitions.models import DecidedSignature, Decision, Job, Review, Signature, StandingDecision
from tests import factories, scale
from tests.html import Html
from tests.journeys.test_worker import environment, until
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
SIGNED = {"id": "gen_random_uuid()", "address_hash": "sha256(('job ' || n)::bytea)"}
A_NIGHT = timedelta(hours=24, minutes=1)


@pytest.fixture
def one(db):
    return make_staff("one@example.org")


@pytest.fixture
def two(db):
    return make_staff("two@example.org")


@pytest.fixture
def ten_a_batch(monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 20)
    monkeypatch.setattr(jobs, "BATCH", 10)


def crowd(live, number, **columns):
    """So many more signatures that count, of mailboxes of their own."""
    row = factories.signature(live.petition)
    scale.multiply(row, number - 1, **SIGNED | columns)
    tally.settle_all()
    return Signature.objects.filter(petition=live.petition)


def removed_by_two(live, rows, one, two):
    decision = moderation.remove(live.petition, rows, "automated", one)
    Decision.objects.filter(pk=decision.pk).update(asked_at=timezone.now() - A_NIGHT)
    moderation.approve(decision, two)
    return decision


def batches(number):
    """So many batches of each job that is under way."""
    for _ in range(number):
        for pk in Job.objects.under_way().values_list("pk", flat=True):
            jobs._go_on(pk)


def told(client, live):
    """What the public reads: (confirmed, removed, the list of removals), from page and data alike."""
    data = client.get(f"/c/{live.slug}/progress.json").json()["signatures"]
    listed = Html(client.get(f"/c/{live.slug}/progress/")).texts("section[aria-labelledby=signed] li")
    return data["confirmed"], data["removed"], [text.split(": ", 1)[1] for text in listed]


def page(decision, end="change"):
    return f"/admin/petitions/decision/{decision.pk}/{end}/"


@pytest.mark.requirement("A23")
def test_the_public_count_and_the_public_record_are_right_after_every_batch(client, live, one, two, ten_a_batch):
    rows = crowd(live, 100)
    fakes = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:40]))
    decision = removed_by_two(live, fakes, one, two)
    assert told(client, live) == (100, 0, [])
    for done in (10, 20, 30, 40):
        batches(1)
        assert told(client, live) == (100 - done, done, [f"{done} signatures removed: made by a machine"])
        assert recount.differences() == recount.wrong_sums() == []
    batches(1)
    assert Decision.objects.get(pk=decision.pk).job.state == "done"
    assert told(client, live) == (60, 40, ["40 signatures removed: made by a machine"])


@pytest.mark.requirement("A23")
def test_the_number_that_is_removed_is_the_sum_of_the_record_whatever_becomes_of_the_rows(client, live, one, two):
    rows = [row.pk for row in factories.signatures(live.petition, 30)]
    tally.settle_all()
    moderation.remove(live.petition, Signature.objects.filter(pk__in=rows[:4]), "abuse", one)
    moderation.restore(live.petition, Signature.objects.filter(pk__in=rows[:1]), one)
    Signature.objects.filter(pk=rows[1]).update(withdrawn_at=timezone.now())
    assert told(client, live)[1:] == (3, ["4 signatures removed: abusive; 1 of them put back since"])


@pytest.mark.requirement("A23")
def test_where_figures_are_hourly_a_removal_is_told_when_it_has_ended(client, live, one, two, ten_a_batch):
    type(live).objects.filter(pk=live.pk).update(safety="high")
    live.refresh_from_db()
    rows = crowd(live, 100)
    removed_by_two(live, rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:40])), one, two)
    batches(2)
    tasks.take_hourly()
    assert told(client, live) == (80, 0, [])
    tasks.carry_out()
    assert told(client, live) == (80, 0, [])
    live.petition.__class__.objects.update(hourly_at=timezone.now() - timedelta(hours=2))
    tasks.take_hourly()
    assert told(client, live) == (60, 40, ["40 signatures removed: made by a machine"])


def test_staff_see_how_far_it_is_and_one_line_is_noted(client, live, one, two, ten_a_batch):
    rows = crowd(live, 50)
    decision = moderation.remove(live.petition, rows, "automated", one)
    Decision.objects.filter(pk=decision.pk).update(asked_at=timezone.now() - A_NIGHT)
    second = logged_in(two)
    for _ in range(2):  # A double click.
        answer = second.post(page(decision), {"verb": "approve"}, follow=True)
    assert Job.objects.count() == 1
    batches(2)
    answer = second.get(page(decision, "progress")).json()
    assert answer == {
        "said": "under way: 20 of 50",
        "changed": "20",
        "done": 20,
        "total": 50,
        "is_under_way": True,
        "may_undo": False,
    }
    shown = Html(second.get(page(decision)))
    assert shown.texts("[data-said]") == ["under way: 20 of 50"]
    assert (shown.values("progress", "value"), shown.values("progress", "max")) == (["20"], ["50"])
    assert shown.texts("form[data-under-way] button") == ["Cancel the rest"]
    assert shown.values("[data-undo]", "hidden") == [""]
    listed = second.get("/admin/petitions/decision/").content.decode()
    assert "under way: 20 of 50" in listed
    tasks.carry_out()
    shown = Html(second.get(page(decision)))
    assert shown.texts("[data-said]") == ["done"]
    assert shown.texts("form[data-under-way] button") == []
    assert shown.values("[data-undo]", "hidden") == []
    assert LogEntry.objects.filter(user=two).count() == 1
    assert tally.confirmed(live.petition) == 0


def test_what_a_machine_set_aside_is_released_by_one_click_and_a_second_one_asks_for_nothing(live, one, ten_a_batch):
    crowd(live, 300)
    rows = crowd(live, 30, review="'quarantined'", address_hash="sha256(('aside ' || n)::bytea)")
    Signature.objects.filter(review="none", counts=True, counted=False).update(review=Review.QUARANTINED)
    before = tally.confirmed(live.petition)
    aside = [str(pk) for pk in rows.filter(review="quarantined").values_list("pk", flat=True)]
    browser = logged_in(one)
    for _ in range(2):
        browser.post("/admin/petitions/signature/", {"action": "restore", "_selected_action": aside}, follow=True)
    decision = Decision.objects.get()
    assert (decision.job.total, decision.kind, LogEntry.objects.count()) == (len(aside), "release", 1)
    tasks.carry_out()
    assert tally.confirmed(live.petition) == before + len(aside)


@pytest.mark.requirement("S17")
def test_what_is_under_way_counts_as_used(live, one, two, ten_a_batch, monkeypatch):
    monkeypatch.setattr(limits, "FEW", 30)
    rows = list(crowd(live, 200).values_list("pk", flat=True))
    first = moderation.remove(live.petition, Signature.objects.filter(pk__in=rows[:30]), "abuse", one)
    assert first.is_under_way
    second = moderation.remove(live.petition, Signature.objects.filter(pk__in=rows[30:31]), "abuse", one)
    assert second.is_waiting
    tasks.carry_out()
    assert tally.confirmed(live.petition) == 170


def test_cancelling_stops_and_what_was_not_reached_was_never_decided(client, live, one, two, ten_a_batch):
    rows = crowd(live, 50)
    decision = removed_by_two(live, rows, one, two)
    batches(2)
    browser = logged_in(one)
    browser.post(page(decision), {"verb": "cancel"})
    tasks.carry_out()
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.cancelled_by) == ("cancelled", 20, 50, one)
    assert told(client, live) == (30, 20, ["20 signatures removed: made by a machine"])
    assert DecidedSignature.objects.filter(decision=decision).count() == 20
    answer = browser.post(page(decision), {"verb": "cancel"}, follow=True)
    assert "It has ended in the meantime" in answer.content.decode()
    # What is left can be asked for anew.
    left = moderation.remove(live.petition, rows, "automated", one)
    assert left.number == 30


@pytest.mark.requirement("A23")
def test_undoing_brings_back_what_stood_before_and_nothing_that_somebody_decided_on_since(
    client, live, one, two, ten_a_batch
):
    rows = list(crowd(live, 60).order_by("pk").values_list("pk", flat=True))
    of = lambda keys: Signature.objects.filter(pk__in=keys)  # noqa: E731
    of(rows[:5]).update(review=Review.QUARANTINED)  # By a machine.
    aside = moderation.set_aside(live.petition, of(rows[5:8]), one)
    decision = removed_by_two(live, of(rows[:50]), one, two)
    tasks.carry_out()
    assert tally.confirmed(live.petition) == 10
    moderation.restore(live.petition, of(rows[10:14]), one)
    again = moderation.set_aside(live.petition, of(rows[10:12]), one)
    first = logged_in(one)
    first.post(page(decision), {"verb": "undo"})
    back = Decision.objects.get(undoes=decision)
    assert (back.kind, back.is_waiting, back.number) == ("restore", True, 46)
    assert first.post(page(back), {"verb": "approve"}) and Decision.objects.get(pk=back.pk).is_waiting
    logged_in(two).post(page(back), {"verb": "approve"})
    batches(2)
    tally.settle_all()
    assert told(client, live)[2][-1] == "50 signatures removed: made by a machine; 24 of them put back since"
    tasks.carry_out()
    tally.settle_all()
    stand = {(row.review, row.decision_id): 0 for row in of(rows)}
    for row in of(rows):
        stand[row.review, row.decision_id] += 1
    assert stand == {
        ("quarantined", None): 5,
        ("quarantined", aside.pk): 3,
        ("quarantined", again.pk): 2,
        ("none", None): 50,
    }
    assert told(client, live) == (50, 0, ["50 signatures removed: made by a machine; put back since"])
    held = {bytes(kept.address_hash): kept.decision_id for kept in StandingDecision.objects.all()}
    assert held == {bytes(row.address_hash): row.decision_id for row in of(rows).exclude(decision=None)}
    assert recount.differences() == []
    assert not moderation.may_be_undone(decision)


@pytest.mark.requirement("A23")
def test_putting_back_is_undone_too_each_for_the_reason_that_it_was_out_for(live, one, two, ten_a_batch):
    rows = list(crowd(live, 100).order_by("pk").values_list("pk", flat=True))
    of = lambda keys: Signature.objects.filter(pk__in=keys)  # noqa: E731
    moderation.remove(live.petition, of(rows[30:35]), "abuse", one)
    removed_by_two(live, of(rows[:30]), one, two)
    tasks.carry_out()
    (back,) = moderation.restore(live.petition, of(rows[:35]), one)
    moderation.approve(back, two)
    tasks.carry_out()
    assert tally.confirmed(live.petition) == 100
    asked = moderation.undo(Decision.objects.get(pk=back.pk), one)
    assert sorted((made.kind, made.reason, made.number) for made in asked) == [
        ("remove", "abuse", 5),
        ("remove", "automated", 30),
    ]
    with pytest.raises(moderation.NothingToUndo):
        moderation.undo(Decision.objects.get(pk=back.pk), one)


@pytest.mark.requirement("A23")
def test_a_release_is_undone_by_setting_aside(live, one, two, ten_a_batch):
    rows = crowd(live, 100)
    aside = list(rows.values_list("pk", flat=True)[:30])
    Signature.objects.filter(pk__in=aside).update(review=Review.QUARANTINED)
    tally.settle_all()
    (released,) = moderation.restore(live.petition, Signature.objects.filter(pk__in=aside), one)
    tasks.carry_out()
    assert tally.confirmed(live.petition) == 100
    (back,) = moderation.undo(Decision.objects.get(pk=released.pk), one)
    moderation.approve(back, two)
    tasks.carry_out()
    assert tally.confirmed(live.petition) == 70


def test_a_batch_that_fails_is_tried_again_and_then_waits_for_a_person(
    client, live, one, two, ten_a_batch, monkeypatch
):
    decision = removed_by_two(live, crowd(live, 50), one, two)
    batches(1)
    with monkeypatch.context() as patch:

        def fail(signatures):
            raise DataError("a fault")

        patch.setattr(tally, "settle_these", fail)
        batches(jobs.TRIES)
    job = Job.objects.get()
    assert (job.state, job.done, job.error) == ("failed", 10, "DataError")
    assert told(client, live)[:2] == (40, 10)
    tasks.carry_out()
    assert Job.objects.get().done == 10
    logged_in(two).post(page(decision), {"verb": "again"})
    tasks.carry_out()
    assert told(client, live)[:2] == (0, 50)


def test_a_job_that_failed_is_an_incident_until_it_goes_on_or_is_cancelled(live, one, two, ten_a_batch, monkeypatch):
    decision = removed_by_two(live, crowd(live, 50), one, two)
    batches(1)
    incidents.look_at_all()
    assert not Incident.objects.filter(name="jobs").exists()
    with monkeypatch.context() as patch:
        patch.setattr(tally, "settle_these", lambda signatures: 1 / 0)
        batches(jobs.TRIES)
    incidents.look_at_all()
    told_of = Incident.objects.get(name="jobs")
    assert StaffMail.objects.filter(subject__endswith=str(told_of)).exists()
    browser = logged_in(two)
    assert str(told_of) in browser.get("/admin/").content.decode()
    assert Html(browser.get(page(decision))).values("[name=verb]", "value") == ["cancel", "again", "undo"]
    browser.post(page(decision), {"verb": "cancel"})
    job = Job.objects.get()
    assert (job.state, job.done, job.cancelled_by) == ("cancelled", 10, two)
    assert not DecidedSignature.objects.filter(was="").exists()
    with time_machine.travel(timezone.now() + incidents.QUIET):
        incidents.look_at_all()
    assert Incident.objects.get(name="jobs").over_at


@pytest.mark.requirement("S17")
def test_who_may_only_look_cancels_and_undoes_nothing(live, one, two, ten_a_batch):
    from django.contrib.auth.models import Group

    organiser = make_staff("o@example.org", superuser=False, groups=[Group.objects.get(name="organiser")])
    decision = removed_by_two(live, crowd(live, 50), one, two)
    browser = logged_in(organiser)
    assert browser.get(page(decision, "progress")).json()["is_under_way"]
    for verb in ("cancel", "undo", "again"):
        assert browser.post(page(decision), {"verb": verb}).status_code == 403
    assert Job.objects.get().state == "waiting"
    assert Html(browser.get(page(decision))).values("[name=verb]", "value") == []


def test_the_database_refuses_what_no_job_is(live, one, two, ten_a_batch):
    decision = removed_by_two(live, crowd(live, 50), one, two)
    batches(1)
    for wrong in (
        {"ended_at": timezone.now()},
        {"state": "done", "ended_at": timezone.now()},
        {"state": "cancelled", "ended_at": timezone.now()},
        {"done": 51},
        {"cursor": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.update(**wrong)
    mine = Decision.objects.filter(pk=decision.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(number=9)
    tasks.carry_out()
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(number=51)


@pytest.mark.requirement("A23")
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_batch_once(monkeypatch, ten_a_batch):
    live, one, two = factories.campaign(), make_staff("one@example.org"), make_staff("two@example.org")
    removed_by_two(live, crowd(live, 100), one, two)
    errors = []

    def work():
        try:
            while Job.objects.under_way().exists():
                jobs.work(5)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    job = Job.objects.get()
    assert (job.state, job.done, job.decision.number) == ("done", 100, 100)
    assert tally.confirmed(live.petition) == 0
    assert recount.differences() == []


def test_no_batch_joins_signatures_with_themselves(live, one, two, ten_a_batch):
    """A flood is younger than the last ANALYZE: PostgreSQL expects a handful, and goes through all of them once for each."""
    rows = crowd(live, 45)
    removed_by_two(live, rows, one, two)
    with CaptureQueriesContext(connection) as asked:
        batches(1)
    assert [query["sql"] for query in asked if 'FROM "petitions_signature" U0' in query["sql"]] == []


@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_in_bounded_memory_and_a_killed_worker_goes_on_exactly(client, collected):
    many = 100_000
    live, one, two = factories.campaign(), make_staff("one@example.org"), make_staff("two@example.org")
    rows = crowd(live, many)
    tracemalloc.start()
    removed_by_two(live, rows, one, two)
    batches(5)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8_000_000
    work = "import django; django.setup(); from petitions import jobs; print('begun', flush=True); jobs.work(600)"
    for _ in range(2):
        before = Job.objects.get().done
        worker = subprocess.Popen(
            [sys.executable, "-c", work], env={**os.environ, **environment(collected)}, stdout=subprocess.PIPE
        )
        worker.stdout.readline()
        until(lambda before=before: Job.objects.get().done >= before + 10_000, 120)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        # Whatever it was killed in: what is told is what was done.
        gone = Signature.objects.filter(review="removed").count()
        assert 0 < gone < many
        assert (Job.objects.get().done, removals.number(removals.of(live.petition))) == (gone, gone)
        assert tally.confirmed(live.petition) == many - gone
    # The statement of the one that was killed may hold the job until it ends.
    until(lambda: jobs.work(600) or not Job.objects.under_way().exists(), 60)
    job = Job.objects.get()
    assert (job.state, job.done, job.decision.number) == ("done", many, many)
    assert told(client, live) == (0, many, [f"{many:,} signatures removed: made by a machine"])
    assert recount.differences() == recount.wrong_sums() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM petitions_signature WHERE counted <> counts")
        assert cursor.fetchone() == (0,)
