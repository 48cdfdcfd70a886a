"""One host: the files of deploy/hosts, filled in for it, and the services that they are for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from deploy.hosts import fill
from tests import nginx
from tests.drill.units import Service, Unit
from tests.hosts import network, sweep

PATRONI = sweep.HOME / "patroni/bin/patroni"
AS_POSTGRES = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--")


def valkey() -> str:
    """Valkey where the distribution has it, Redis elsewhere; with TLS, which the wheel lacks."""
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    assert found, "tests/hosts/install.sh installs it"
    return found


class Host:
    """`environment`: of the site's own processes. Its files lie in `folder`, its certificates in `folder`/tls."""

    def __init__(self, name: str, folder: Path, known: dict[str, str], environment: dict[str, str]) -> None:
        self.name, self.folder, self.known, self.environment = name, folder, known, environment
        self.kind, self.address = name.rstrip("0123456789"), known[f"OUTCRY_{name[:-1].upper()}_{name[-1]}"]
        self.services: dict[str, Service] = {}
        self.is_cut = False

    def own(self) -> dict[str, str]:
        """The values of its files."""
        state = f"{self.folder}/state"
        places = {"OUTCRY_CERTIFICATES": f"{self.folder}/tls", "OUTCRY_FILES": str(self.folder)}
        return {**self.known, **places, "OUTCRY_STATE": state, "OUTCRY_RUN": state}

    def put(self, *names: str) -> None:
        """Some of its files anew; they stay whose they are."""
        for name in names:
            text = fill.filled((fill.HERE / name).read_text(), fill.of_host(self.own(), self.name))
            (self.folder / name).write_text(text)

    def prepare(self) -> None:
        fill.write(self.own(), self.name, self.folder)
        for name in ("etcd", "postgresql", "valkey", "journal", "metrics"):
            (self.folder / "state" / name).mkdir(parents=True, exist_ok=True)
        self.own_files()
        if self.kind == "data":
            for name in ("etcd", "postgresql"):
                (self.folder / "state" / name).chmod(0o700)

    def own_files(self) -> None:
        """Those of a data host belong to who runs its engines."""
        for path in (self.folder, *self.folder.rglob("*")) if self.kind == "data" else ():
            shutil.chown(path, "postgres", "postgres")

    def renew(self) -> None:
        """Another machine in its place, which has nothing yet. After `kill`."""
        for name in ("etcd", "postgresql", "valkey"):
            folder = self.folder / "state" / name
            subprocess.run(["find", folder, "-mindepth", "1", "-delete"], check=True)
        self.prepare()

    def shrink(self, size: str) -> None:
        """PostgreSQL gets a file system of that size, in memory. Before it is started."""
        folder = self.folder / "state/postgresql"
        options = f"size={size},mode=0700,uid={folder.stat().st_uid},gid={folder.stat().st_gid}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "outcry-hosts", folder], check=True)

    def start(self) -> None:
        """All of its services, as after its power came back."""
        self.services = {service.name: service.start() for service in getattr(self, f"_{self.kind}")()}

    def begin_again(self, name: str) -> None:
        """One service that was ended for good."""
        self.services[name] = next(one for one in getattr(self, f"_{self.kind}")() if one.name == name).start()

    def _service(
        self, name: str, *command: str, environment: dict[str, str] | None = None, whole: bool = True
    ) -> Service:
        user = AS_POSTGRES if self.kind == "data" else ()
        return Service(
            name,
            [*network.within(self.name), *user, *command],
            {"HOME": str(self.folder / "state"), **(environment or {})},
            self.log(name),
            whole=whole,
        )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _data(self) -> list[Service]:
        # systemd takes the quotes away that etcdctl prints.
        etcd = {name: value.strip('"') for name, value in fill.values((self.folder / "etcd.env").read_text()).items()}
        return [
            self._service("etcd", "/usr/bin/etcd", environment=etcd),
            # outcry-patroni.service says KillMode=process.
            self._service("patroni", str(PATRONI), str(self.folder / "patroni.yml"), whole=False),
            self._service("valkey", valkey(), str(self.folder / "valkey.conf")),
            self._service("sentinel", valkey(), str(self.folder / "sentinel.conf"), "--sentinel"),
        ]

    def _haproxy(self, file: str) -> Service:
        return self._service("haproxy", "/usr/sbin/haproxy", "-db", "-f", str(self.folder / file))

    def _unit(self, name: str, **more: str) -> Unit:
        state = self.folder / "state"
        own = {"JOURNAL_PATH": str(state / "journal"), "METRICS_DIR": str(state / "metrics")}
        environment = {**self.environment, **own, **more}
        return Unit(name, environment, self.log(name), network.within(self.name))

    def _web(self) -> list[Service]:
        tls = self.folder / "tls"
        listening = {"GRANIAN_HOST": self.address, "GRANIAN_PORT": "8443"}
        certified = {"GRANIAN_SSL_CERTIFICATE": str(tls / "host.pem"), "GRANIAN_SSL_KEYFILE": str(tls / "host.key")}
        return [self._haproxy("haproxy.cfg"), self._unit("outcry-web", **listening, **certified)]

    def _work(self) -> list[Service]:
        workers = self._unit("outcry-workers")
        workers.command += ["--metrics", "127.0.0.1:9101"]
        return [self._haproxy("haproxy.cfg"), workers]

    def _edge(self) -> list[Service]:
        values = {
            "OUTCRY_ORIGIN": "127.0.0.1:8000",
            "OUTCRY_BESIDE": "127.0.0.1:8001",
            "OUTCRY_STATIC": self.environment["STATIC_ROOT"],
            "OUTCRY_LISTEN": f"{self.address}:80",
            "OUTCRY_PLAIN": "127.0.0.1:81",
            "OUTCRY_NAME": "localhost",
        }
        # Visitors come through somebody who says who they are, as docs/operations.md has it for a CDN.
        real = f"set_real_ip_from {network.NETWORK};\nreal_ip_header X-Forwarded-For;\n"
        path = nginx.write(self.folder / "nginx", values, real)
        return [
            self._haproxy("edge.cfg"),
            self._service("nginx", "/usr/sbin/nginx", "-c", str(path), "-p", str(path.parent)),
        ]

    def end(self, name: str) -> None:
        """One service is killed, and stays away until `begin_again`."""
        self.services[name].kill()

    def stop(self, name: str) -> None:
        """As systemd does it: it is told to end, and killed after TimeoutStopSec."""
        self.services[name].stop(60)

    def reboot(self) -> None:
        """In the order of systemd: what was started last ends first."""
        for name in reversed(self.services):
            self.stop(name)
        self.start()

    def kill(self) -> None:
        """Power off: nothing is told to end, and nothing answers."""
        for service in self.services.values():
            service.is_ending.set()
        network.empty(network.PREFIX + self.name)
        for service in self.services.values():
            service.thread.join(20)

    def cut(self) -> None:
        network.cut(self.name)
        self.is_cut = True

    def join(self) -> None:
        network.join(self.name)
        self.is_cut = False

    def set_right(self) -> None:
        """On, and joined to the others, whatever it was."""
        if self.is_cut:
            self.join()
        for name, service in list(self.services.items()):
            if service.is_ending.is_set():
                self.begin_again(name)
