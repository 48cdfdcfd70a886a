"""`make demo`, whole: started, looked at, interrupted, started again; and its refusals, each one clear line."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
import redis

from demo import campaigns, marker, secrets
from tests.smtp import free_port


class Stay(urllib.request.HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


NO_REDIRECT = urllib.request.build_opener(Stay)
ROOT = Path(__file__).resolve().parent.parent.parent
DJANGO_MIGRATIONS = (
    "CREATE TABLE django_migrations (id bigserial, app text, name text, applied timestamptz DEFAULT now())"
)
# As a demo had them before the migrations began anew with 0.1.0.
OLDER = [
    ("auth", "0001_initial"),
    ("core", "0001_initial"),
    ("core", "0002_client_keys_unlogged"),
    ("petitions", "0001_initial"),
    ("petitions", "0002_guard_signatures"),
]


@pytest.fixture
def checkout(tmp_path):
    """A copy of the project, so that a demo of one's own beside it is left alone."""
    folder = tmp_path / "a checkout"
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for name in filter(None, files):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    yield folder
    for demo in Demo.begun:
        if demo.process.poll() is None:
            demo.interrupt()
    Demo.begun.clear()
    for note in folder.rglob("postgres-home"):
        shutil.rmtree(note.read_text().strip(), ignore_errors=True)


class Demo:
    begun = []

    def __init__(self, folder, *arguments, **variables):
        environment = {
            name: value
            for name, value in os.environ.items()
            if name
            not in (
                "DATABASE_URL",
                "REDIS_URL",
                "X_API_BASE",
                "X_BEARER_TOKEN",
                "DJANGO_SETTINGS_MODULE",
                "X_CLIENT_ID",
                "X_CLIENT_SECRET",
                "ORGANISATION",
                "CONTACT",
                "SNAPSHOT_KEYS",
            )
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo", *arguments],
            cwd=folder,
            env={**environment, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.translated = ""
        self.begun.append(self)

    def until(self, words):
        for line in self.process.stdout:
            self.translated += line
            if words in line:
                return self
        raise AssertionError(self.translated)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        self.translated += rest
        return self.process.returncode


def family(pid):
    """All processes below this one."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split("\n")
    pairs = [tuple(map(int, line.split())) for line in found if line.strip()]
    below, queue = [], [pid]
    while queue:
        parent = queue.pop()
        children = [child for child, above in pairs if above == parent]
        below += children
        queue += children
    return below


def alive(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0]
    except FileNotFoundError:
        return False


def confirmed(port, slug=campaigns.EXAMPLE.slug):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/c/{slug}/progress.json", headers={"Host": f"localhost:{port}"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def sign(port, name):
    form = f"name=Ana&email={name}%40example.org&country=ES&consent=on".encode()
    where = f"http://127.0.0.1:{port}/c/{campaigns.EXAMPLE.slug}/sign/"
    return NO_REDIRECT.open(urllib.request.Request(where, form, {"Host": f"localhost:{port}"}), timeout=5)


def signed(port, name):
    try:
        return sign(port, name).status == 303
    except OSError:
        return False


def mails(folder):
    return [file.read_text() for file in folder.iterdir()] if folder.exists() else []


def pid_of(demo, words):
    """The one that the demo itself began."""
    return next(
        pid for pid in family(demo) if parent_of(pid) == demo and words in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    )  # fmt: skip


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def until(reached, seconds=30):
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_demo_from_start_to_reset(checkout):
    port = free_port()
    demo = Demo(checkout, "--port", str(port)).until("X simulator")
    processes = family(demo.process.pid)
    assert len(processes) > 6
    for words in (f"http://localhost:{port}/", "second factor", campaigns.STAFF, "var/demo/mail"):
        assert words in demo.translated
    assert confirmed(port, campaigns.BAHRAIN)["signatures"]["confirmed"] == 16_483
    # Asked once: another of the web processes may keep what it answered before the first poll for a moment longer.
    until(lambda: (confirmed(port)["tweets"]["matching"] or 0) > 0)
    assert sign(port, "ana").status == 303
    mail = checkout / "var/demo/mail"
    until(lambda: mails(mail))
    assert re.search(r"/confirm/", mails(mail)[0])
    for number, part in enumerate(["bin/postgres -D", "valkey-server", "manage.py web", "manage.py workers"]):
        os.kill(pid_of(demo.process.pid, part), signal.SIGKILL)
        until(lambda who=f"after-{number}": signed(port, who))
        until(lambda many=number + 2: len(mails(mail)) >= many)
    processes = family(demo.process.pid)
    assert (checkout / "var/demo/secrets").stat().st_mode & 0o777 == 0o600
    assert demo.interrupt() == 0
    assert [pid for pid in processes if alive(pid)] == []

    started = time.monotonic()
    again = Demo(checkout, "--port", str(port)).until("X simulator")
    assert time.monotonic() - started < 30
    assert confirmed(port)["signatures"]["confirmed"] == 1_240
    with psycopg.connect(database_of(checkout)) as connection:
        assert connection.execute("SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NULL").fetchone() == (
            5,
        )
    assert again.interrupt() == 0

    fresh = Demo(checkout, "--port", str(port), "--reset").until("X simulator")
    with psycopg.connect(database_of(checkout)) as connection:
        assert connection.execute("SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NULL").fetchone() == (
            0,
        )
    assert fresh.interrupt() == 0


def database_of(checkout):
    """The address of the running demo's database, found as its processes have it."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if (
                    b"manage.py\0web" in (folder / "cmdline").read_bytes()
                    and (folder / "cwd").resolve() == checkout.resolve()
                ):
                    variables = dict(
                        item.split(b"=", 1) for item in (folder / "environ").read_bytes().split(b"\0") if b"=" in item
                    )
                    return variables[b"DATABASE_URL"].decode()
            except OSError:
                continue
    raise AssertionError("no demo runs")


def test_a_port_in_use_is_one_clear_line(checkout):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = Demo(checkout, "--port", str(port))
        said, _ = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 2
    assert said == f"The demo can't run: port {port} is in use; choose another one: make demo PORT={port + 1}\n"


@pytest.fixture
def scratch():
    """The address of an empty database of its own."""
    server, name = os.environ["DATABASE_URL"], f"scratch_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield re.sub(r"/[^/?]+\?", f"/{name}?", server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_foreign_database_is_left_alone(checkout, scratch):
    with psycopg.connect(scratch, autocommit=True) as connection:
        connection.execute("CREATE TABLE precious (x int)")
    for extra in ([], ["--reset"]):
        demo = Demo(checkout, "--port", str(free_port()), *extra, DATABASE_URL=scratch)
        said, _ = demo.process.communicate(timeout=60)
        assert demo.process.returncode == 2
        assert "The database of DATABASE_URL holds other tables" in said
    with psycopg.connect(scratch) as connection:
        assert connection.execute("SELECT count(*) FROM precious").fetchone() == (0,)


def contents(url):
    """{table: its rows} of a small database."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}


def test_a_demo_of_an_older_release_asks_in_one_line_to_be_reset(checkout, scratch):
    marker.claim_database(scratch)
    with psycopg.connect(scratch, autocommit=True) as connection:
        connection.execute(DJANGO_MIGRATIONS)
        for label, name in OLDER:
            connection.execute("INSERT INTO django_migrations (app, name) VALUES (%s, %s)", [label, name])
        connection.execute("CREATE TABLE petitions_verdict (id bigint)")
    before = contents(scratch)
    demo = Demo(checkout, "--port", str(free_port()), DATABASE_URL=scratch, REDIS_URL="redis://127.0.0.1:1/0")
    said, _ = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 2
    assert said == (
        "The demo can't run: its database was made by another release: run `make demo-reset`, which throws its data away.\n"
    )
    assert contents(scratch) == before
    marker.empty_database(scratch)
    marker.check_release(scratch, ROOT)


def test_a_demo_of_this_release_goes_on(scratch):
    marker.check_release(scratch, ROOT)
    with psycopg.connect(scratch, autocommit=True) as connection:
        connection.execute(DJANGO_MIGRATIONS)
        marker.check_release(scratch, ROOT)
        for label, name in [("auth", "0099_of_another_package"), ("petitions", "0001_initial")]:
            connection.execute("INSERT INTO django_migrations (app, name) VALUES (%s, %s)", [label, name])
    marker.check_release(scratch, ROOT)


def test_a_foreign_valkey_is_left_alone():
    url = os.environ["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        client.set("precious", "1")
        with pytest.raises(marker.NotOurs):
            marker.claim_valkey(url, afresh=True)
        assert client.get("precious") in (b"1", "1")
        client.flushdb()
        marker.claim_valkey(url)
        client.set("ours", "1")
        marker.claim_valkey(url)
        assert client.exists("ours")
        marker.claim_valkey(url, afresh=True)
        assert not client.exists("ours")
        client.flushdb()


def test_secrets_are_made_once_and_are_private(tmp_path):
    first = secrets.load(tmp_path / "x" / "secrets")
    assert secrets.load(tmp_path / "x" / "secrets") == first
    assert (tmp_path / "x" / "secrets").stat().st_mode & 0o777 == 0o600


def test_a_wrong_database_url_is_one_clear_line(checkout):
    demo = Demo(checkout, "--port", str(free_port()), DATABASE_URL="postgres://nobody@/nowhere?host=/nonexistent")
    said, _ = demo.process.communicate(timeout=60)
    assert demo.process.returncode == 2
    assert said.count("\n") == 1
    assert "The demo can't run" in said


@pytest.mark.django_db
def test_the_parts_give_enough_samples():
    from actions import combining, samples
    from actions.models import SamplePart
    from tests import factories

    action = factories.tweet_action(samples=0)
    for kind, texts in campaigns.EXAMPLE_PARTS.items():
        SamplePart.objects.bulk_create(SamplePart(action=action, kind=kind, text=text) for text in texts)
    made = combining.store(action)
    assert samples.alive(action).count() >= samples.FEW
    assert (made.too_long, made.as_reply) == (0, 0)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "[::1]:8000"])
def test_opened_by_number_it_leads_to_the_name_that_its_links_have(client, settings, host):
    from demo.settings import MIDDLEWARE

    settings.MIDDLEWARE, settings.SITE_URL, settings.ALLOWED_HOSTS = MIDDLEWARE, "http://localhost:8000", ["localhost"]
    response = client.get("/c/river/?day=2026-06-15", headers={"host": host})
    assert (response.status_code, response["Location"]) == (307, "http://localhost:8000/c/river/?day=2026-06-15")
    assert client.get("/healthz", headers={"host": host}).status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
