"""Signs, breaks, mends, takes the account; and the control, which must lose: else the drill would see no loss."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import psycopg

from tests.drill import account
from tests.drill.account import Account
from tests.drill.behind import was_away
from tests.drill.units import wait_for
from tests.hosts import network
from tests.hosts.cluster import Cluster
from tests.hosts.faults import Fault, Split

WARM, AFTER = 5, 5
# Until every host streams again.
WHOLE = 60
# Until every mail has gone out and everybody is counted.
SETTLED = 180
# The split of the control: the outside has a new primary by then.
CONTROLLED = 35
# Of what an error says.
SHOWN = 400
# Seconds before a loss: what was acknowledged in them may be on the lost hosts alone, where the page says so.
RISKED = 5
CONTROL = "the control: the same split, asynchronous"


@dataclass(frozen=True)
class Row:
    """What came of a fault. `sign`, `mail`: for how many seconds each was away; `failed`: which part of those who signed was told
    something else than that it is done, `refused`: how many; `whole`: seconds until all data hosts streamed again."""

    name: str
    signed: int
    sign: float
    mail: float
    failed: float
    whole: float
    account: Account | None
    wrong: tuple[str, ...]
    untried: str = ""
    refused: int = 0

    def __str__(self) -> str:
        if self.untried:
            return f"| {self.name} | not tried: {self.untried} | | | | | | |"
        lost = len(self.account.lost) if self.account else "?"
        figures = f"{self.sign:.1f} | {self.mail:.1f} | {self.failed:.1%} ({self.refused}) | {self.whole:.0f} | {self.signed} | {lost}"
        return f"| {self.name} | {figures} | {'; '.join(self.wrong) or 'ok'} |"


HEAD = "| fault | signing away, s | mail, s | failed | whole after, s | acknowledged | lost | |\n|---|---|---|---|---|---|---|---|"


def run(cluster: Cluster, fault: Fault) -> Row:
    fault.before(cluster)
    cluster.load = cluster.people(*fault.people)
    cluster.load.start()
    time.sleep(WARM)
    began = mended = time.monotonic()
    wrong: list[str] = []
    try:
        struck = fault.strike(cluster)
        time.sleep(fault.lasts)
        mended = time.monotonic()
        fault.mend(cluster, struck)
        cluster.wait_until_whole(WHOLE)
    except network.Missing as error:
        cluster.load.end()
        return Row(fault.name, 0, 0, 0, 0, 0, None, (), str(error))
    except Exception as error:  # this row is red then; the others are run all the same
        wrong.append(f"{type(error).__name__}: {error}"[:SHOWN])
        cluster.set_right()
    whole = time.monotonic() - mended
    time.sleep(AFTER)
    ended = time.monotonic()
    told = cluster.load.told
    sign, _, mail = was_away(told, cluster.behind, began, ended)
    cluster.load.end()
    refused = sum(what == "sign" for _, what, _ in told.refused)
    failed = refused / max(1, refused + len(told.signed))
    found, said = take(cluster, began - RISKED if fault.risks else inf)
    if not wrong:
        try:
            fault.then(cluster, struck)
        except (AssertionError, subprocess.TimeoutExpired, psycopg.Error) as error:
            wrong.append(f"{type(error).__name__}: {error}"[:SHOWN])
    for what, seconds, bar in (
        ("signing", sign, fault.sign),
        ("mail", mail, fault.mail),
        ("failed", failed, fault.failed),
        ("whole", whole, fault.whole),
    ):
        if bar is not None and seconds > bar:
            wrong.append(f"{what} is above {bar}")
    return Row(fault.name, len(told.signed), sign, mail, failed, whole, found, (*wrong, *said), refused=refused)


def take(cluster: Cluster, at_risk: float = inf) -> tuple[Account | None, list[str]]:
    """The account, and what is wrong with it; what was said to be done from `at_risk` on (time.monotonic) may be lost."""
    try:
        found = account.take(cluster, SETTLED)
    except (AssertionError, psycopg.Error) as error:
        return None, [str(error)[:SHOWN]]
    signed, confirmed = cluster.load.told.signed, cluster.load.told.confirmed
    judged = replace(
        found,
        lost=[address for address in found.lost if signed[address] < at_risk],
        unconfirmed=[address for address in found.unconfirmed if confirmed[address] < at_risk],
        unsent=[address for address in found.unsent if signed[address] < at_risk],
    )
    return found, [] if judged.balances() else [f"the account does not balance: {found}"]


def control(cluster: Cluster) -> Row:
    """The split with asynchronous replication: what was acknowledged inside is lost, and the account must say so."""
    cluster.configure(synchronous_mode=False, synchronous_mode_strict=False)
    wait_for(lambda: not cluster.is_synchronous(), 20, "asynchronous replication")
    cluster.wait_until_whole()
    cluster.load = cluster.people()
    split = Split(cluster)
    cluster.load.start()
    time.sleep(WARM)
    began = time.monotonic()
    split.strike(cluster)
    time.sleep(CONTROLLED)
    mended = time.monotonic()
    split.mend(cluster)
    said = []
    try:
        cluster.wait_until_whole(WHOLE)
    except AssertionError as error:
        said.append(str(error)[:SHOWN])
    ended = time.monotonic()
    whole = ended - mended
    cluster.load.end()
    told = cluster.load.told
    sign, _, mail = was_away(told, cluster.behind, began, ended)
    found, wrong = take(cluster)
    lost = len(found.lost) if found else 0
    cluster.configure(synchronous_mode="quorum", synchronous_mode_strict=True)
    if not lost:
        said += ["nothing was lost: the drill is blind", *wrong]
    return Row(CONTROL, len(told.signed), sign, mail, 0.0, whole, found, tuple(said))


def keep(cluster: Cluster, folder: Path) -> None:
    """The logs, where a row was red."""
    for path in cluster.folder.rglob("*.log"):
        target = folder / path.relative_to(cluster.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
