"""python -m xsim: serve the demo traffic until SIGTERM or SIGINT."""

import signal
from threading import Event

from xsim import Simulator
from xsim.demo import Demo
from xsim.options import parser, plan
from xsim.query import Query

LOGIN = "demo_visitor"


def main(arguments: list[str] | None = None) -> None:
    known = parser()
    options = known.parse_args(arguments)
    simulator = Simulator(options.bearer, options.vocabulary, None, options.client_id, options.client_secret)
    simulator.add_user(LOGIN, name="Demo Visitor")
    simulator.offer_login(LOGIN)
    demo = Demo(simulator.corpus, plan(options))
    if options.query and not _is_met(options.query, options.mention):
        known.error("the posts that would be generated from --mention do not match --query")
    demo(simulator.clock.now())
    simulator.sources.append(demo)
    _serve(simulator, options.port)


def _serve(simulator: Simulator, port: int) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with simulator.serve(port) as url:
        print(f"X simulator listening on {url}", flush=True)
        stop.wait()


def _is_met(query: Query, mention: str) -> bool:
    trial = Simulator()
    return query.matches(trial.add_post(LOGIN, mention), trial.corpus)


if __name__ == "__main__":
    main()
