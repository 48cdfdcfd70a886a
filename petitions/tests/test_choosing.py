"""What conditions find is chosen by the workers: in batches, once, as of when it was asked for, killed and gone on with."""

import os
import signal
import subprocess
import sys
import tracemalloc

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import StaffMail
from petitions import choosing, consent, jobs, limits, moderation, recount, tally, tasks
from petitions.models import DecidedSignature, Decision, Job, Review, Signature
from petitions.tests.test_jobs import A_NIGHT, batches, crowd, page, told
from tests import factories
from tests.html import Html, form_of
from tests.journeys.test_worker import environment, until
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(db):
    return make_staff("one@example.org")


@pytest.fixture
def two(db):
    return make_staff("two@example.org")


@pytest.fixture
def ten_a_batch(monkeypatch):
    for module in (jobs, choosing):
        monkeypatch.setattr(module, "AT_ONCE", 20)
        monkeypatch.setattr(module, "BATCH", 10)


def ask(browser, live, what="remove_automated", **conditions):
    """Act on all that match: from the list to what it would be, and from there on."""
    query = {"petition__id__exact": live.petition.pk, **conditions}
    shown = Signature.objects.filter(petition=live.petition).first()
    data = {"action": what, "_selected_action": [str(shown.pk)], "select_across": "1"}
    dry_run = browser.post(reverse("admin:petitions_signature_changelist", query=query), data, follow=True)
    return browser.post(dry_run.request["PATH_INFO"], form_of(dry_run, "form[data-what]"), follow=True)


def chosen(decision):
    return set(DecidedSignature.objects.filter(decision=decision).values_list("signature", flat=True))


def slept_on(decision, by):
    Decision.objects.filter(pk=decision.pk).update(asked_at=timezone.now() - A_NIGHT)
    decision.refresh_from_db()
    moderation.approve(decision, by)


@pytest.mark.requirement("A23")
def test_the_workers_choose_in_batches_what_a_request_asked_for(client, live, one, two, ten_a_batch):
    rows = set(crowd(live, 45).values_list("pk", flat=True))
    browser = logged_in(one)
    for _ in range(2):  # A double click.
        ask(browser, live, review__exact="none")
    decision = Decision.objects.get()
    assert (decision.job.state, decision.number, chosen(decision)) == ("choosing", 0, set())
    for number in (10, 20, 30, 40):
        batches(1)
        assert len(chosen(decision)) == Job.objects.get().total == number
        answer = browser.get(page(decision, "progress")).json()
        assert (answer["said"], answer["total"]) == (f"choosing the signatures: {number}", None)
        assert (answer["is_under_way"], answer["may_undo"]) == (True, False)
    shown = Html(browser.get(page(decision)))
    assert shown.values("progress", "value") == [] and shown.texts("form[data-under-way] button") == ["Cancel the rest"]
    # Nobody approves what is not known yet.
    with pytest.raises(moderation.Decided):
        moderation.approve(Decision.objects.get(), two)
    batches(1)
    decision = Decision.objects.get()
    assert decision.is_waiting and not Job.objects.exists()
    assert [mail.to for mail in StaffMail.objects.all()] == [two.email], "called when it waits, and not before"
    assert (decision.number, decision.stood, chosen(decision)) == (45, 45, rows)
    assert told(client, live) == (45, 0, [])
    slept_on(decision, two)
    tasks.carry_out()
    assert told(client, live) == (0, 45, ["45 signatures removed: made by a machine"])
    assert LogEntry.objects.filter(user=one).count() == 1
    assert recount.differences() == []


def test_what_somebody_decided_while_it_was_chosen_tells_of_nothing_more(live, one, ten_a_batch):
    """A web process of the version before knows of no choosing."""
    crowd(live, 45)
    ask(logged_in(one), live)
    Decision.objects.update(outcome=Decision.Outcome.DONE, decided_at=timezone.now(), number=20)
    jobs.work(600)
    assert not Job.objects.exists() and Decision.objects.get().number == 20


def test_who_cancels_what_has_just_been_chosen_is_told_so(live, one, ten_a_batch):
    crowd(live, 45)
    ask(logged_in(one), live)
    decision = Decision.objects.get()
    jobs.work(600)
    with pytest.raises(jobs.Over):
        jobs.cancel(decision, one)
    assert Decision.objects.get().is_waiting


@pytest.mark.requirement("A23")
def test_who_signs_confirms_or_withdraws_meanwhile_changes_nothing_of_what_is_chosen(live, one, ten_a_batch):
    rows = crowd(live, 45)
    unconfirmed = factories.signature(live.petition, confirmed=False)
    ask(logged_in(one), live, confirmed_at__isempty="0", withdrawn_at__isempty="1")
    batches(1)
    asked_for = set(rows.exclude(pk=unconfirmed.pk).values_list("pk", flat=True))
    # Whichever end of the ids they are at.
    consented = {"consent_text": consent.current(), "confirmed_at": timezone.now()}
    Signature.objects.filter(pk=unconfirmed.pk).update(**consented)
    crowd(
        live,
        30,
        signed_at="clock_timestamp()",
        confirmed_at="clock_timestamp()",
        address_hash="sha256(('later ' || n)::bytea)",
    )
    tasks.carry_out()
    assert chosen(Decision.objects.get()) == asked_for


def test_what_one_person_may_do_alone_goes_on_by_itself(live, one, ten_a_batch):
    crowd(live, 300)
    aside = crowd(live, 30, review="'quarantined'", address_hash="sha256(('aside ' || n)::bytea)")
    Signature.objects.filter(pk__in=list(aside.values_list("pk", flat=True)[:25])).update(review=Review.QUARANTINED)
    tally.settle_all()
    number = Signature.objects.filter(review="quarantined").count()
    assert number > 20
    ask(logged_in(one), live, "restore", review__exact="quarantined")
    assert Decision.objects.get().job.state == "choosing"
    tasks.carry_out()
    job = Job.objects.get()
    assert (job.state, job.done, job.decision.number, job.decision.kind) == ("done", number, number, "release")
    assert not Signature.objects.filter(review="quarantined").exists()


@pytest.mark.requirement("S17")
def test_what_the_workers_chose_takes_no_petition_to_nothing(live, one, ten_a_batch, monkeypatch):
    monkeypatch.setattr(limits, "FEW", 1_000)
    crowd(live, 30)
    ask(logged_in(one), live)
    tasks.carry_out()
    assert Decision.objects.get().is_waiting and tally.confirmed(live.petition) == 30


def test_choosing_is_cancelled_and_nothing_was_decided(client, live, one, two, ten_a_batch):
    crowd(live, 45)
    ask(logged_in(one), live)
    batches(2)
    decision = Decision.objects.get()
    logged_in(two).post(page(decision), {"verb": "cancel"})
    tasks.carry_out()
    decision = Decision.objects.get()
    assert (decision.job.state, decision.job.cancelled_by, decision.number, chosen(decision)) == (
        "cancelled",
        two,
        0,
        set(),
    )
    assert told(client, live) == (45, 0, [])
    ask(logged_in(one), live)
    tasks.carry_out()
    assert Decision.objects.waiting().get().number == 45


def test_choosing_that_failed_goes_on_where_it_was(live, one, ten_a_batch, monkeypatch):
    crowd(live, 45)
    browser = logged_in(one)
    ask(browser, live)
    batches(2)
    with monkeypatch.context() as patch:

        def fail(*args):
            raise DataError("a fault")

        patch.setattr(choosing, "_note", fail)
        batches(jobs.TRIES)
    decision = Decision.objects.get()
    assert (decision.job.state, decision.job.total, decision.is_waiting) == ("failed", 20, False)
    browser.post(page(decision), {"verb": "again"})
    tasks.carry_out()
    decision = Decision.objects.get()
    assert decision.is_waiting and decision.number == len(chosen(decision)) == 45


def test_what_somebody_is_having_chosen_holds_up_nobody_else(live, one, two, ten_a_batch):
    crowd(live, 45)
    for by in (one, one, two):
        ask(logged_in(by), live, country="ES")
        batches(1)
    # The same conditions again are a second click.
    assert [decision.asked_by for decision in Decision.objects.order_by("pk")] == [one, two]
    tasks.carry_out()
    assert list(Decision.objects.waiting().values_list("number", flat=True)) == [45, 45]


def test_a_way_back_of_many_is_chosen_by_the_workers_too(client, live, one, two, ten_a_batch):
    crowd(live, 45)
    ask(logged_in(one), live)
    tasks.carry_out()
    decision = Decision.objects.get()
    slept_on(decision, two)
    tasks.carry_out()
    logged_in(one).post(page(decision), {"verb": "undo"})
    back = Decision.objects.get(undoes=decision)
    assert (back.job.state, back.is_being_chosen) == ("choosing", True)
    tasks.carry_out()
    back = Decision.objects.get(undoes=decision)
    assert back.is_waiting and back.number == 45
    logged_in(two).post(page(back), {"verb": "approve"})
    tasks.carry_out()
    assert told(client, live)[:2] == (45, 0)


def test_asking_costs_the_same_for_thirty_and_for_three_thousand(live, one, ten_a_batch, content_types):
    numbers, browser = [], logged_in(one)
    for number in (30, 3_000):
        crowd(live, number, address_hash=f"sha256(('{number} ' || n)::bytea)")
        with CaptureQueriesContext(connection) as queries:
            ask(browser, live)
        numbers.append(len(queries))
        jobs.cancel(Decision.objects.get(job__state="choosing"), one)
    assert numbers[0] == numbers[1]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_are_chosen_in_bounded_memory_and_once_by_a_worker_that_is_killed(collected):
    many = 100_000
    live, one = factories.campaign(), make_staff("one@example.org")
    crowd(live, many)
    browser = logged_in(one)
    ask(browser, live)
    assert Job.objects.get().total == 0
    tracemalloc.start()
    batches(2)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8_000_000
    work = "import django; django.setup(); from petitions import jobs; print('begun', flush=True); jobs.work(600)"
    worker = subprocess.Popen(
        [sys.executable, "-c", work], env={**os.environ, **environment(collected)}, stdout=subprocess.PIPE
    )
    worker.stdout.readline()
    until(lambda: Job.objects.get().total >= 30_000, 120)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert DecidedSignature.objects.count() == Job.objects.get().total < many
    # The statement of the one that was killed may hold the job until it ends.
    until(lambda: jobs.work(600) or not Job.objects.under_way().exists(), 60)
    decision = Decision.objects.get()
    assert decision.is_waiting
    assert decision.number == DecidedSignature.objects.count() == many
