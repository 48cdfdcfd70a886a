"""What happens to the hosts: each fault with the seconds for which signing and mail may be away."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path

from tests.drill.load import Load
from tests.drill.test_full_disk import fill
from tests.drill.units import kill, wait_for
from tests.hosts import interrupted, network
from tests.hosts.cluster import DATA, SMALL, Cluster

# Patroni gives a lost host up after 20 s, and etcd, which may have lost its leader with it, counts anew (deploy/hosts/patroni.yml).
SOON, LOST, MAIL = 5.0, 30.0, 15.0
DUE_TOO_LATE = "SELECT count(*) FROM petitions_signature WHERE mail_due_at > now() + interval '30 minutes'"


@dataclass(frozen=True)
class Fault:
    """`strike` gives what `mend` and `then` need. `lasts`: seconds between it and `mend`. `sign`, `mail`: for how many seconds each may
    be away, None where nobody promises it. `failed`: which part of those who sign may be told to come again. `short`: one of the few of
    `DRILL=short`. `before`, `then`: before anybody signs, and when nobody does any more. `people`: how many sign, with which pause and for
    how long they wait, where it is not as usual. `whole`: within how many seconds all hosts stream again, with what `mend` takes. `risks`:
    the page says that what was acknowledged since shortly before may be lost; the row says how much was."""

    name: str
    strike: Callable[[Cluster], object]
    mend: Callable[[Cluster, object], None] = lambda cluster, struck: None
    lasts: float = 30
    sign: float | None = SOON
    mail: float | None = None
    failed: float | None = None
    short: bool = False
    before: Callable[[Cluster], object] = lambda cluster: None
    then: Callable[[Cluster, object], None] = lambda cluster, struck: None
    people: tuple[int, float, float] | tuple[()] = ()
    whole: float | None = None
    risks: bool = False


def kill_postgres(cluster: Cluster) -> str:
    primary = cluster.primary()
    kill(cluster.postmaster(primary))
    return primary


def switch_over(cluster: Cluster) -> None:
    cluster.switch_over()


def kill_host(cluster: Cluster, host: str) -> str:
    cluster.hosts[host].cut()
    cluster.hosts[host].kill()
    return host


def power_on(cluster: Cluster, host: object) -> None:
    cluster.hosts[str(host)].join()
    cluster.hosts[str(host)].start()


def cut_host(cluster: Cluster, host: str) -> str:
    cluster.hosts[host].cut()
    return host


def join_host(cluster: Cluster, host: object) -> None:
    cluster.hosts[str(host)].join()


def kill_valkey(cluster: Cluster) -> str:
    master = cluster.valkey_master()
    cluster.hosts[master].end("valkey")
    return master


def begin_valkey(cluster: Cluster, host: object) -> None:
    cluster.hosts[str(host)].begin_again("valkey")


def cut_web(cluster: Cluster) -> str:
    return cut_host(cluster, "web2")


def look_taken_out(cluster: Cluster, host: object) -> None:
    """Or the edge's checks are blind."""
    assert host in cluster.lost_web_hosts(), "the edge went on with a web host that is gone"


# Nobody has what a commit waits for.


class NoStandby:
    """`began`, `ended`: between them, no answer may say that it is done."""

    def __init__(self, cluster: Cluster) -> None:
        self.hosts = [host for host in DATA if host != cluster.primary()]
        self.web_hosts_lost = len(cluster.lost_web_hosts())
        for host in self.hosts:
            cluster.hosts[host].end("patroni")
            kill(cluster.postmaster(host))
        # Who was acknowledged before may hear of it a moment later.
        self.began, self.ended = time.monotonic() + 1, inf

    def end(self, cluster: Cluster) -> None:
        self.ended = time.monotonic()
        for host in self.hosts:
            cluster.hosts[host].begin_again("patroni")

    def look(self, cluster: Cluster) -> None:
        told = cluster.load.told
        done = [at for at in (*told.signed.values(), *told.confirmed.values()) if self.began < at < self.ended]
        assert not done, f"{len(done)} were acknowledged"
        # Who confirms may read that it is done already, by a commit of theirs that was given up.
        said = Counter(status for at, what, status in told.refused if what == "sign" and at > self.began)
        assert set(said) == {503}, f"refused with {dict(said)}"
        titles = Counter(re.search(rb"<title>(.*?)<", body, re.DOTALL)[1].strip() for body in told.wordless)
        assert not titles, f"{len(told.wordless)} of {said[503]} had to type it again: {dict(titles)}"
        lost = cluster.lost_web_hosts()[self.web_hosts_lost :]
        assert not lost, f"the edge went on without {lost}"


def end_no_standby(cluster: Cluster, struck: object) -> None:
    assert isinstance(struck, NoStandby)
    struck.end(cluster)


def look_refused(cluster: Cluster, struck: object) -> None:
    assert isinstance(struck, NoStandby)
    struck.look(cluster)


# A part of the network alone: who is in it goes on with whatever is there.


class Split:
    """The primary, a web host and people who reach only these."""

    def __init__(self, cluster: Cluster) -> None:
        self.primary = cluster.primary()
        self.hosts = (self.primary, "web1", "inside")
        self.insiders: Load = cluster.insiders("web1")

    def strike(self, cluster: Cluster) -> Split:
        for host in self.hosts[:2]:
            cluster.hosts[host].is_cut = True
        network.split(self.hosts)
        began = threading.Thread(target=self._begin)
        began.start()
        began.join()
        return self

    def _begin(self) -> None:
        network.enter("inside")
        self.insiders.start()

    def look(self) -> None:
        told = self.insiders.told
        acknowledged = len(told.signed) + len(told.confirmed)
        assert not acknowledged, f"{acknowledged} were acknowledged inside"
        assert any(what == "sign" for _, what, _ in told.refused), "nobody inside tried"

    def mend(self, cluster: Cluster) -> None:
        self.insiders.end()
        network.heal(self.hosts)
        for host in self.hosts[:2]:
            cluster.hosts[host].is_cut = False
        # What they were told counts as much as what others were.
        cluster.load.told.signed.update(self.insiders.told.signed)


def strike_split(cluster: Cluster) -> Split:
    return Split(cluster).strike(cluster)


def mend_split(cluster: Cluster, split: object) -> None:
    assert isinstance(split, Split)
    split.mend(cluster)


def look_split(cluster: Cluster, split: object) -> None:
    assert isinstance(split, Split)
    split.look()


# Stopped, lost, late.


def stop_patroni(cluster: Cluster) -> int:
    """It hangs; its PostgreSQL lives on."""
    process = cluster.hosts[cluster.primary()].services["patroni"].process
    assert process
    os.kill(process.pid, signal.SIGSTOP)
    return process.pid


def go_on(cluster: Cluster, pid: object) -> None:
    with suppress(ProcessLookupError):
        os.kill(int(str(pid)), signal.SIGCONT)


def lose_etcd(cluster: Cluster) -> tuple[str, ...]:
    """Two of three: nobody can be elected. All PostgreSQLs are there, and see each other."""
    lost = DATA[:2]
    for host in lost:
        cluster.hosts[host].end("etcd")
    return lost


def begin_etcd(cluster: Cluster, hosts: object) -> None:
    for host in tuple(hosts):
        cluster.hosts[host].begin_again("etcd")


def rebuild_and_cut(cluster: Cluster) -> str:
    """A standby is made anew, and the primary is cut meanwhile: the other one alone has all commits."""
    primary = cluster.primary()
    standby = next(host for host in DATA if host != primary)
    cluster.patroni(standby, "POST", "/reinitialize", {"force": True})
    time.sleep(1)
    return cut_host(cluster, primary)


def disturb(cluster: Cluster) -> dict[str, subprocess.Popen[str]]:
    return {host: network.disturb(host, 0.2, 200) for host in DATA}


def calm(cluster: Cluster, cables: object) -> None:
    assert isinstance(cables, dict)
    for host, cable in cables.items():
        network.calm(host, cable)


def let_another_lead(cluster: Cluster) -> None:
    if cluster.primary() == SMALL:
        cluster.switch_over()
        cluster.wait_until_whole()


def fill_disk(cluster: Cluster) -> Path:
    """And makes it want room: it writes into the files that it has until it needs a new one."""
    filler = fill(cluster.hosts[SMALL].folder / "state/postgresql")
    for _ in range(3):
        cluster.as_superuser("SELECT pg_logical_emit_message(false, 'drill', 'x'), pg_switch_wal()")
    return filler


def make_room(cluster: Cluster, filler: object) -> None:
    Path(str(filler)).unlink()


def set_clock(cluster: Cluster) -> None:
    cluster.clock.write_text("3600")


def set_clock_back(cluster: Cluster) -> None:
    cluster.clock.write_text("-3600")


def set_clock_right(cluster: Cluster, struck: object) -> None:
    cluster.clock.write_text("0")
    # The other worker host makes them due (petitions/mails.py).
    wait_for(lambda: not cluster.rows(DUE_TOO_LATE)[0][0], 90, "mails that a wrong clock made due in an hour")


def fail_over_twice(cluster: Cluster) -> str:
    first = kill_postgres(cluster)
    wait_for(lambda: cluster.primary() not in ("", first), 30, "another primary")
    cluster.wait_until_whole()
    return kill_postgres(cluster)


def kill_all_data(cluster: Cluster) -> tuple[str, ...]:
    for host in DATA:
        kill_host(cluster, host)
    return DATA


def power_on_all(cluster: Cluster, hosts: object) -> None:
    for host in DATA:
        power_on(cluster, host)


FAULTS = [
    Fault("primary's postgres killed", kill_postgres, lasts=15, short=True),
    Fault("planned switchover", switch_over, lasts=10),
    Fault(
        "primary's host killed", lambda cluster: kill_host(cluster, cluster.primary()), power_on, lasts=35, sign=LOST
    ),
    Fault("primary's host cut", lambda cluster: cut_host(cluster, cluster.primary()), join_host, 35, LOST, short=True),
    Fault("split: primary, a web host and people alone", strike_split, mend_split, 35, LOST, then=look_split),
    # More people than the two web hosts have threads.
    Fault("both standbys lost", NoStandby, end_no_standby, 25, None, then=look_refused, people=(40, 1.0, 20)),
    Fault("primary's host cut while a standby is rebuilt", rebuild_and_cut, join_host, 20, None),
    Fault("Valkey master killed", kill_valkey, begin_valkey, 16, 1.0, MAIL, before=Cluster.apart, short=True),
    Fault(
        "Valkey master's host cut",
        lambda cluster: cut_host(cluster, cluster.valkey_master()),
        join_host,
        16,
        1.0,
        MAIL,
        before=Cluster.apart,
    ),
    Fault("web host killed", lambda cluster: kill_host(cluster, "web2"), power_on, 12, None, None, 0.01),
    Fault("web host cut", cut_web, join_host, 12, None, None, 0.01, short=True, then=look_taken_out),
    Fault("worker host killed", lambda cluster: kill_host(cluster, "work2"), power_on, 16, None, MAIL),
    Fault("worker host cut", lambda cluster: cut_host(cluster, "work2"), join_host, 16, None, MAIL),
    Fault("Patroni of the primary stopped, its postgres alive", stop_patroni, go_on, 35, LOST),
    Fault("etcd without a quorum", lose_etcd, begin_etcd, 25, SOON),
    Fault("20 % of packets lost, 200 ms late", disturb, calm, 20, None),
    Fault("a standby's disk full", fill_disk, make_room, 15, SOON, before=let_another_lead),
    Fault("a web and a worker host's clock an hour ahead", set_clock, set_clock_right, 15, SOON),
    Fault("a web and a worker host's clock an hour behind", set_clock_back, set_clock_right, 15, SOON),
    Fault("two failovers in a minute", fail_over_twice, lasts=10, sign=SOON),
    Fault("primary lost in a migration", interrupted.migrate, then=interrupted.do_again, lasts=5, sign=None),
    Fault(
        "primary lost in a restore",
        interrupted.restore,
        before=interrupted.back_up,
        then=interrupted.restore_again,
        lasts=5,
        sign=None,
    ),
    Fault("primary lost while people are erased", interrupted.erase, then=interrupted.look_erased, lasts=5, sign=None),
    Fault("all three data hosts off and on", kill_all_data, power_on_all, 5, None),
]
