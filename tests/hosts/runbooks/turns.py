"""*Upgrade host by host*: packages, kernel."""

from __future__ import annotations

from tests.drill.units import wait_for
from tests.hosts.cluster import Cluster
from tests.hosts.runbooks.common import STANDBY, others
from tests.hosts.shell import Shell


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
