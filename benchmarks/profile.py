"""`python -m benchmarks.profile`: what one signature and one confirmation cost in CPU, one after the other in one thread of a process
that has the application as the web server runs it. No load: the figures hold on a machine that does other things too."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.site import SLUG, running


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    arguments.add_argument("--requests", type=int, default=500, help="of each kind")
    arguments.add_argument("--top", type=int, default=0, help="also list so many functions that take most")
    said = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        print(site.data("posts", SLUG, said.requests, said.top))


if __name__ == "__main__":
    main()
