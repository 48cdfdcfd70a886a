"""Time, and ids that carry it."""

from datetime import UTC, datetime, timedelta

from xsim import Clock, Simulator
from xsim.ids import first_id, moment_of
from xsim.tests.conftest import NOON


def test_an_id_gives_back_its_millisecond() -> None:
    moment = NOON + timedelta(milliseconds=123)
    assert moment_of(first_id(moment)) == moment
    assert first_id(moment) == (int(NOON.timestamp() * 1000) + 123 - 1288834974657) << 22


def test_posts_of_the_same_millisecond_are_numbered(simulator: Simulator) -> None:
    numbers = [int(simulator.add_post("ann", "same").id) for _ in range(3)]
    assert numbers == [first_id(NOON), first_id(NOON) + 1, first_id(NOON) + 2]


def test_the_clock_runs_in_real_time_unless_it_is_set() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    clock.advance(days=1)
    assert timedelta(hours=23) < clock.now() - datetime.now(UTC) < timedelta(hours=25)
    clock.set(NOON)
    clock.advance(90)
    assert clock.now() == NOON + timedelta(seconds=90)
