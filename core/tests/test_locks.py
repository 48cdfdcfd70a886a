import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from core.locks import one_at_a_time
from core.models import Observation
from core.periodic import periodic
from core.postgres.base import ConnectionLost
from tests.lost import kill

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_one_has_the_turn_and_it_passes_on():
    def elsewhere(answers):
        with one_at_a_time("turn") as ours:
            answers.append(ours)
        connection.close()

    answers = []
    with one_at_a_time("turn") as ours:
        assert ours
        thread = threading.Thread(target=elsewhere, args=[answers])
        thread.start()
        thread.join()
    thread = threading.Thread(target=elsewhere, args=[answers])
    thread.start()
    thread.join()
    assert answers == [False, True]


def test_shares_go_on_beside_each_other_and_the_whole_beside_none():
    def elsewhere(*which):
        def ask():
            with one_at_a_time("turn", *which) as ours:
                answers.append(ours)
            connection.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        return answers.pop()

    answers = []
    with one_at_a_time("turn", 0) as ours:
        assert ours
        assert [elsewhere(0), elsewhere(1), elsewhere()] == [False, True, False]
    with one_at_a_time("turn") as ours:
        assert ours
        assert not elsewhere(1)
    assert elsewhere(1) and elsewhere()


def test_a_turn_ends_with_its_error():
    with pytest.raises(ZeroDivisionError), one_at_a_time("turn"):
        raise ZeroDivisionError
    with one_at_a_time("turn") as ours:
        assert ours


def test_a_second_scheduler_does_no_work_twice():
    turns, started, go_on = [], threading.Event(), threading.Event()

    @periodic("test.slow")
    def slow():
        turns.append(1)
        started.set()
        go_on.wait(5)

    def run():
        slow()
        connection.close()

    first = threading.Thread(target=run)
    first.start()
    started.wait(5)
    slow()
    go_on.set()
    first.join()
    assert turns == [1]


def test_every_periodic_task_is_limited_in_time():
    @periodic("test.limited", seconds=7)
    def limited():
        pass

    assert (limited.soft_time_limit, limited.time_limit) == (7, 17)


def test_who_has_lost_the_lock_does_nothing_more_and_unlocking_it_is_no_second_error():
    @periodic("test.lost")
    def lost():
        kill(connection)
        # However the first error is taken: a new connection would have no lock.
        for _ in range(3):
            with pytest.raises(OperationalError), transaction.atomic():
                Observation.objects.create(name="x")
        Observation.objects.create(name="x")

    with pytest.raises(ConnectionLost):
        lost()
    # Whoever comes next in this process has a new one.
    assert not Observation.objects.exists()
    with one_at_a_time("test.lost") as ours:
        assert ours


def test_a_turn_whose_lock_was_lost_unnoticed_ends_as_any_other():
    with one_at_a_time("turn"):
        kill(connection)
    with one_at_a_time("turn") as ours:
        assert ours


def test_a_lock_that_can_not_be_left_goes_with_its_connection():
    """It would stay for as long as this process keeps the connection, and nobody would have a turn."""

    def refused(execute, statement, *more):
        if "unlock" in statement:
            raise OperationalError
        return execute(statement, *more)

    with connection.execute_wrapper(refused), one_at_a_time("turn"):
        pass
    answers = []

    def elsewhere():
        # PostgreSQL ends a session by and by.
        until = time.monotonic() + 10
        while not any(answers) and time.monotonic() < until:
            with one_at_a_time("turn") as ours:
                answers.append(ours)
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert answers[-1]
