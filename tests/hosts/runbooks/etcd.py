"""*etcd is lost*, and *An etcd of one*."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

from tests.hosts import network
from tests.hosts.cluster import DATA, Cluster
from tests.hosts.host import AS_POSTGRES
from tests.hosts.runbooks.common import leader, others
from tests.hosts.runbooks.replacing import add_member, name_members
from tests.hosts.shell import Shell

IN_RECOVERY = "runuser -u postgres -- psql -tAc 'SELECT pg_is_in_recovery()'"
CONTROL = (
    """./pg_controldata -D /var/lib/postgresql/outcry | grep -E "Latest checkpoint's (TimeLineID|REDO WAL file)\""""
)
WAL = "./pg_waldump --path /var/lib/postgresql/outcry/pg_wal <that REDO WAL file> | tail -1"
TOOLS = "/usr/lib/postgresql/15/bin"
STOP_POSTGRES = f"runuser -u postgres -- {TOOLS}/pg_ctl -D /var/lib/postgresql/outcry stop -m fast"


def lose_etcd(*hosts: str) -> Callable[[Cluster], tuple[str, ...]]:
    def strike(cluster: Cluster) -> tuple[str, ...]:
        for host in hosts:
            cluster.hosts[host].end("etcd")
        return hosts

    return strike


def begin_etcd_anew(shell: Shell, left: str, lost: str) -> None:
    """One etcd is lost, its host is not."""
    line = add_member(shell, left, lost)
    shell.on(lost, "systemctl stop etcd")
    shell.on(lost, "rm -rf /var/lib/etcd/outcry")
    name_members(shell, lost, line)
    shell.on(lost, "systemctl start etcd")
    shell.until(left, "etcdctl endpoint health --cluster", "is healthy", line.count("https://"))


def one_etcd(cluster: Cluster, lost: object) -> None:
    (host,) = tuple(lost)
    begin_etcd_anew(Shell(cluster), others(host)[0], host)


def etcd_of_one(shell: Shell, host: str) -> None:
    shell.on(host, "echo ETCD_FORCE_NEW_CLUSTER=true >>/etc/default/etcd")
    shell.on(host, "systemctl restart etcd")
    shell.until(host, "etcdctl member list", ", started, ")
    shell.on(host, "sed -i /FORCE_NEW_CLUSTER/d /etc/default/etcd")
    shell.on(host, "systemctl restart etcd")
    shell.until(host, "etcdctl member list", ", started, ")


def two_etcd(cluster: Cluster, lost: object) -> None:
    shell = Shell(cluster)
    (left,) = others(*tuple(lost))
    assert "f" in [shell.on(host, IN_RECOVERY).strip() for host in DATA], "the primary did not go on"
    etcd_of_one(shell, left)
    for host in tuple(lost):
        begin_etcd_anew(shell, left, host)


def stop_patroni(shell: Shell, primary: str, outlived: bool = False) -> None:
    """Step 2 of *All are lost for good*. `outlived`: on the primary PostgreSQL begins again just as Patroni ends, as it did by chance."""
    for host in (*others(primary), primary):
        shell.on(host, "systemctl stop outcry-patroni")
        folder = shell.cluster.hosts[host].folder / "state/postgresql/outcry"
        running = folder / "postmaster.pid"
        if outlived and host == primary and not running.exists():
            start = [f"{TOOLS}/pg_ctl", "-D", str(folder), "-l", str(folder.with_name("outlived.log")), "-w", "start"]
            subprocess.run([*network.within(host), *AS_POSTGRES, *start], check=True, stdout=subprocess.DEVNULL)
        if running.exists():
            shell.on(host, STOP_POSTGRES)
        assert not running.exists(), f"{host}: its PostgreSQL did not end"


def begin_all_etcd(shell: Shell) -> None:
    """Step 3 of *All are lost for good*."""
    for host in DATA:
        shell.on(host, "systemctl stop etcd")
        shell.on(host, "rm -rf /var/lib/etcd/outcry")
        shell.cluster.hosts[host].put("etcd.env")
    for host in DATA:
        shell.on(host, "systemctl start etcd")


def all_etcd(cluster: Cluster, lost: object) -> None:
    shell = Shell(cluster)
    (primary,) = [host for host in DATA if shell.on(host, IN_RECOVERY).strip() == "f"]
    stop_patroni(shell, primary, outlived=True)
    ends = {host: end_of(shell, host) for host in DATA}
    assert ends[primary] == max(ends.values()), f"who does not know {primary} would not find it: {ends}"
    begin_all_etcd(shell)
    lead_alone(shell, primary)


def end_of(shell: Shell, host: str) -> tuple[int, int, int]:
    """What to compare if nobody knows which was the primary: its timeline, and where its WAL ends."""
    said = shell.on(host, CONTROL, folder=TOOLS)
    (timeline,) = re.findall(r"TimeLineID: +(\d+)", said)
    (file,) = re.findall(r"REDO WAL file: +(\w+)", said)
    last = shell.on(host, WAL, {"<that REDO WAL file>": file}, folder=TOOLS)
    (high, low) = re.findall(r"lsn: (\w+)/(\w+)", last)[-1]
    return int(timeline), int(high, 16), int(low, 16)


def lead_alone(shell: Shell, primary: str) -> None:
    shell.on(primary, "systemctl start outcry-patroni")
    shell.until(primary, "patronictl list", leader(primary))
    for host in others(primary):
        shell.on(host, "systemctl start outcry-patroni")
