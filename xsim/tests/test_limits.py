"""Rate windows."""

from xsim import Clock, Simulator
from xsim.tests.conftest import NOON
from xsim.tests.helpers import BEARER, getter

COUNTS, SEARCH = "/2/tweets/counts/recent", "/2/tweets/search/recent"


def test_calls_beyond_the_limit_are_refused_until_the_window_ends(clock: Clock) -> None:
    simulator = Simulator(bearer=BEARER, clock=clock, limits={SEARCH: 2}, window_seconds=60)
    with simulator.serve() as url:
        answers = [getter(url)(SEARCH, query="a") for _ in range(3)]
        clock.advance(60)
        answers.append(getter(url)(SEARCH, query="a"))
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert [answer.headers["x-rate-limit-remaining"] for answer in answers] == ["1", "0", "0", "1"]
    assert answers[2].headers["x-rate-limit-limit"] == "2"
    assert int(answers[2].headers["x-rate-limit-reset"]) == int(NOON.timestamp()) + 60


def test_each_endpoint_has_its_own_window(clock: Clock) -> None:
    simulator = Simulator(bearer=BEARER, clock=clock, limits={SEARCH: 1})
    with simulator.serve() as url:
        get = getter(url)
        get(SEARCH, query="a")
        assert get(SEARCH, query="a").status_code == 429
        assert get(COUNTS, query="a").status_code == 200


def test_refusals_carry_the_headers_too(simulator: Simulator, url: str) -> None:
    answer = getter(url, "wrong")(SEARCH, query="a")
    assert answer.status_code == 401
    assert answer.headers["x-rate-limit-limit"] == "450"
