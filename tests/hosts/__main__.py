"""`make drill-hosts`: several hosts on this machine, under a load, lose one part after the other. `DRILL=short`: five rows of them.

`ONLY=valkey,web` runs the rows whose names have one of these words; `SIGNERS`: how many people sign at the same time, 4. Ends with 1
when a row is red, with 2 where it can't run.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from tests.drill.units import ROOT
from tests.hosts import drill, network, watched
from tests.hosts.cluster import Cluster
from tests.hosts.faults import FAULTS, Fault
from tests.hosts.sweep import HOME, guard

LOGS = ROOT / "var/drill-hosts"
# Seconds.
LONGEST = 1_500


def main(faults: list[Fault], controls: tuple[str, ...], longest: float) -> int:
    """`longest`: seconds for all of them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    HOME.mkdir(exist_ok=True)
    # A second drill would sweep the first one away.
    with (HOME / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another drill of several hosts runs on this machine.")
            return 2
        if not network.may_build():
            print("make drill-hosts needs the right to make network namespaces and bridges; this root hasn't got it.")
            return 2
        guardian = guard(lock.fileno())
        try:
            return run(faults, chosen([*(fault.name for fault in faults), *controls]), longest)
        finally:
            guardian.communicate()


def chosen(names: list[str]) -> list[str]:
    words = [word for word in os.environ.get("ONLY", "").lower().split(",") if word]
    return [name for name in names if not words or any(word in name.lower() for word in words)]


def run(faults: list[Fault], names: list[str], longest: float) -> int:
    shutil.rmtree(LOGS, ignore_errors=True)
    differs: list[str] = []
    known = {fault.name: fault for fault in faults}
    cluster, rows, began = Cluster(), [], time.monotonic()
    try:
        cluster.start()
        print(f"begun within {time.monotonic() - began:.0f} s", flush=True)
        differs = watched.problems(cluster)
        print("\n".join(["watched:", *differs]) if differs else "watched: all is well")
        print(drill.HEAD, flush=True)
        for name in names:
            rows.append(drill.run(cluster, known[name]) if name in known else drill.control(cluster))
            print(rows[-1], flush=True)
        recounted = cluster.recounted()
        print("\n".join(["recounted:", *recounted]) if recounted else "recounted: nothing differs")
        differs += recounted
    finally:
        if len(rows) < len(names) or any(row.wrong for row in rows):
            drill.keep(cluster, LOGS)
            print(f"Logs: {Path(LOGS).relative_to(ROOT)}")
        cluster.stop()
    took = time.monotonic() - began
    if took > longest:
        differs.append(f"it took more than {longest} s")
        print(differs[-1])
    signed, failed = sum(row.signed for row in rows), sum(bool(row.wrong) for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed: {signed} signatures, {took:.0f} s")
    return 1 if failed or differs else 0


if __name__ == "__main__":
    short = os.environ.get("DRILL") == "short"
    sys.exit(main([fault for fault in FAULTS if fault.short or not short], (drill.CONTROL,), LONGEST))
