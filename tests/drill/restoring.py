"""`make drill-restore`: a site under load is backed up; people take things back; its database is lost with all its files; and it comes
back. Prints what was lost for how long (RPO, RTO), and ends with 1 when anything is not as it should be.

Everything is scratch: engines, folders and keys are made for this run and go with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from pyrage import x25519

from engines.postgres import wheel
from tests.drill.site import Site, run, running
from tests.drill.units import ROOT, command, wait_for

SIGNATURES = int(os.environ.get("SIGNATURES", "20000"))
# Seconds of load before the backup and after it.
BEFORE, AFTER = 12, 12
DJANGO = "import django\ndjango.setup()\n"
MANY = f"""{DJANGO}
from petitions.models import Petition
from tests import factories
for start in range(0, {SIGNATURES}, 5000):
    factories.signatures(Petition.objects.get(), min(5000, {SIGNATURES} - start))
"""
# Of rows that the backup knows: each verb for five people; and somebody whose row is younger than it.
TAKE_BACK = f"""{DJANGO}
import sys
from petitions import caps, signing, suppression
from petitions.models import Signature
from tests import factories
rows = list(Signature.objects.counting().filter(confirmed_at__lt=sys.argv[1]).order_by("pk")[:20])
for row in rows[:5]:
    signing.erase(row)
for row in rows[5:10]:
    signing.withdraw(row)
Signature.objects.filter(pk__in=[row.pk for row in rows[10:]]).update(show_name_at=rows[0].signed_at, updates_at=rows[0].signed_at)
signing.hide(Signature.objects.filter(pk__in=[row.pk for row in rows[10:15]]))
signing.unsubscribe(Signature.objects.filter(pk__in=[row.pk for row in rows[15:]]))
young = factories.signature(rows[0].petition, confirmed=False)
caps.note(young)
suppression.suppress(young.pk)
print(*[row.pk for row in rows])
"""
STATES = """
SELECT count(*) FILTER (WHERE erased_at IS NOT NULL), count(*) FILTER (WHERE withdrawn_at IS NOT NULL),
       count(*) FILTER (WHERE counts) FROM petitions_signature WHERE id = ANY(%s::uuid[])
"""


class Wrong(Exception):
    """Something is not as it should be."""


def expect(what: str, found: object, wanted: object) -> None:
    print(f"  {'ok' if found == wanted else 'WRONG'}: {what}: {found}")
    if found != wanted:
        raise Wrong(f"{what}: {found}, not {wanted}")


def manage(site: Site, *arguments: str) -> str:
    return do(site, sys.executable, "manage.py", *arguments)


def do(site: Site, *words: str) -> str:
    environment = {**os.environ, **site.environment}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Wrong(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def take_back(site: Site, before: datetime) -> list[str]:
    """The ids of the signatures that people took back; returns when the journal has them all."""
    done = subprocess.run(
        [sys.executable, "-c", TAKE_BACK, before.isoformat()],
        cwd=ROOT,
        env={**os.environ, **site.environment},
        check=True,
        capture_output=True,
        text=True,
    )
    folder = Path(site.environment["JOURNAL_PATH"])
    lag = wait_for(lambda: any("not me" in path.read_text() for path in folder.glob("*")), 30, "the journal")
    print(f"  the journal had all of it {lag:.1f} s later")
    return done.stdout.split()


def lose(site: Site) -> None:
    """The machine of the database burns down; another one, empty, gets its address."""
    site.load.end()
    site.kill_postgres()
    site.engines.postgres.remove()
    site.engines.postgres.start()


def drill(site: Site, folder: Path) -> None:
    run(site.environment, "-c", MANY)
    site.load.start()
    time.sleep(BEFORE)
    began = time.monotonic()
    print(do(site, *command("outcry-backup", {"/var/backups/outcry": str(folder / "backups")})).strip())
    print(f"  written in {time.monotonic() - began:.1f} s, while people signed")
    (backup,) = (folder / "backups").glob("*.age")
    taken_at = datetime.strptime(backup.stem, "outcry-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    taken_back = take_back(site, taken_at)
    time.sleep(AFTER)
    mails_before = Counter(envelope.rcpt_tos[0] for envelope in site.mailbox.received)
    print("The database is lost.")
    lost_at = datetime.now(UTC)
    lose(site)
    began = time.monotonic()
    print(manage(site, "restore", str(backup), "--identity", str(folder / "identity")).strip())
    look_closed(site)
    manage(site, "open")
    wait_for(site.is_ready, 60, "/readyz")
    rto = time.monotonic() - began
    look_open(site, taken_back, mails_before)
    print(
        f"RPO {(lost_at - taken_at).total_seconds():.0f} s (the age of the backup), of what people took back at most seconds"
    )
    print(f"RTO {rto:.0f} s for {backup.stat().st_size:,} bytes, {SIGNATURES:,} signatures and those of the load")


def look_closed(site: Site) -> None:
    wait_for(lambda: site.load.ask("GET", "/c/drill/")[0] == 503, 5, "the closed site")
    expect("/readyz while it is closed", site.load.ask("GET", "/readyz")[0], 503)


def look_open(site: Site, taken_back: list[str], mails_before: Counter[str]) -> None:
    ids = "{" + ",".join(taken_back) + "}"
    expect("erased, withdrawn, counting, of 20", site.rows(STATES.replace("%s", f"'{ids}'"))[0], (5, 10, 10))
    shown = "SELECT count(*) FROM petitions_signature WHERE show_name_at IS NOT NULL OR updates_at IS NOT NULL"
    expect(
        "names shown or news wanted by those who said no", site.rows(f"{shown} AND id = ANY('{ids}'::uuid[])")[0][0], 0
    )
    expect("mailboxes to be left alone", site.rows("SELECT count(*) FROM petitions_suppression")[0][0], 1)
    site.load.sign()
    address = list(site.load.told.signed)[-1]
    wait_for(lambda: address in mailed(site), 30, "the mail of a new signature")
    time.sleep(5)
    twice = [
        to for to, number in mailed(site).items() if number > 1 or (to in mails_before and number != mails_before[to])
    ]
    expect("mails that went twice", len(twice), 0)


def mailed(site: Site) -> Counter[str]:
    return Counter(envelope.rcpt_tos[0] for envelope in site.mailbox.received)


def main() -> int:
    os.environ["PATH"] = f"{wheel() / 'pginstall/bin'}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="outcry-drill-") as name:
        folder = Path(name)
        identity = x25519.Identity.generate()
        (folder / "identity").write_text(str(identity))
        environment = {
            "BACKUP_RECIPIENTS": str(identity.to_public()),
            # This site's days are signed with a key of its own, which nobody has pinned.
            "SNAPSHOT_KEYS": "",
        }
        try:
            with running(folder, **environment) as site:
                drill(site, folder)
        except (Wrong, AssertionError) as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
