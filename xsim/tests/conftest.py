from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from xsim import Clock, Simulator
from xsim.tests.helpers import BEARER, Get, getter

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def simulator(clock: Clock) -> Simulator:
    return Simulator(bearer=BEARER, clock=clock, client_id="the-client", client_secret="the-secret")


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    with simulator.serve() as served:
        yield served


@pytest.fixture
def get(url: str) -> Get:
    return getter(url)
