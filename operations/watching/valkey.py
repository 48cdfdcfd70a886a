"""What Valkey knows of the workers: how many tasks wait, and when each kind of them was last done. All of it may be lost."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field

import redis
from django.conf import settings

from core.queues import Queue

# Under this key: when (seconds since 1970) each periodic task was last done, by its name.
TURNS, KEPT = "outcry:turns", 7 * 24 * 3600
# Seconds by which clocks of several machines differ.
AHEAD = 60.0
# Seconds: that we wait for Valkey, and for which it is left alone after it was away.
PATIENCE, REST = 0.5, 5.0
_resting_until = 0.0


@dataclass(frozen=True)
class State:
    """`waiting`: tasks by queue. `ages`: seconds since each task was last done, by its name. Both are empty while it is away."""

    is_up: bool = False
    waiting: dict[str, int] = field(default_factory=dict)
    ages: dict[str, float] = field(default_factory=dict)


def look() -> State:
    try:
        with _client() as client, client.pipeline(transaction=False) as asked:
            for queue in Queue:
                asked.llen(queue.value)
            asked.hgetall(TURNS)
            *lengths, turns = asked.execute()
    except redis.RedisError:
        return State()
    ages = {}
    for name, done_at in turns.items():
        with suppress(ValueError):
            ages[name.decode()] = time.time() - float(done_at)
    # A time that is yet to come was noted before the clock was set back: it says nothing.
    ages = {name: max(age, 0.0) for name, age in ages.items() if -AHEAD < age < KEPT}
    return State(True, dict(zip(list(Queue), lengths, strict=True)), ages)


def note_turn(name: str) -> None:
    """This task was done just now. While Valkey is away nobody waits for it, and nothing is noted."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return
    try:
        with _client() as client, client.pipeline(transaction=False) as told:
            told.hset(TURNS, name, time.time()).expire(TURNS, KEPT).execute()
    except redis.RedisError:
        _resting_until = time.monotonic() + REST


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
