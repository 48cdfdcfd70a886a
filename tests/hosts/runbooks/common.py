"""What every recovery needs: who is left, what shows that all is well, the site begun again."""

from __future__ import annotations

from tests.drill.units import wait_for
from tests.hosts.cluster import ADDRESSES, DATA, Cluster
from tests.hosts.shell import Shell

WEB, WORK = ("web1", "web2"), ("work1", "work2")
SITE = (*WEB, *WORK)
# A line of `patronictl list`.
STANDBY = r"\| Quorum Standby "
# What the admin's action does.
SEND_AGAIN = """
import django
django.setup()
from django.utils import timezone
from petitions.models import Signature
Signature.objects.uncertain().update(mail_attempts=0, mail_due_at=timezone.now())
"""


def others(*hosts: str) -> list[str]:
    return [host for host in DATA if host not in hosts]


def leader(*hosts: str) -> str:
    """A line of `patronictl list`: one of them leads. One that is gone is still said to lead for a while."""
    return rf"({'|'.join(ADDRESSES[host] for host in hosts)}) \| Leader "


def web_of(site: tuple[str, ...]) -> list[str]:
    return [host for host in site if host in WEB]


def workers_of(site: tuple[str, ...]) -> list[str]:
    return [host for host in site if host in WORK]


def every_day(cluster: Cluster, _: object = None) -> None:
    """What the page has people look at each day says that all is well."""
    shell = Shell(cluster)
    shell.until("data1", "patronictl list", STANDBY, 2)
    shell.until("data1", "etcdctl endpoint health --cluster", "is healthy", 3)
    for host in DATA:
        shell.until(host, "sentinel ckquorum outcry", "OK 3 usable Sentinels", typed=shell.password)
    shell.until("data1", "patronictl show-config | grep strict", "true")


def stop_site(shell: Shell) -> None:
    for host in WEB:
        shell.on(host, "systemctl stop outcry-web")
    for host in WORK:
        shell.on(host, "systemctl stop outcry-workers")


def start_site(shell: Shell, site: tuple[str, ...] = SITE) -> None:
    """`site`: web and worker hosts that are there."""
    for host in workers_of(site):
        shell.on(host, "systemctl start outcry-workers")
    for host in web_of(site):
        shell.on(host, "systemctl start outcry-web")


def open_site(shell: Shell) -> None:
    """After a restore, and with the mails that staff send again."""
    shell.on("work1", "outcry check")
    start_site(shell)
    shell.on("work1", "outcry open")
    shell.cluster.python("-c", SEND_AGAIN)
    wait_for(shell.cluster.is_ready, 60, "the site")
