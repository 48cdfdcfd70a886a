"""Who takes nothing though something waits; with the real Valkey."""

import pytest
import redis
from django.conf import settings

from core.queues import Queue
from operations.watching import valkey
from operations.watching.stalled import LOOKS, StallWatch


@pytest.fixture
def waiting():
    """A function that makes so many tasks wait."""
    client = redis.Redis.from_url(settings.REDIS_URL)

    def wait(number):
        client.delete(Queue.SLOW.value)
        if number:
            client.rpush(Queue.SLOW.value, *["x"] * number)

    wait(0)
    yield wait
    wait(0)
    client.close()


class Hand:
    taken, busy = 0, False


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def watch(hand):
    return StallWatch(Queue.SLOW, lambda: hand.taken, lambda: hand.busy)


def test_who_takes_nothing_though_tasks_wait_is_stalled(watch, waiting):
    waiting(2)
    assert [watch.is_stalled() for _ in range(LOOKS)] == [False] * (LOOKS - 1) + [True]


def test_who_has_nothing_to_take_is_not(watch, waiting):
    assert not any(watch.is_stalled() for _ in range(LOOKS * 2))


def test_who_takes_one_in_between_or_has_one_in_hand_is_not(watch, hand, waiting):
    waiting(2)
    for _ in range(LOOKS * 2):
        hand.taken += 1
        assert not watch.is_stalled()
    hand.busy = True
    assert not any(watch.is_stalled() for _ in range(LOOKS * 2))


def test_while_valkey_is_away_nobody_is_stalled(watch, waiting, settings, monkeypatch):
    waiting(2)
    monkeypatch.setattr(valkey.settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    assert not any(watch.is_stalled() for _ in range(LOOKS * 2))


def test_a_look_that_valkey_does_not_answer_is_left_out(watch, waiting, settings, monkeypatch):
    waiting(2)
    assert not any(watch.is_stalled() for _ in range(LOOKS - 1))
    with monkeypatch.context() as away:
        away.setattr(valkey.settings, "REDIS_URL", "redis://127.0.0.1:1/0")
        assert not any(watch.is_stalled() for _ in range(LOOKS))
    assert watch.is_stalled()
