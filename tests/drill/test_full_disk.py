"""The disk of the database is full: signing says so, nothing that was acknowledged is lost, and it goes on when there is room again."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from engines.postgres import PLAIN_USER
from tests.drill import account
from tests.drill.site import Site, running
from tests.drill.units import wait_for

log = logging.getLogger("drill")
SIZE = "500m"
# Seconds for which nobody makes room.
FULL = 5 if os.environ.get("DRILL") == "short" else 15


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder on a file system of SIZE of its own, in memory, where the engines of a site in `folder` keep their database."""
    if os.geteuid() != 0:
        pytest.fail("Only root may mount a small disk: run the drill as root, in a container say.")
    disk = Path(tempfile.mkdtemp(prefix="outcry-drill-", dir="/var/tmp"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "outcry-drill", disk], check=True)
    try:
        home = disk / "home"
        home.mkdir()
        shutil.chown(home, PLAIN_USER)
        (folder / "postgres-home").write_text(f"{home}\n")
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
        disk.rmdir()


def fill(folder: Path) -> Path:
    """Until there is no room for another byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    return filler


def need_room(site: Site) -> None:
    """PostgreSQL writes into files that it has already, until it wants a new one."""
    with suppress(psycopg.Error):
        for _ in range(10):
            site.rows("SELECT pg_switch_wal(), pg_logical_emit_message(false, 'drill', 'x')")


def readiness(site: Site) -> int:
    try:
        return site.load.ask("GET", "/readyz")[0]
    except OSError:
        return 0


def last(moments: dict[str, float]) -> float:
    return max(moments.values(), default=0.0)


def test_a_full_disk_stops_signing_and_loses_nothing(tmp_path):
    with small_disk(tmp_path) as disk, running(tmp_path) as site:
        site.load.start()
        wait_for(lambda: len(site.load.told.signed) > 20, 30, "signatures")
        filler = fill(disk)
        need_room(site)
        wait_for(lambda: readiness(site) == 503, 30, "an answer that says it is not ready")
        time.sleep(FULL)
        filler.unlink()
        # As systemd does with a PostgreSQL that has ended (deploy/systemd/comes-back.conf).
        site.begin_engines_again()
        freed = time.monotonic()
        signing = wait_for(lambda: last(site.load.told.signed) > freed, 60, "a signature after it")
        mailing = wait_for(lambda: last(site.load.told.confirmed) > freed, 60, "a mail after it")
        time.sleep(10)
        site.load.end()
        found = account.take(site, 120)
    log.warning("| the disk is full for %d s | %.1f | – | %.1f |", FULL, signing, mailing)
    log.warning("%s", found)
    assert found.balances()
    assert (signing < 5, mailing < 30) == (True, True)
