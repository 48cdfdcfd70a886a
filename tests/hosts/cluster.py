"""Three data hosts, two web hosts, two worker hosts and an edge, with a campaign; and people outside who sign through the edge."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

import psycopg
import redis
from pyrage import x25519

from deploy.hosts import fill
from tests.drill.behind import Behind
from tests.drill.load import Load
from tests.drill.site import MAKE_A_CAMPAIGN
from tests.drill.units import ROOT, wait_for
from tests.hosts import network, sweep
from tests.hosts.host import Host
from tests.keys import KEYS
from tests.smtp import Mailbox

CLOCK = ROOT / "tests/drill/clock"
ADDRESSES = {
    **{f"data{number}": f"{network.BEFORE}{10 + number}" for number in (1, 2, 3)},
    **{f"web{number}": f"{network.BEFORE}{20 + number}" for number in (1, 2)},
    **{f"work{number}": f"{network.BEFORE}{30 + number}" for number in (1, 2)},
    "edge1": f"{network.BEFORE}41",
}
# Where those are who sign, and the mail server; the second one is for those who are cut off together with a web host.
CLIENTS = {"client": f"{network.BEFORE}51", "inside": f"{network.BEFORE}52"}
DATA = tuple(name for name in ADDRESSES if name.startswith("data"))
RECOUNT = """
import django
django.setup()
from petitions import recount
for difference in [*recount.differences(), *recount.wrong_sums()]:
    print(difference)
"""
SIGNERS = int(os.environ.get("SIGNERS", "4"))
# Its PostgreSQL has a file system of its own, which can be filled; the clock of the other two can be set.
SMALL, CLOCKED = "data3", ("web2", "work2")


class Cluster:
    def __init__(self) -> None:
        self.folder = sweep.FOLDER
        self.mailbox = Mailbox(CLIENTS["client"])
        self.mailbox.port = 2525
        example = fill.values((ROOT / "deploy/hosts/hosts.env.example").read_text())
        self.known = {name: value or secrets.token_hex(24) for name, value in example.items()} | {
            f"OUTCRY_{host[:-1].upper()}_{host[-1]}": address for host, address in ADDRESSES.items()
        }
        # Never the machine's own watchdog.
        self.known |= {"OUTCRY_NETWORK": network.NETWORK, "OUTCRY_NAME": "localhost", "OUTCRY_WATCHDOG": "off"}
        self.metrics_token = secrets.token_hex(24)
        self.authority = self.folder / "tls/ca.pem"
        self.environment = self._environment()
        identity = x25519.Identity.generate()
        self.recipient, self.identity = identity.to_public(), self.folder / "identity.txt"
        self.secret = str(identity)
        self.clock = self.folder / "clock"
        set_by = {"PYTHONPATH": str(CLOCK), "OUTCRY_CLOCK": str(self.clock)}
        self.hosts = {
            name: Host(
                name, self.folder / name, self.known, {**self.environment, **(set_by if name in CLOCKED else {})}
            )
            for name in ADDRESSES
        }
        self.behind = Behind(self.rows)
        self.load = self.people()

    def _environment(self) -> dict[str, str]:
        return {
            **KEYS,
            **self._connections(),
            # The site's own key signs its days: a restore would refuse them, if another one was pinned.
            "SNAPSHOT_KEYS": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_STANDBYS": "2",
            "METRICS_TOKEN": self.metrics_token,
            "EMAIL_URL": f"smtp://{CLIENTS['client']}:{self.mailbox.port}",
            "SITE_URL": "http://localhost",
            "TRUSTED_PROXIES": network.NETWORK,
            "STATIC_ROOT": f"{self.folder}/static",
        }

    def _connections(self) -> dict[str, str]:
        """What of it names passwords of engines."""
        database = f"sslmode=verify-ca&sslrootcert={self.authority}"
        owner = f"postgres://outcry:{self.known['OUTCRY_OWNER_PASSWORD']}@127.0.0.1"
        return {
            "DATABASE_URL": f"{owner}:5000/outcry?{database}",
            "DATABASE_REPLICA_URL": f"{owner}:5001/outcry?{database}",
            "REDIS_URL": f"redis://outcry:{self.known['OUTCRY_VALKEY_PASSWORD']}@127.0.0.1:6379/0",
        }

    # Beginning and ending

    def start(self) -> None:
        """From nothing to a site that is ready; this thread is with the clients then."""
        sweep.sweep()
        self.folder.mkdir(parents=True)
        self.identity.write_text(self.secret)
        self.clock.write_text("0")
        network.build()
        for name, address in {**ADDRESSES, **CLIENTS}.items():
            network.add(name, address)
        network.enter("client")
        self.make_certificates("tls")
        for name, host in self.hosts.items():
            self.give_certificates(name)
            host.prepare()
            if name == SMALL:
                host.shrink("1g")
        self.mailbox.open()
        for name in DATA:
            self.hosts[name].start()
        wait_for(self.is_whole, 120, "three data hosts")
        self._manage("migrate", "--verbosity", "0")
        self._manage("collectstatic", "--noinput", "--verbosity", "0")
        self.python("-c", MAKE_A_CAMPAIGN)
        for name in [name for name in ADDRESSES if name not in DATA]:
            self.hosts[name].start()
        wait_for(self.is_ready, 90, "the site")
        self.behind.start()

    def make_certificates(self, folder: str) -> None:
        pairs = [f"{name}={address}" for name, address in {**ADDRESSES, "client": CLIENTS["client"]}.items()]
        subprocess.run([ROOT / "deploy/hosts/certificates.sh", self.folder / folder, *pairs], check=True)

    def change_secrets(self, folder: str, passwords: dict[str, str]) -> None:
        """The authority of that folder, and these passwords, in the files of all hosts but etcd.env. Nothing may run."""
        shutil.rmtree(self.folder / "tls")
        (self.folder / folder).rename(self.folder / "tls")
        # Theirs is the same.
        self.known |= passwords
        self.set_environment(**self._connections())
        for name, host in self.hosts.items():
            self.give_certificates(name)
            host.put(*(file for file in fill.FILES[host.kind] if file != "etcd.env"))
            host.own_files()

    def set_environment(self, **values: str) -> None:
        """In `outcry.env` of every host: what is begun from now on has it."""
        self.environment |= values
        for host in self.hosts.values():
            host.environment |= values

    def move(self, host: str, address: str) -> None:
        """Another machine of that name is at that address, with a certificate for it. The files of the others are as they were."""
        network.move(host, address)
        ADDRESSES[host] = self.hosts[host].address = address
        self.known[f"OUTCRY_{host[:-1].upper()}_{host[-1]}"] = address
        shutil.rmtree(self.folder / "tls" / host)
        self.make_certificates("tls")
        self.give_certificates(host)

    def give_certificates(self, host: str) -> None:
        shutil.copytree(self.folder / "tls" / host, self.hosts[host].folder / "tls", dirs_exist_ok=True)

    def stop(self) -> None:
        self.load.end()
        self.behind.end()
        with suppress(Exception):
            self.mailbox.close()
        for host in self.hosts.values():
            for service in host.services.values():
                service.is_ending.set()
        network.leave()
        sweep.sweep()

    def own_environment(self, database: str = "") -> dict[str, str]:
        """Of a command on a worker host; `database`: another one than the site's."""
        own = {"BACKUP_RECIPIENTS": str(self.recipient), "PYTHONUNBUFFERED": "1"}
        environment = {**os.environ, **self.environment, **own}
        for name in ("DATABASE_URL", "DATABASE_REPLICA_URL") if database else ():
            environment[name] = environment[name].replace("/outcry?", f"/{database}?")
        return environment

    def begin(
        self, host: str, environment: dict[str, str], arguments: tuple[str, ...], output: Any, error: Any
    ) -> subprocess.Popen[bytes]:
        command = [*network.within(host), sys.executable, *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=error
        )

    def _manage(self, *arguments: str) -> None:
        self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> str:
        """Where the clients are, at the primary itself."""
        primary = self.environment["DATABASE_URL"].replace("127.0.0.1:5000", f"{ADDRESSES[self.primary()]}:5432")
        environment = {**os.environ, **self.environment, "DATABASE_URL": primary, "DATABASE_REPLICA_URL": ""}
        done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # What it says of itself

    def rows(self, query: str) -> list[tuple]:
        with self._connect(
            "outcry", "OUTCRY_OWNER_PASSWORD", "outcry", options="-c statement_timeout=10s"
        ) as connection:
            return connection.execute(query).fetchall()

    def _connect(self, user: str, password: str, database: str, **more: Any) -> psycopg.Connection:
        """To whichever data host is written."""
        hosts = ",".join(ADDRESSES[name] for name in DATA)
        known = {"host": hosts, "dbname": database, "user": user, "password": self.known[password]}
        secure = {"sslmode": "verify-ca", "sslrootcert": str(self.authority)}
        patience = {"target_session_attrs": "read-write", "connect_timeout": 2, "tcp_user_timeout": 4000}
        return psycopg.connect(**known, **secure, **patience, **more)

    def as_superuser(self, statement: str) -> None:
        with self._connect("postgres", "OUTCRY_SUPERUSER_PASSWORD", "postgres", autocommit=True) as connection:
            connection.execute(statement)

    def postmaster(self, host: str) -> int:
        return int((self.hosts[host].folder / "state/postgresql/outcry/postmaster.pid").read_text().split("\n", 1)[0])

    def patroni(self, host: str, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """With the certificate and the password of somebody who may change something."""
        client = self.folder / "tls/client"
        context = ssl.create_default_context(cafile=str(self.authority))
        context.load_cert_chain(client / "host.pem", client / "host.key")
        connection = http.client.HTTPSConnection(ADDRESSES[host], 8008, timeout=30 if body else 3, context=context)
        word = base64.b64encode(f"patroni:{self.known['OUTCRY_PATRONI_PASSWORD']}".encode()).decode()
        try:
            connection.request(method, path, json.dumps(body) if body else None, {"Authorization": f"Basic {word}"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def members(self) -> dict[str, dict[str, Any]]:
        """By name, as the first data host that answers sees them."""
        return next((found for host in DATA if not self.hosts[host].is_cut and (found := self._seen_by(host))), {})

    def _seen_by(self, host: str) -> dict[str, dict[str, Any]]:
        """Empty when it does not answer."""
        with suppress(OSError, http.client.HTTPException, ValueError):
            return {
                member["name"]: member for member in json.loads(self.patroni(host, "GET", "/cluster")[1])["members"]
            }
        return {}

    def primary(self) -> str:
        """Its name; empty while there is none."""
        return next((name for name, member in self.members().items() if member["role"] == "leader"), "")

    def is_whole(self) -> bool:
        """Every data host streams, and a commit waits for one of the two others. All three say so: who was cut off knows for a while only
        how it was before."""
        standby = "quorum_standby" if self.is_synchronous() else "replica"
        right = [("leader", "running"), (standby, "streaming"), (standby, "streaming")]
        leaders = set()
        for host in DATA:
            members = self._seen_by(host)
            if sorted((member["role"], member["state"]) for member in members.values()) != right:
                return False
            leaders |= {name for name, member in members.items() if member["role"] == "leader"}
        return len(leaders) == 1

    def is_synchronous(self) -> bool:
        for host in [host for host in DATA if not self.hosts[host].is_cut]:
            with suppress(OSError, ValueError):
                return bool(json.loads(self.patroni(host, "GET", "/config")[1])["synchronous_mode"])
        return True

    def is_ready(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            return self.load.ask("GET", "/readyz")[0] == 200
        return False

    def valkey_roles(self) -> dict[str, str]:
        roles = {}
        client = self.folder / "tls/client"
        for host in DATA:
            with (
                suppress(redis.RedisError),
                redis.Redis(
                    host=ADDRESSES[host],
                    port=6379,
                    username="check",
                    password=self.known["OUTCRY_CHECK_PASSWORD"],
                    ssl=True,
                    ssl_ca_certs=str(self.authority),
                    ssl_certfile=str(client / "host.pem"),
                    ssl_keyfile=str(client / "host.key"),
                    socket_timeout=2,
                    socket_connect_timeout=2,
                ) as valkey,
            ):
                said = valkey.info("replication")
                roles[host] = f"{said['role']} {said.get('connected_slaves', 0)}"
        return roles

    def valkey_master(self) -> str:
        """Who has the role and is followed; empty while nobody is."""
        return next((host for host, role in self.valkey_roles().items() if role in ("master 1", "master 2")), "")

    def recounted(self) -> list[str]:
        """What differs between the figures that are kept and those that are counted anew: nothing."""
        return self.python("-c", RECOUNT).splitlines()

    # What is done to it

    def people(self, signers: int = SIGNERS, pause: float = 0.2, patience: float = 10) -> Load:
        def connect() -> http.client.HTTPConnection:
            return http.client.HTTPConnection(ADDRESSES["edge1"], 80, timeout=patience)

        return Load(connect, "localhost", "drill", self.mailbox, signers, pause)

    def insiders(self, web: str) -> Load:
        """Those who reach that web host alone; no mail reaches them."""
        context = ssl.create_default_context(cafile=str(self.authority))

        def connect() -> http.client.HTTPConnection:
            return http.client.HTTPSConnection(ADDRESSES[web], 8443, timeout=10, context=context)

        return Load(connect, "localhost", "drill", Mailbox(), SIGNERS)

    def switch_over(self, candidate: str | None = None) -> None:
        """Planned, as `patronictl switchover` does it."""
        primary = self.primary()
        body = {"leader": primary, **({"candidate": candidate} if candidate else {})}
        status, said = self.patroni(primary, "POST", "/switchover", body)
        assert status == 200, said

    def configure(self, **settings: Any) -> None:
        """What `patronictl edit-config` changes."""
        status, said = self.patroni(self.primary(), "PATCH", "/config", settings)
        assert status == 200, said

    def lost_web_hosts(self) -> list[str]:
        """As the edge's HAProxy says whenever it takes one out, since it was started."""
        return re.findall(r"Server web/(\w+) is DOWN", self.hosts["edge1"].log("haproxy").read_text())

    def set_right(self) -> None:
        network.heal(tuple(CLIENTS))
        for host in self.hosts.values():
            host.set_right()

    def wait_until_whole(self, seconds: float = 60) -> float:
        """Asks seldom: each look is work for the hosts that it waits for."""
        try:
            return wait_for(self.is_whole, seconds, "all data hosts", pause=0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.members()}") from error

    def apart(self) -> None:
        """The primary of PostgreSQL and the master of Valkey are on two hosts."""
        wait_for(lambda: "master 2" in self.valkey_roles().values(), 60, "Valkey's followers")
        if self.primary() == self.valkey_master():
            self.switch_over()
            self.wait_until_whole()
            time.sleep(2)
