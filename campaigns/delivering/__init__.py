"""Handing the petition to its target: a pack is asked for, written, fetched once, and its handover is recorded.

asking.py begins it; writing.py writes it in a worker, from what pack.py puts together and stamping.py has stamped; fetching.py gives
it out; recording.py says that it was handed over, which makes it public; checking.py tells whether a file is one of it.
"""
