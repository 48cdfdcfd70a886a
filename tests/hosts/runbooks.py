"""`make runbooks`: each recovery of docs/many-hosts.md on the hosts of `make drill-hosts`, by the page's own commands and in its order,
while people sign. `ONLY=etcd,seized` runs those whose names have one of these words.
"""

from __future__ import annotations

import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tests.drill.units import wait_for
from tests.hosts.__main__ import main
from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.faults import LOST, SOON, Fault, cut_host, kill_host
from tests.hosts.shell import Shell

# Seconds for all.
LONGEST = 600
STANDBY = r"\| Quorum Standby "
IN_RECOVERY = "runuser -u postgres -- psql -tAc 'SELECT pg_is_in_recovery()'"
# Those that stand for themselves on the page.
ADD = "etcdctl member add data3 --peer-urls=https://10.0.0.13:2380"
FOLLOW = (
    r"sed -i -E 's/^(replicaof .*|# The first master\.)$/replicaof <the Valkey master> 6379/' /etc/redis/redis.conf"
)
WATCH = "sed -i 's/^sentinel monitor .*/sentinel monitor outcry <the Valkey master> 6379 2/' /etc/redis/sentinel.conf"
COPY = r"""set -o pipefail                             # or half a copy looks like a whole one
pg_basebackup --dbname "host=10.0.0.12 user=replicator sslmode=verify-ca sslrootcert=/etc/outcry/hosts/ca.pem" \
  --checkpoint fast --format tar --wal-method fetch --pgdata - | age --recipient age1… > base.tar.age"""
CHECK = "set -o pipefail; age --decrypt --identity identity.txt base.tar.age | tar -t >/dev/null && echo whole"
UNPACK = """age --decrypt --identity identity.txt base.tar.age |
ssh root@data1 'runuser -u postgres -- tar -x -C /var/lib/postgresql/outcry'"""
CONTROL = (
    """./pg_controldata -D /var/lib/postgresql/outcry | grep -E "Latest checkpoint's (TimeLineID|REDO WAL file)\""""
)
WAL = "./pg_waldump --path /var/lib/postgresql/outcry/pg_wal <that REDO WAL file> | tail -1"
TOOLS = "/usr/lib/postgresql/15/bin"
# Whose password is which of hosts.env.
ROLES = {"outcry": "OWNER", "replicator": "REPLICATION", "rewinder": "REWIND", "postgres": "SUPERUSER"}
# What the admin's action does.
SEND_AGAIN = """
import django
django.setup()
from django.utils import timezone
from petitions.models import Signature
Signature.objects.uncertain().update(mail_attempts=0, mail_due_at=timezone.now())
"""
WEB, WORK = ("web1", "web2"), ("work1", "work2")


def others(*hosts: str) -> list[str]:
    return [host for host in DATA if host not in hosts]


def leader(*hosts: str) -> str:
    """A line of `patronictl list`: one of them leads. One that is gone is still said to lead for a while."""
    return rf"({'|'.join(ADDRESSES[host] for host in hosts)}) \| Leader "


def every_day(cluster: Cluster, _: object = None) -> None:
    """What the page has people look at each day says that all is well."""
    shell = Shell(cluster)
    shell.until("data1", "patronictl list", STANDBY, 2)
    shell.until("data1", "etcdctl endpoint health --cluster", "is healthy", 3)
    for host in DATA:
        shell.until(host, "sentinel ckquorum outcry", "OK 3 usable Sentinels", typed=shell.password)
    shell.until("data1", "patronictl show-config | grep strict", "true")


# Replace a data host


def remove_member(shell: Shell, left: str, lost: str) -> None:
    """After an etcd of one it is none any more."""
    for number in re.findall(rf"^(\w+), \w+, {lost},", shell.on(left, "etcdctl member list"), re.MULTILINE):
        shell.on(left, "etcdctl member remove <id of the lost one>", {"<id of the lost one>": number})


def add_member(shell: Shell, left: str, lost: str) -> str:
    """Step 1. The line that it prints for step 2."""
    remove_member(shell, left, lost)
    own = {"data3": lost, "10.0.0.13": ADDRESSES[lost]}
    printed = shell.until(left, ADD, "ETCD_INITIAL_CLUSTER=", own=own, seconds=20)
    (line,) = re.findall(r"^ETCD_INITIAL_CLUSTER=.*", printed, re.MULTILINE)
    return line


def name_members(shell: Shell, host: str, line: str) -> None:
    """Step 2, its first command."""
    shell.on(
        host,
        r"""sed -i -e 's/^ETCD_INITIAL_CLUSTER_STATE=.*/ETCD_INITIAL_CLUSTER_STATE=existing/' \
        -e 's|^ETCD_INITIAL_CLUSTER=.*|<the line ETCD_INITIAL_CLUSTER=… of step 1>|' /etc/default/etcd""",
        {"<the line ETCD_INITIAL_CLUSTER=… of step 1>": line},
    )


def master(shell: Shell, left: str) -> str:
    return shell.on(left, "sentinel get-master-addr-by-name outcry", typed=shell.password).split()[-2]


def new_machine(shell: Shell, left: str, lost: str) -> None:
    """Steps 1 to 3, until it streams."""
    line = add_member(shell, left, lost)
    host = shell.cluster.hosts[lost]
    host.renew()
    host.join()
    name_members(shell, lost, line)
    found = {"<the Valkey master>": master(shell, left)}
    shell.on(lost, FOLLOW, found)
    shell.on(lost, WATCH, found)
    shell.on(lost, "systemctl enable --now etcd outcry-patroni redis-server redis-sentinel")
    there = [name for name in DATA if not shell.cluster.hosts[name].is_cut]
    shell.until(left, "patronictl list", STANDBY, len(there) - 1)


def lose_primary(cluster: Cluster) -> str:
    return kill_host(cluster, cluster.primary())


def replace(cluster: Cluster, lost: object) -> None:
    """The primary's host, once another one leads."""
    shell, host = Shell(cluster), str(lost)
    left, other = others(host)
    shell.until(left, "patronictl list", leader(left, other))
    new_machine(shell, left, host)
    shell.on(left, "sentinel reset outcry", typed=shell.password)
    time.sleep(30)
    shell.on(other, "sentinel reset outcry", typed=shell.password)


# etcd is lost


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
    for host in (*others(primary), primary):
        shell.on(host, "systemctl stop outcry-patroni")
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


# Two of three data hosts are lost


def lose_two(cluster: Cluster) -> str:
    """The primary and a standby. Gives who is left."""
    primary = cluster.primary()
    for host in (primary, others(primary)[0]):
        kill_host(cluster, host)
    return others(primary)[1]


def go_on_alone(cluster: Cluster, struck: object) -> None:
    shell, left = Shell(cluster), str(struck)
    shell.on(left, "runuser -u postgres -- psql -c 'SELECT pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()'")
    etcd_of_one(shell, left)
    shell.on(left, "patronictl edit-config --set synchronous_mode_strict=false --force")
    shell.until(left, "patronictl list", leader(*others(left)), times=0)
    shell.on(left, "patronictl failover outcry --candidate data3 --force", {"data3": left})
    shell.until(left, "patronictl list", leader(left))
    shell.on(left, "systemctl stop redis-server redis-sentinel")
    cluster.hosts[left].put("sentinel.conf")
    shell.on(left, "sed -i '/^replicaof /d' /etc/redis/redis.conf")
    shell.on(
        left,
        "sed -i 's/^sentinel monitor .*/sentinel monitor outcry <this host> 6379 2/' /etc/redis/sentinel.conf",
        {"<this host>": ADDRESSES[left]},
    )
    shell.on(left, "systemctl start redis-server redis-sentinel")
    for host in others(left):
        new_machine(shell, left, host)
    shell.on(left, "patronictl edit-config --set synchronous_mode_strict=true --force")


# Back from a copy of all files


def copy_files(cluster: Cluster) -> datetime:
    """From a standby, while people sign; some more sign after it. Gives when it was begun."""
    shell = Shell(cluster)
    standby = others(cluster.primary())[0]
    backup = cluster.folder / "client"
    (backup / "state").mkdir(parents=True, exist_ok=True)
    password = backup / "state/.pgpass"
    password.touch(mode=0o600)
    password.write_text(f"*:*:*:replicator:{cluster.known['OUTCRY_REPLICATION_PASSWORD']}\n")
    began = datetime.now(UTC)
    shell.on(
        "client",
        COPY,
        {"10.0.0.12": ADDRESSES[standby], "age1…": str(cluster.recipient), "base.tar.age": f"{backup}/base.tar.age"},
    )
    return began


def back_from_files(cluster: Cluster, struck: object) -> None:
    shell, first = Shell(cluster), "data1"
    primary = cluster.primary()
    copy = {"identity.txt": str(cluster.identity), "base.tar.age": str(cluster.folder / "client/base.tar.age")}
    assert "whole" in shell.on("client", CHECK, copy)
    for host in WEB:
        shell.on(host, "systemctl stop outcry-web")
    for host in WORK:
        shell.on(host, "systemctl stop outcry-workers")
    for host in (*others(primary), primary):
        shell.on(host, "systemctl stop outcry-patroni")
    for host in DATA:
        shell.on(host, "rm -rf /var/lib/postgresql/outcry")
    begin_all_etcd(shell)
    shell.on(first, "install -d -m 700 -o postgres -g postgres /var/lib/postgresql/outcry")
    # All hosts are this machine.
    shell.on(first, UNPACK, {**copy, "ssh root@data1": "bash -c"})
    lead_alone(shell, first)
    shell.until(first, "patronictl list", STANDBY, 2)
    journals = cluster.folder / "journals"
    for host in WORK:
        shutil.copytree(cluster.hosts[host].folder / "state/journal", journals, dirs_exist_ok=True)
    own = {"<folder of all journals>": str(journals), "<moment of the copy>": str(struck)}
    shell.on("work1", "outcry replay_journal <folder of all journals> '<moment of the copy>' --restored", own)
    shell.on("work1", "outcry check")
    start_site(shell)
    shell.on("work1", "outcry open")
    cluster.python("-c", SEND_AGAIN)
    wait_for(cluster.is_ready, 60, "the site")


def start_site(shell: Shell) -> None:
    for host in WORK:
        shell.on(host, "systemctl start outcry-workers")
    for host in WEB:
        shell.on(host, "systemctl start outcry-web")


# A host is seized


def seize_primary(cluster: Cluster) -> str:
    """Every firewall is closed to it: a part of step 1."""
    return cut_host(cluster, cluster.primary())


def change_all(cluster: Cluster, struck: object) -> None:
    shell, seized = Shell(cluster), str(struck)
    left = others(seized)
    remove_member(shell, left[0], seized)
    shell.until(left[0], "patronictl list", leader(*left))
    primary = cluster.primary()
    (standby,) = others(seized, primary)
    new = {name: secrets.token_hex(24) for name in cluster.known if name.endswith("_PASSWORD")}
    cluster.make_certificates("tls-new")
    shell.until(primary, "patronictl list", STANDBY)
    typed = "".join(f"ALTER ROLE {role} PASSWORD '{new[f'OUTCRY_{name}_PASSWORD']}';\n" for role, name in ROLES.items())
    shell.on(primary, "runuser -u postgres -- psql --set HISTFILE=/dev/null", typed=typed)
    for host in WEB:
        shell.on(host, "systemctl stop outcry-web haproxy")
    for host in WORK:
        shell.on(host, "systemctl stop outcry-workers haproxy")
    shell.on("edge1", "systemctl stop haproxy")
    for host in (standby, primary):
        shell.on(host, "systemctl stop redis-sentinel redis-server outcry-patroni")
    for host in left:
        shell.on(host, "systemctl stop etcd")
    cluster.change_secrets("tls-new", new)
    found = {"<the Valkey master>": ADDRESSES[primary]}
    shell.on(primary, "sed -i '/^replicaof /d' /etc/redis/redis.conf")
    shell.on(standby, FOLLOW, found)
    for host in left:
        shell.on(host, WATCH, found)
    for host in left:
        shell.on(host, "systemctl start etcd")
    for host in (primary, standby):
        shell.on(host, "systemctl start outcry-patroni")
    for host in left:
        shell.on(host, "systemctl start redis-server redis-sentinel")
    for host in (*WEB, *WORK, "edge1"):
        shell.on(host, "systemctl start haproxy")
    start_site(shell)
    wait_for(cluster.is_ready, 60, "the site")
    cluster.hosts[seized].kill()
    new_machine(shell, primary, seized)


# Host by host


def by_turns(cluster: Cluster, _: object) -> None:
    """*Packages, kernel*: each is begun again, the standbys first; the primary's host after a switchover."""
    shell, first = Shell(cluster), cluster.primary()
    standbys = others(first)
    for host in (*standbys, first):
        if host == first:
            own = {"data1": first, "data2": standbys[0]}
            shell.on(first, "patronictl switchover outcry --leader data1 --candidate data2 --force", own)
            shell.until(first, "patronictl list", STANDBY, 2)
        if cluster.valkey_master() == host:
            shell.on(host, "sentinel failover outcry", typed=shell.password)
            wait_for(lambda host=host: cluster.valkey_master() not in ("", host), 30, "another master")
        cluster.hosts[host].reboot()
        shell.until(host, "patronictl list", STANDBY, 2)
        shell.until(host, "sentinel ckquorum outcry", "OK 3 usable Sentinels", typed=shell.password)


RUNBOOKS = [
    Fault("one etcd lost for good", lose_etcd("data2"), one_etcd, lasts=3, sign=SOON, whole=30, then=every_day),
    Fault(
        "two etcd lost for good", lose_etcd("data1", "data2"), two_etcd, lasts=3, sign=LOST, whole=60, then=every_day
    ),
    Fault("all etcd lost for good", lose_etcd(*DATA), all_etcd, lasts=3, sign=None, whole=90, then=every_day),
    Fault(
        "two of three data hosts lost", lose_two, go_on_alone, lasts=5, sign=None, whole=150, risks=True, then=every_day
    ),
    Fault("a data host lost and replaced", lose_primary, replace, lasts=5, sign=LOST, whole=120, then=every_day),
    Fault(
        "back from a copy of all files",
        copy_files,
        back_from_files,
        lasts=5,
        sign=None,
        whole=120,
        risks=True,
        then=every_day,
    ),
    Fault("a data host seized", seize_primary, change_all, lasts=3, sign=None, whole=150, then=every_day),
    Fault("host by host", lambda cluster: None, by_turns, lasts=0, sign=3 * SOON, whole=120, then=every_day),
]


if __name__ == "__main__":
    sys.exit(main(RUNBOOKS, (), LONGEST))
