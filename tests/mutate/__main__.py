"""`make mutate`: is every safety test able to fail? Makes the changes of mutations.toml one by one and expects red.

Each change is made in a scratch copy, and the test of its name runs there; all of these tests must be green before. Two changes
are tried side by side. `S17 A3` tries these requirements alone; `--changed` those whose files differ from the commit of the last full
run (changed.py); `--seconds 300` begins none after that time, and says how many it has left; `--write-docs` tries nothing, and writes
the column of docs/safety.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from math import inf
from queue import SimpleQueue

from tests import mutate
from tests.mutate import ROOT, Mutation, changed, page
from tests.mutate.bench import Bench
from tests.nightly import last_full

LEFT = "left"
BENCHES = 2  # as many as `make test` runs side by side


def try_all(wanted: list[Mutation], seconds: float = inf) -> int:
    """Try these, and begin none after so many seconds; 0 when every one that was tried was red, and when there were none."""
    if not wanted:
        return 0
    homes = mutate.homes(ROOT, wanted)
    nodes = {test: mutate.node(file, (ROOT / file).read_text(), test) for test, file in homes.items()}
    with ExitStack() as stack:
        benches = [stack.enter_context(Bench(str(number))) for number in range(min(BENCHES, len(wanted)))]
        if red := red_unchanged(benches, list(nodes.values())):
            print(red, "Red although nothing was changed: see above.", sep="\n")
            return 1
        red_ones = survived = 0
        for mutation, verdict, took in verdicts(benches, wanted, nodes, time.monotonic() + seconds):
            if verdict != LEFT:
                red_ones, survived = red_ones + (verdict == "red"), survived + (verdict != "red")
                print(f"{mutation.requirement:4} {verdict:9} {took:5.1f} s  {mutation.test}", flush=True)
    left = len(wanted) - red_ones - survived
    print(f"{red_ones} passed, {survived} failed", f", {left} left for another time" if left else "", sep="")
    return 1 if survived else 0


def red_unchanged(benches: list[Bench], nodes: list[str]) -> str:
    """What pytest says about tests that are red already; "" when all are green. Each bench runs its share."""
    with ThreadPoolExecutor(len(benches)) as pool:
        shares = [nodes[number :: len(benches)] for number in range(len(benches))]
        return "".join(pool.map(Bench.green, benches, shares))


def verdicts(
    benches: list[Bench], wanted: list[Mutation], nodes: dict[str, str], until: float
) -> Iterator[tuple[Mutation, str, float]]:
    """Each mutation with what its test said and the seconds it took, in the order in which they are wanted; LEFT after `until`."""
    free: SimpleQueue[Bench] = SimpleQueue()
    for bench in benches:
        free.put(bench)

    def one(mutation: Mutation) -> tuple[Mutation, str, float]:
        bench, began = free.get(), time.monotonic()
        try:
            if began > until:
                return mutation, LEFT, 0.0
            return mutation, bench.verdict(mutation, nodes[mutation.test]), time.monotonic() - began
        finally:
            free.put(bench)

    with ThreadPoolExecutor(len(benches)) as pool:
        yield from pool.map(one, wanted)


def changed_of(mutations: list[Mutation]) -> list[Mutation]:
    """Those that the last full run doesn't answer for; all of them when it is unknown."""
    noted = last_full(ROOT).get("commit")
    try:
        wanted = changed.select(ROOT, mutations, noted) if noted else mutations
        why = f"their files differ from {noted[:12]}, the last full run" if noted else "there was no full run yet"
    except LookupError as error:
        wanted, why = mutations, str(error)
    print(f"{len(wanted)} of {len(mutations)} mutations: {why}", flush=True)
    return wanted


def write_docs() -> int:
    path = ROOT / page.PAGE
    path.write_text(page.written(path.read_text(), mutate.mutations()))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("requirements", nargs="*", help="S17, A3, …: these alone")
    parser.add_argument("--write-docs", action="store_true", help="write the column of docs/safety.md, and try nothing")
    parser.add_argument("--changed", action="store_true", help="what could end otherwise than in the last full run")
    parser.add_argument("--seconds", type=float, default=inf, help="begin none after this time")
    asked = parser.parse_args()
    if asked.write_docs:
        return write_docs()
    found = mutate.mutations()
    if unknown := set(asked.requirements) - {mutation.requirement for mutation in found}:
        parser.error(f"no mutation is of {', '.join(sorted(unknown))}")
    wanted = [mutation for mutation in found if not asked.requirements or mutation.requirement in asked.requirements]
    return try_all(changed_of(wanted) if asked.changed else wanted, asked.seconds)


if __name__ == "__main__":
    sys.exit(main())
