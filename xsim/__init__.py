"""A local stand-in for the X API (v2) that tests and the demo run against. Never deployed.

simulator = Simulator(bearer="secret")
simulator.add_post("someone", "a text with a #tag")
with simulator.serve() as url:
    ...
"""

from xsim.clock import Clock
from xsim.corpus import Post, User
from xsim.simulator import Simulator

__all__ = ["Clock", "Post", "Simulator", "User"]
