"""The primary is lost in the middle of a command on a worker host; given again, the command does the rest."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.drill.units import kill, wait_for
from tests.hosts.cluster import Cluster

AGAIN = "again"
# People who never confirmed, and whose mails are past: no other row of the drill looks at them.
ERASING = """
import sys, time
import django
django.setup()
from django.utils import timezone
from petitions import signing
from petitions.models import Petition
from tests import factories
for row in factories.signatures(Petition.objects.get(), 300, confirmed=False, mailed_at=timezone.now(), mail_due_at=None):
    signing.erase(row)
    print(row.pk, flush=True)
    time.sleep(0.05)
"""


class Command:
    """Runs until the primary is killed, some seconds after its first line; `lines`: what it said until then."""

    def __init__(self, cluster: Cluster, *arguments: str, seconds: float, database: str = "") -> None:
        self.arguments, self.environment = arguments, cluster.own_environment(database)
        self.output = cluster.folder / f"{arguments[0].strip('-')}.txt"
        self.error = Path(f"{self.output}.error")
        self.cluster, self.seconds = cluster, seconds

    def begin(self) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output, self.error.open("wb") as error:
            return self.cluster.begin("work1", self.environment, self.arguments, output, error)

    def strike(self) -> Command:
        process = self.begin()
        wait_for(lambda: self.output.stat().st_size or process.poll() is not None, 60, self.arguments[0])
        time.sleep(self.seconds)
        kill(self.cluster.postmaster(self.cluster.primary()))
        process.wait(60)
        assert process.returncode, "it ended before the primary did"
        return self

    def again(self) -> None:
        process = self.begin()
        process.wait(180)
        assert process.returncode == 0, self.error.read_text()[-300:]

    def lines(self) -> list[str]:
        return self.output.read_text().split()


def begin_anew(cluster: Cluster) -> None:
    """A row that was red may have left its database."""
    cluster.as_superuser(f"DROP DATABASE IF EXISTS {AGAIN} WITH (FORCE)")
    cluster.as_superuser(f"CREATE DATABASE {AGAIN} OWNER outcry TEMPLATE template0")


def migrate(cluster: Cluster) -> Command:
    """Into a database of its own, from nothing."""
    begin_anew(cluster)
    return Command(cluster, "manage.py", "migrate", seconds=3, database=AGAIN).strike()


def do_again(cluster: Cluster, command: object) -> None:
    assert isinstance(command, Command)
    command.again()
    cluster.as_superuser(f"DROP DATABASE {AGAIN} WITH (FORCE)")


def restore_again(cluster: Cluster, command: object) -> None:
    """Into another empty database, as the command asks for: the one before may have part of it."""
    begin_anew(cluster)
    do_again(cluster, command)


def erase(cluster: Cluster) -> Command:
    return Command(cluster, "-c", ERASING, seconds=2).strike()


def look_erased(cluster: Cluster, command: object) -> None:
    """Whom we told that nothing is left must not be there any more."""
    assert isinstance(command, Command)
    erased = command.lines()
    assert erased
    ids = ",".join(f"'{pk}'" for pk in erased)
    left = cluster.rows(f"SELECT count(*) FROM petitions_signature WHERE id IN ({ids}) AND erased_at IS NULL")[0][0]
    assert left == 0, f"{left} of {len(erased)} are not erased"


def backups(cluster: Cluster) -> Path:
    return cluster.folder / "backups"


def back_up(cluster: Cluster) -> None:
    """Sealed for an identity of this drill."""
    Command(cluster, "manage.py", "backup", str(backups(cluster)), seconds=0).again()


def restore(cluster: Cluster) -> Command:
    """Of what `back_up` made, into an empty database, under load."""
    (backup,) = backups(cluster).glob("*.age")
    begin_anew(cluster)
    arguments = ("restore", str(backup), "--identity", str(cluster.identity), "--without-journal")
    return Command(cluster, "manage.py", *arguments, seconds=1, database=AGAIN).strike()
