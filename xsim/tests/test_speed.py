"""Property tests run the simulator for whole months."""

from datetime import UTC, datetime, timedelta
from time import process_time
from urllib.parse import urlencode

from xsim import Clock, Simulator
from xsim.tests.helpers import BEARER
from xsim.web import Request, Response

START = datetime(2026, 10, 1, tzinfo=UTC)
HOURS, POSTS = 30 * 24, 3000


def ask(simulator: Simulator, path: str, **params: str) -> Response:
    answer = simulator.answer(Request("GET", path, urlencode(params), {"Authorization": f"Bearer {BEARER}"}))
    assert answer.status == 200
    return answer


def test_a_month_of_hourly_calls_takes_seconds() -> None:
    simulator = Simulator(bearer=BEARER, clock=(clock := Clock(START)))
    for number in range(POSTS):
        simulator.add_post(f"user{number % 300}", f"text #tag {number}", at=START + timedelta(minutes=number * 14))
    author = simulator.corpus.user_named("user7")
    assert author
    begun = process_time()
    for _ in range(HOURS):
        clock.advance(hours=1)
        ask(simulator, "/2/tweets/counts/recent", query="#tag -is:retweet")
        ask(simulator, "/2/tweets/search/recent", query="#tag -is:retweet", max_results="100")
        ask(simulator, f"/2/users/{author.id}/tweets", max_results="5")
    assert process_time() - begun < 20
    assert simulator.ledger.units["counts/recent"] == HOURS
    assert len(simulator.ledger.per_day()) == 31


def test_posts_of_one_moment_are_numbered_in_no_time() -> None:
    simulator = Simulator(clock=Clock(START))
    begun = process_time()
    made = [simulator.add_post("ann", "#tag").id for _ in range(20_000)]
    assert process_time() - begun < 5
    assert len(set(made)) == 20_000
