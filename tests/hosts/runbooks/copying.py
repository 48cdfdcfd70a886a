"""*Backup from a standby*, *Back from a copy of all files*."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.runbooks.common import STANDBY, open_site, others, stop_site
from tests.hosts.runbooks.etcd import begin_all_etcd, lead_alone, stop_patroni
from tests.hosts.runbooks.losing import all_journals
from tests.hosts.shell import Shell

COPY = r"""set -o pipefail                             # or half a copy looks like a whole one
pg_basebackup --dbname "host=10.0.0.12 user=replicator sslmode=verify-ca sslrootcert=/etc/outcry/hosts/ca.pem" \
  --checkpoint fast --format tar --wal-method fetch --pgdata - | age --recipient age1… > base.tar.age"""
CHECK = "set -o pipefail; age --decrypt --identity identity.txt base.tar.age | tar -t >/dev/null && echo whole"
UNPACK = """age --decrypt --identity identity.txt base.tar.age |
ssh root@data1 'runuser -u postgres -- tar -x -C /var/lib/postgresql/outcry'"""


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
    stop_site(shell)
    stop_patroni(shell, primary)
    for host in DATA:
        shell.on(host, "rm -rf /var/lib/postgresql/outcry")
    begin_all_etcd(shell)
    shell.on(first, "install -d -m 700 -o postgres -g postgres /var/lib/postgresql/outcry")
    # All hosts are this machine.
    shell.on(first, UNPACK, {**copy, "ssh root@data1": "bash -c"})
    lead_alone(shell, first)
    shell.until(first, "patronictl list", STANDBY, 2)
    own = {"<folder of all journals>": str(all_journals(cluster)), "<moment of the copy>": str(struck)}
    shell.on("work1", "outcry replay_journal <folder of all journals> '<moment of the copy>' --restored", own)
    open_site(shell)
