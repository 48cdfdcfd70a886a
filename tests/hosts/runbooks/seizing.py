"""*A host is seized*: a data host; a web host and a worker host, which have the site's keys too."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

from tests.drill.units import wait_for
from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.faults import cut_host, power_on
from tests.hosts.runbooks.common import SITE, STANDBY, leader, others, start_site, web_of, workers_of
from tests.hosts.runbooks.replacing import FOLLOW, WATCH, new_machine, remove_member
from tests.hosts.shell import Shell

# Whose password is which of hosts.env.
ROLES = {"outcry": "OWNER", "replicator": "REPLICATION", "rewinder": "REWIND", "postgres": "SUPERUSER"}


def seize_primary(cluster: Cluster) -> str:
    """Every firewall is closed to it: a part of step 1."""
    return cut_host(cluster, cluster.primary())


def seize(host: str) -> Callable[[Cluster], str]:
    return lambda cluster: cut_host(cluster, host)


def data_host_seized(cluster: Cluster, struck: object) -> None:
    shell, seized = Shell(cluster), str(struck)
    left = others(seized)
    remove_member(shell, left[0], seized)
    shell.until(left[0], "patronictl list", leader(*left))
    primary = cluster.primary()
    new = change_passwords(shell, primary)
    end_all(shell, [*others(seized, primary), primary], SITE)
    cluster.change_secrets("tls-new", new)
    let_be_master(shell, primary, others(seized, primary))
    begin_all(shell, [primary, *others(seized, primary)], SITE)
    cluster.hosts[seized].kill()
    new_machine(shell, primary, seized)


def site_host_seized(cluster: Cluster, struck: object) -> None:
    """A web host or a worker host: the site's keys change too, while nothing runs."""
    shell, seized = Shell(cluster), str(struck)
    left = tuple(host for host in SITE if host != seized)
    primary = cluster.primary()
    new = change_passwords(shell, primary)
    end_all(shell, [*others(primary), primary], left)
    cluster.hosts[seized].kill()
    cluster.change_secrets("tls-new", new)
    field_key = change_keys(cluster)
    begin_all(shell, [primary, *others(primary)], left)
    shell.until("work1", "outcry encrypt_anew", r"\b0 changed")
    shell.on("work1", "outcry hash_anew")
    cluster.set_environment(FIELD_KEYS=field_key)
    for host in web_of(left):
        shell.on(host, "systemctl restart outcry-web")
    for host in workers_of(left):
        shell.on(host, "systemctl restart outcry-workers")
    power_on(cluster, seized)


def change_passwords(shell: Shell, primary: str) -> dict[str, str]:
    """Steps 2 and 3. Gives the new ones."""
    cluster = shell.cluster
    new = {name: secrets.token_hex(24) for name in cluster.known if name.endswith("_PASSWORD")}
    cluster.make_certificates("tls-new")
    shell.until(primary, "patronictl list", f"{STANDBY}.*streaming", len(there(cluster)) - 1)
    typed = "".join(f"ALTER ROLE {role} PASSWORD '{new[f'OUTCRY_{name}_PASSWORD']}';\n" for role, name in ROLES.items())
    shell.on(primary, "runuser -u postgres -- psql --set HISTFILE=/dev/null", typed=typed)
    return new


def there(cluster: Cluster) -> list[str]:
    return [host for host in DATA if not cluster.hosts[host].is_cut]


def end_all(shell: Shell, data: list[str], site: tuple[str, ...]) -> None:
    """`data`: the primary last; `site`: web and worker hosts."""
    for host in web_of(site):
        shell.on(host, "systemctl stop outcry-web haproxy")
    for host in workers_of(site):
        shell.on(host, "systemctl stop outcry-workers haproxy")
    shell.on("edge1", "systemctl stop haproxy")
    for host in data:
        shell.on(host, "systemctl stop redis-sentinel redis-server outcry-patroni")
    for host in data:
        shell.on(host, "systemctl stop etcd")


def let_be_master(shell: Shell, master: str, others: list[str]) -> None:
    """In place of data1, of Valkey."""
    found = {"<the Valkey master>": ADDRESSES[master]}
    shell.on(master, "sed -i '/^replicaof /d' /etc/redis/redis.conf")
    for host in others:
        shell.on(host, FOLLOW, found)
    for host in (master, *others):
        shell.on(host, WATCH, found)


def begin_all(shell: Shell, data: list[str], site: tuple[str, ...]) -> None:
    """Step 5; `data`: the former primary first; `site`: web and worker hosts."""
    for host in data:
        shell.on(host, "systemctl start etcd")
    for host in data:
        shell.on(host, "systemctl start outcry-patroni")
    for host in data:
        shell.on(host, "systemctl start redis-server redis-sentinel")
    for host in (*site, "edge1"):
        shell.on(host, "systemctl start haproxy")
    start_site(shell, site)
    wait_for(shell.cluster.is_ready, 60, "the site")


def change_keys(cluster: Cluster) -> str:
    """Those of the site, on all of its hosts. Gives the new one of FIELD_KEYS, whose old one is still needed."""
    field_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    known = cluster.environment
    cluster.set_environment(
        FIELD_KEYS=f"{field_key},{known['FIELD_KEYS']}",
        HASH_KEYS=f"{known['HASH_KEYS']},2:{secrets.token_hex(32)}",
        SECRET_KEY=secrets.token_hex(32),
        METRICS_TOKEN=secrets.token_hex(24),
    )
    return field_key
