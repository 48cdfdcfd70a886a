"""A local stand-in for the X API (v2) that tests and the demo run against. Never deployed.

simulator = Simulator(bearer="secret")
simulator.add_post("someone", "a text with a #tag")
simulator.faults.add(route="/2/tweets/search/recent", fault="html_503", nth=2)
simulator.after("/2/tweets/search/recent", 1, lambda: simulator.protect_user("someone"))
with simulator.serve() as url:
    ...
print(simulator.ledger.per_day())
"""

from xsim.clock import Clock
from xsim.corpus import Post, User
from xsim.simulator import Simulator

__all__ = ["Clock", "Post", "Simulator", "User"]
