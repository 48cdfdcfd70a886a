"""Commands of docs/many-hosts.md, and of the pages that it sends to, given on a host of the rig as they stand there. Of systemctl: what it
does to a unit."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from functools import cache

from tests.drill.units import ROOT
from tests.hosts import network, sweep
from tests.hosts.cluster import DATA, Cluster
from tests.hosts.host import AS_POSTGRES

PAGE = ROOT / "docs/many-hosts.md"
PAGES = (PAGE, ROOT / "docs/operations.md", ROOT / "docs/keys.md")
UNITS = {"outcry-patroni": "patroni", "redis-server": "valkey", "redis-sentinel": "sentinel"}
# A command that waits for nobody.
LONGEST = 90


def plain(text: str) -> str:
    """Without how it is broken into lines."""
    return " ".join(text.replace("\\\n", " ").split())


@cache
def stands(command: str) -> bool:
    return any(plain(command) in plain(page.read_text()) for page in PAGES)


@cache
def bashrc() -> str:
    """What step 4 puts there."""
    (found,) = re.findall(r"```\n(\s*export ETCDCTL_API=.*?)```", PAGE.read_text(), re.DOTALL)
    return f"set -e\n{found}"


class Shell:
    """Root's, on any host. commands.log in the folder of the hosts has each command, and what it printed."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def on(self, host: str, command: str, own: dict[str, str] | None = None, typed: str = "", folder: str = "") -> str:
        """What it prints. `own`: what stands there instead of the page's example; `typed`: its input; `folder`: as postgres, there. Raises
        AssertionError where no page has such a command, or it fails."""
        assert stands(command), f"no page has: {command}"
        if own:
            assert all(example in command for example in own), command
            command = re.sub("|".join(map(re.escape, own)), lambda found: own[found[0]], command)
        self._note(f"{time.strftime('%T')} {host}: {command}\n")
        if command.startswith("systemctl "):
            self._systemctl(host, *command.split()[1:])
            return ""
        for there, here in self._places(host).items():
            command = command.replace(there, here)
        done = subprocess.run(
            [*network.within(host), *(AS_POSTGRES if folder else ()), "bash", "-c", f"{self._rc(host)}\n{command}"],
            cwd=folder or ROOT,
            env=self._environment(host),
            input=typed,
            stdout=subprocess.PIPE,
            # etcdctl says there who is healthy.
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
        )
        self._note(done.stdout)
        assert done.returncode == 0, f"{host}: {command}: {done.returncode}: {done.stdout.strip()[-300:]}"
        return done.stdout

    def until(
        self,
        host: str,
        command: str,
        said: str,
        times: int = 1,
        own: dict[str, str] | None = None,
        seconds: float = 60,
        typed: str = "",
    ) -> str:
        """Gives the command again until this pattern is in its answer, so often; one that fails has not said it yet. Gives that answer."""
        began = time.monotonic()
        while True:
            try:
                answer = self.on(host, command, own, typed)
                if len(re.findall(said, answer)) == times:
                    return answer
            except AssertionError as error:
                answer = str(error)
            late = f"{host}: {command}: not {times} × {said} within {seconds} s: {answer}"
            assert time.monotonic() - began < seconds, late
            time.sleep(1)

    def _note(self, text: str) -> None:
        with (self.cluster.folder / "commands.log").open("a") as log:
            log.write(text)

    @property
    def password(self) -> str:
        """What `sentinel` asks for."""
        return f"{self.cluster.known['OUTCRY_SENTINEL_PASSWORD']}\n"

    def _systemctl(self, host: str, verb: str, *units: str) -> None:
        one = self.cluster.hosts[host]
        assert verb in ("start", "stop", "restart", "enable", "reload"), verb
        for unit in units:
            name = UNITS.get(unit, unit)
            if unit == "--now":
                continue
            if verb == "reload" and name == "patroni":
                one.services[name].process.send_signal(signal.SIGHUP)
                continue
            # HAProxy is begun again instead, which is harder on whoever is connected.
            if verb in ("stop", "restart", "reload") and name in one.services:
                one.stop(name)
            if verb in ("start", "restart", "reload", "enable"):
                one.begin_again(name)

    def _places(self, host: str) -> dict[str, str]:
        folder = self.cluster.folder / host
        places = {
            "/etc/default/etcd": f"{folder}/etcd.env",
            "/etc/redis/redis.conf": f"{folder}/valkey.conf",
            "/etc/redis/sentinel.conf": f"{folder}/sentinel.conf",
            "/etc/outcry/hosts/patroni.yml": f"{folder}/patroni.yml",
            "/etc/outcry/hosts": f"{folder}/tls" if host in self.cluster.hosts else f"{self.cluster.folder}/tls/{host}",
            "/opt/patroni": str(sweep.HOME / "patroni"),
            "/var/lib/": f"{folder}/state/",
        }
        # etcd and Redis have no users of their own here.
        return {**places, "-o etcd -g etcd": "-o postgres -g postgres", "chown redis:": "chown postgres:"}

    def _rc(self, host: str) -> str:
        if host not in DATA:
            return f'set -e\noutcry() {{ {sys.executable} manage.py "$@"; }}'
        text = bashrc()
        for there, here in self._places(host).items():
            text = text.replace(there, here)
        return text

    def _environment(self, host: str) -> dict[str, str]:
        state = self.cluster.folder / host / "state"
        if host in self.cluster.hosts and host not in DATA:
            return {
                **self.cluster.own_environment(),
                "JOURNAL_PATH": f"{state}/journal",
                "METRICS_DIR": f"{state}/metrics",
            }
        return {**os.environ, "HOME": str(state), "PGHOST": str(state)}
