"""Celery's beat, with the real Valkey, on a machine whose clock is set."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
import redis
import time_machine
from celery.beat import Service
from django.conf import settings

from config.celery import app
from core.queues import Queue
from operations.beat import Beat, Scheduler

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def waiting():
    """How many tasks wait for the tally since it was last asked."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:

        def count():
            number = client.llen(Queue.COUNT.value)
            client.delete(*[queue.value for queue in Queue])
            return number

        count()
        yield count
        count()


def go_on(scheduler, turns=200):
    for _ in range(turns):
        scheduler.tick()


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=30), timedelta(days=1), timedelta(days=400)])
def test_it_goes_on_when_the_clock_is_set_back(waiting, ahead):
    with time_machine.travel(NOW + ahead, tick=False):
        scheduler = Scheduler(app)
        go_on(scheduler)
    with time_machine.travel(NOW + ahead + timedelta(seconds=5), tick=False):
        go_on(scheduler)
        assert waiting() >= 2
    with time_machine.travel(NOW + timedelta(seconds=6), tick=False):
        go_on(scheduler)
        waiting()
    with time_machine.travel(NOW + timedelta(seconds=9), tick=False):
        go_on(scheduler)
        assert waiting() >= 2


def test_nothing_is_given_twice_while_the_clock_stands_right(waiting):
    with time_machine.travel(NOW, tick=False) as clock:
        scheduler = Scheduler(app)
        go_on(scheduler)
        waiting()
        for _ in range(10):
            clock.shift(1)
            go_on(scheduler)
    # Two tasks, every two seconds.
    assert waiting() == 10


class Swallowing(Scheduler):
    """Is told to end while it sends, and loses the exception, as redis-py does when it reads an answer."""

    number, turns = signal.SIGTERM, 0

    def apply_async(self, *arguments, **more):
        self.turns += 1
        # Or this test would never end.
        if self.turns > 5:
            raise KeyboardInterrupt
        try:
            signal.raise_signal(self.number)
        except SystemExit:
            raise ValueError("I/O operation on closed file") from None


class SwallowingInterrupts(Swallowing):
    number = signal.SIGINT


@pytest.mark.parametrize("scheduler", [Swallowing, SwallowingInterrupts])
def test_it_ends_though_the_signal_comes_while_it_sends(scheduler):
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    service = Service(app, scheduler_cls=scheduler)
    try:
        Beat(app=app, quiet=True).install_sync_handler(service)
        service.start()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert service.scheduler.turns == 1
