"""`python -m demo [--reset] [--port N]`: everything that a site needs, on this machine, until it is interrupted."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import psycopg
import redis

from demo import campaigns, marker, secrets
from demo.processes import ROOT, Failed, Processes
from engines import EngineError, Engines

HOME = ROOT / "var" / "demo"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GIVEN = ("DATABASE_URL", "REDIS_URL", "X_API_BASE")


class Interrupted(Exception):
    """Ctrl-C, or a polite kill."""


def say(text: str) -> None:
    print(text, flush=True)


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose one from 1024 to 65534")
    return int(text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    parser.add_argument("--port", type=port_number, default=os.environ.get("PORT") or "8000")
    options = parser.parse_args()
    for number in ENDING:
        signal.signal(number, _interrupt)
    engines = Engines(HOME.parent, "demo")
    processes = None
    try:
        _port_is_free(options.port)
        environment = _engines(engines, options.reset)
        processes = Processes(_environment(environment, options.port), HOME / "logs")
        _start(processes, options.port)
        while True:
            time.sleep(1)
            _mend(engines, processes)
    except Interrupted:
        say("\nEnding.")
        return 0
    except (Failed, EngineError, marker.NotOurs, psycopg.Error, redis.RedisError, ValueError) as error:
        say(f"The demo can't run: {' '.join(str(error).split())}")
        return 2
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        if processes:
            processes.stop()
        engines.stop()


def _mend(engines: Engines, processes: Processes) -> None:
    try:
        for name in (*engines.mend(), *processes.mend()):
            say(f"{name} had ended: it runs again.")
    except EngineError as error:
        say(f"It can't be begun again yet: {error}")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def _port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failed(f"port {port} is in use; choose another one: make demo PORT={port + 1}") from error


def _engines(engines: Engines, reset: bool) -> dict[str, str]:
    """The addresses of database and Valkey: given ones, checked to be ours, else private ones."""
    environment = {name: os.environ[name] for name in GIVEN if os.environ.get(name)}
    if "DATABASE_URL" not in environment:
        if reset:
            say("Throwing the demo's data away …")
            engines.postgres.start()  # fails when another demo runs on it
            engines.postgres.stop()
            engines.postgres.remove()
        say("Starting PostgreSQL …")
        environment["DATABASE_URL"] = engines.postgres.start()
    elif reset:
        marker.empty_database(environment["DATABASE_URL"])
    if reset:
        for name in ("mail", "logs", "simulator.json"):
            path = HOME / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    marker.claim_database(environment["DATABASE_URL"])
    marker.check_release(environment["DATABASE_URL"], ROOT)
    if "REDIS_URL" not in environment:
        say("Starting Valkey …")
        environment["REDIS_URL"] = engines.valkey.start()
    marker.claim_valkey(environment["REDIS_URL"], afresh=reset)
    return environment


def _environment(engines: dict[str, str], port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "demo.settings",
        **secrets.load(HOME / "secrets"),
        **{
            name: os.environ[name]
            for name in ("X_BEARER_TOKEN", "X_CLIENT_ID", "X_CLIENT_SECRET")
            if os.environ.get(name)
        },
        "SITE_URL": f"http://localhost:{port}",
        "EMAIL_URL": f"filemail://{HOME / 'mail'}",
        "LOG_FORMAT": "text",
        "ORGANISATION": os.environ.get("ORGANISATION") or "Outcry demo",
        "CONTACT": os.environ.get("CONTACT") or "demo@example.org",
        "X_POLL_SECONDS": "5",
        "X_POSTS_PER_DAY": "500",
        "DEMO_EPOCH": _epoch(),
        **engines,
    }


def _epoch() -> str:
    """Since when the simulator's posts exist, five days at first: noted, so that they are the same after a restart."""
    note = HOME / "simulator.json"
    if not note.exists():
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"epoch": (datetime.now(UTC) - timedelta(days=5)).isoformat(timespec="seconds")}))
    epoch: str = json.loads(note.read_text())["epoch"]
    return epoch.replace("+00:00", "Z")


def _start(processes: Processes, port: int) -> None:
    environment = processes.environment
    if not environment.get("X_API_BASE"):
        simulator = _free_port()
        environment["X_API_BASE"] = f"http://localhost:{simulator}"
        _start_simulator(processes, simulator)
    say("Preparing the database …")
    processes.run("migrate", "manage.py", "migrate", "--verbosity", "0")
    processes.run("collect static files", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    say("Loading the demo campaigns (16,000 signatures at the first start) …")
    processes.seed()
    say("Starting web server, worker and beat …")
    processes.start_site(port)
    _tell(environment, port)


def _start_simulator(processes: Processes, port: int) -> None:
    environment = processes.environment
    example = campaigns.EXAMPLE
    processes.start(
        "simulator", "-m", "xsim", "--port", str(port), "--bearer", environment["X_BEARER_TOKEN"], "--query", f"#{example.hashtag}",
        "--target", example.handle, "--target-id", "990001", "--mention", f"@{example.handle} #{example.hashtag}",
        "--epoch", environment["DEMO_EPOCH"], "--rate", "0.3", "--first-answer", str(2 * 86_400), "--answer-every", str(4 * 86_400),
        "--client-id", environment["X_CLIENT_ID"], "--client-secret", environment["X_CLIENT_SECRET"],
    )  # fmt: skip
    processes.wait_for(f"http://127.0.0.1:{port}/_sim/bill", "simulator")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tell(environment: dict[str, str], port: int) -> None:
    site = environment["SITE_URL"]
    say(f"""
Outcry runs. Ctrl-C ends it; the data stays (make demo-reset starts afresh).

  The campaigns    {site}/
  A live one       {site}/c/{campaigns.EXAMPLE.slug}/
  Its progress     {site}/c/{campaigns.EXAMPLE.slug}/progress/
  A closed one     {site}/c/{campaigns.BAHRAIN}/
  Mails            {Path(environment["EMAIL_URL"].removeprefix("filemail://"))}
  Staff            {site}/admin/
                   e-mail         {campaigns.STAFF}
                   password       {environment["DEMO_STAFF_PASSWORD"]}
                   second factor  {environment["DEMO_TOTP_SECRET"]} (for an authenticator app)
                   a code for now {campaigns.code(environment["DEMO_TOTP_SECRET"])}
  X simulator      {environment["X_API_BASE"]}
""")


if __name__ == "__main__":
    sys.exit(main())
