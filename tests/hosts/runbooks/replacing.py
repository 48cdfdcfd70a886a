"""*Replace a data host*: at the lost one's address, and at another one."""

from __future__ import annotations

import re
import time

from tests.hosts import network
from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.faults import kill_host
from tests.hosts.runbooks.common import STANDBY, WEB, WORK, leader, others
from tests.hosts.shell import Shell

ADD = "etcdctl member add data3 --peer-urls=https://10.0.0.13:2380"
FOLLOW = (
    r"sed -i -E 's/^(replicaof .*|# The first master\.)$/replicaof <the Valkey master> 6379/' /etc/redis/redis.conf"
)
WATCH = "sed -i 's/^sentinel monitor .*/sentinel monitor outcry <the Valkey master> 6379 2/' /etc/redis/sentinel.conf"
# Nobody's.
ELSEWHERE = f"{network.BEFORE}19"


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
    shell.until(others(host)[0], "patronictl list", leader(*others(host)))
    new_machine(shell, others(host)[0], host)
    forget_old_sentinel(shell, host)


def forget_old_sentinel(shell: Shell, lost: str) -> None:
    first, second = others(lost)
    shell.on(first, "sentinel reset outcry", typed=shell.password)
    time.sleep(30)
    shell.on(second, "sentinel reset outcry", typed=shell.password)


def lose_standby(cluster: Cluster) -> str:
    return kill_host(cluster, others(cluster.primary())[0])


def replace_elsewhere(cluster: Cluster, lost: object) -> None:
    """Step 4 comes first."""
    shell, host = Shell(cluster), str(lost)
    cluster.move(host, ELSEWHERE)
    for one in (*WEB, *WORK):
        cluster.hosts[one].put("haproxy.cfg")
        shell.on(one, "systemctl reload haproxy")
    for one in others(host):
        cluster.hosts[one].put("patroni.yml")
        shell.on(one, "systemctl reload outcry-patroni")
    new_machine(shell, others(host)[0], host)
    forget_old_sentinel(shell, host)
