"""*Two of three data hosts are lost*, *All three data hosts are lost*."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.drill.units import wait_for
from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.faults import kill_all_data, kill_host
from tests.hosts.runbooks.common import STANDBY, WORK, every_day, leader, open_site, others, stop_site
from tests.hosts.runbooks.etcd import etcd_of_one
from tests.hosts.runbooks.replacing import new_machine
from tests.hosts.shell import Shell

RESTORE = (
    "outcry restore /var/lib/outcry/in/outcry-….age --identity /var/lib/outcry/in/identity.txt"
    " --journal /var/lib/outcry/journal"
)
# Somebody who never confirmed, and whose mail is past: the account does not look for them.
SOMEBODY = """
import django
django.setup()
from django.utils import timezone
from petitions.models import Petition
from tests import factories
(row,) = factories.signatures(Petition.objects.get(), 1, confirmed=False, mailed_at=timezone.now(), mail_due_at=None)
print(row.pk)
"""
ERASE = """
import sys
import django
django.setup()
from petitions import signing
from petitions.models import Signature
signing.erase(Signature.objects.get(pk=sys.argv[1]))
"""


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


@dataclass(frozen=True)
class Lost:
    """`erased`: somebody of the backup who was erased after it, as the journals say."""

    backup: Path
    erased: str


def back_up_and_lose_all(cluster: Cluster) -> Lost:
    """People go on signing after the backup."""
    folder = cluster.folder / "backups"
    erased = cluster.python("-c", SOMEBODY).strip()
    Shell(cluster).on("work1", "outcry backup", {"outcry backup": f"outcry backup {folder}"})
    cluster.python("-c", ERASE, erased)
    wait_for(lambda: any(all_journals(cluster).iterdir()), 90, "the journal")
    kill_all_data(cluster)
    (backup,) = folder.glob("*.age")
    return Lost(backup, erased)


def begin_anew(cluster: Cluster, struck: object) -> None:
    assert isinstance(struck, Lost)
    shell = Shell(cluster)
    stop_site(shell)
    for host in DATA:
        cluster.hosts[host].renew()
        cluster.hosts[host].join()
    for host in DATA:
        shell.on(host, "systemctl enable --now etcd")
    shell.until("data1", "etcdctl endpoint status --cluster -w table", r"https://.*\| +(true|false) \|", 3)
    for host in DATA:
        shell.on(host, "systemctl enable --now outcry-patroni redis-server redis-sentinel")
    shell.until("data1", "patronictl list", STANDBY, 2)
    own = {
        "/var/lib/outcry/in/outcry-….age": str(struck.backup),
        "/var/lib/outcry/in/identity.txt": str(cluster.identity),
        "/var/lib/outcry/journal": str(all_journals(cluster)),
    }
    shell.on("work1", RESTORE, own)
    open_site(shell)


def look_erased(cluster: Cluster, struck: object) -> None:
    assert isinstance(struck, Lost)
    every_day(cluster)
    left = cluster.rows(f"SELECT count(*) FROM petitions_signature WHERE id = '{struck.erased}' AND erased_at IS NULL")
    assert left == [(0,)], "somebody who was erased is back"


def all_journals(cluster: Cluster) -> Path:
    """Of every worker host."""
    for host in WORK:
        shutil.copytree(cluster.hosts[host].folder / "state/journal", cluster.folder / "journals", dirs_exist_ok=True)
    return cluster.folder / "journals"
