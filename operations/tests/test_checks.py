"""A wrong environment is named, with its fix, before anything starts."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection

from core import environment
from core.crypto import keys
from core.models import KeyProof
from engines import Engines
from operations import startup
from operations.checks import files, postgres, site, valkey
from tests.settings import KEYS


def manage(*arguments, **variables):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **KEYS, **variables}
    return subprocess.run([sys.executable, "manage.py", *arguments], env=environment, capture_output=True, text=True)


WRONG = [
    ("SECRET_KEY", "", "openssl rand -base64 48"),
    ("SECRET_KEY", "short", "openssl rand -base64 48"),
    ("FIELD_KEYS", "not-a-key", "Fernet keys"),
    ("HASH_KEYS", "1:short", "openssl rand -hex 32"),
    ("SITE_URL", "example.org", "https://example.org"),
    ("DATABASE_URL", "mysql://x/y", "postgres://"),
    ("REDIS_URL", "http://x", "redis://"),
    ("TRUSTED_PROXIES", "everyone", "10.0.0.0/8"),
    ("TRUSTED_PROXIES", "127.0.0.1,0.0.0.0/0", "10.0.0.0/8"),
    ("TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1", "10.0.0.0/8"),
    ("TRUSTED_PROXIES", "::/0", "10.0.0.0/8"),
    ("SITE_URL", "https://user@example.org", "https://example.org"),
    ("SITE_URL", "https://bücher.example", "https://example.org"),
    ("EMAIL_URL", "", "smtp+tls://"),
    ("X_API_BASE", "api.x.com", "https://api.x.com"),
    ("X_POLL_SECONDS", "often", "3600"),
    ("X_POLL_SECONDS", "0", "3600"),
    ("X_POSTS_PER_DAY", "-5", "40"),
    ("LOG_FORMAT", "xml", "json or text"),
    ("SENTRY_DSN", "https://sentry.example.org/1", "https://key@"),
    ("SENTRY_DSN", "http://key@sentry.example.org/1", "https://key@"),
    ("ALERT_WEBHOOK", "http://chat.example.org/hooks/x", "https://chat"),
    ("EMAIL_URL", "foo://x", "smtp+tls://"),
    ("EMAIL_URL", "smtp://h:abc", "smtp+tls://"),
    ("DATABASE_URL", "postgres://u@h:abc/x", "postgres://"),
    ("FROM_EMAIL", "x\ny@example.org", "Name <address>"),
    ("METRICS_TOKEN", "short", "openssl rand -hex 32"),
    ("METRICS_TOKEN", "with spaces " * 4, "openssl rand -hex 32"),
    ("METRICS_DIR", "metrics", "/run/outcry/metrics"),
    ("HASH_KEYS", "20260101:" + "a" * 40, "openssl rand -hex 32"),
    ("HASH_KEYS", "1:" + "a" * 40 + ",1:" + "b" * 40, "openssl rand -hex 32"),
    ("SECRET_KEY", "x" * 60, "openssl rand -base64 48"),
    ("SECRET_KEY", "django-insecure-" + "0123456789" * 5, "openssl rand -base64 48"),
    ("SITE_URL", "https://example.org/petition", "https://example.org"),
    ("STATIC_ROOT", "staticfiles", "collected in"),
    ("X_BEARER_TOKEN", "Bearer abc", "without “Bearer”"),
    ("SNAPSHOT_KEYS", "yesterday:ab", "python manage.py snapshot_keys"),
    ("MAILS_PER_MINUTE", "many", "300"),
    ("TIMESTAMP_AUTHORITY", "tsa.example.org", "https://tsa.example.org/tsr"),
    ("TIMESTAMP_AUTHORITY_CERTIFICATES", "timestamps.pem", "/var/lib/outcry/timestamps.pem"),
    ("DATA_PLACES", "Frankfurt;;Oslo", "with semicolons"),
]
ROUNDS = max(sum(1 for other, *_ in WRONG if other == name) for name, *_ in WRONG)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_wrong_values_are_named_with_their_fix(turn):
    """One wrong value of each variable at a time: all of them are named at once."""
    values = {}
    for name in dict.fromkeys(name for name, *_ in WRONG):
        of_this = [(value, fix) for other, value, fix in WRONG if other == name]
        if turn < len(of_this):
            values[name] = of_this[turn]
    result = manage("check", **{name: value for name, (value, _) in values.items()})
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for name, (value, fix) in values.items():
        line = result.stderr.split(f"outcry.{name})")[1].split("\n?:")[0] if f"outcry.{name})" in result.stderr else ""
        assert fix in line, (name, value, result.stderr)


def test_several_are_named_at_once():
    result = manage("migrate", SECRET_KEY="", HASH_KEYS="")
    assert "outcry.SECRET_KEY" in result.stderr
    assert "outcry.HASH_KEYS" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        "-c import|config.wsgi",
        "manage.py web",
        "manage.py workers",
        "-m celery -A config worker --pool solo",
        "-m celery -A config beat -s {schedule}",
    ],
)
def test_no_process_starts_on_a_wrong_environment(command, tmp_path):
    arguments = [part.replace("|", " ").format(schedule=tmp_path / "schedule") for part in command.split()]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **KEYS, "FIELD_KEYS": "x"}
    result = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, text=True, timeout=30)
    assert result.returncode == 1
    assert "FIELD_KEYS is not usable" in result.stderr


def found_by(command="check", **variables):
    """(exit code, ids, all that was said); what the engines under test do without is left out."""
    result = manage(*command.split(), **variables)
    ids = [name.removeprefix("outcry.") for name in re.findall(r"\(([a-z]+\.\w+)\)", result.stderr)]
    return result.returncode, set(ids) - {"fsync", "full_page_writes"}, result.stderr


@pytest.fixture
def production(collected):
    return {
        "SITE_URL": "https://outcry.example",
        "SECRET_KEY": "aB3$" + os.urandom(40).hex(),
        "TRUSTED_PROXIES": "127.0.0.1/32,::1/128",
        "STATIC_ROOT": str(collected),
    }


def test_production_values_pass_the_deployment_checks(production):
    code, ids, said = found_by("check --deploy", **production)
    assert (code, ids) == (0, set()), said


STAMPS = "https://tsa.example.org/tsr"
PLAIN_MAIL = "smtp://user:password@mail.outcry.example:25"
# As it is in production but for this: named by plain `check`, with what to do; whether it is an error.
ONE_WRONG = [
    ({"SITE_URL": "https://93.184.216.34"}, "SITE_URL", "name of the site", False),
    ({"TRUSTED_PROXIES": "", "TRUSTED_PROXY": "127.0.0.1"}, "spelling", "Do you mean TRUSTED_PROXIES?", False),
    ({"SITE_URL": "http://outcry.example"}, "W004", "Set it to the https address", False),
    ({"SNAPSHOT_KEYS": ""}, "W005", "python manage.py snapshot_keys", False),
    ({"CONTACT": ""}, "CONTACT", "where people reach you", False),
    ({"CONTACT": "", "OUTCRY_CONTACT": "hello@example.org"}, "spelling", "Do you mean CONTACT?", False),
    ({"ORGANISATION": ""}, "ORGANISATION", "who runs this site", False),
    ({"DATABASE_STANDBYS": "2"}, "DATA_PLACES", "where each data host is", False),
    ({"DEBUG": "1"}, "DEBUG", "Take it out", False),
    (
        {"SECRET_KEY": "0123456789abcdef" * 4, "HASH_KEYS": "1:" + "0123456789abcdef" * 4},
        "secrets",
        "one for each",
        True,
    ),
    ({"STATIC_ROOT": "/nowhere/at/all"}, "STATIC_ROOT", "collectstatic", False),
    ({"EMAIL_URL": "smtp://user:password@mail.outcry.example:25"}, "mail_tls", "smtp+tls://", False),
    ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL", "smtp+tls://", False),
    ({"EMAIL_URL": "filemail:///etc/passwd/mails"}, "EMAIL_URL", "Make the folder", True),
    ({"FROM_EMAIL": "Us <us@localhost>"}, "FROM_EMAIL", "a domain of yours", False),
    ({"FROM_EMAIL": "Us <us@gmail.com>"}, "FROM_EMAIL", "a domain of yours", False),
    ({"X_CLIENT_SECRET": ""}, "X_CLIENT_SECRET", "Set both, or neither", False),
    ({"X_API_BASE": "http://api.x.com"}, "X_API_BASE", "https://api.x.com", False),
    (
        {"TIMESTAMP_AUTHORITY": "", "TIMESTAMP_AUTHORITY_CERTIFICATES": "/x.pem"},
        "TIMESTAMP_AUTHORITY",
        "Set both, or neither",
        False,
    ),
    (
        {"TIMESTAMP_AUTHORITY": STAMPS, "TIMESTAMP_AUTHORITY_CERTIFICATES": ""},
        "TIMESTAMP_AUTHORITY_CERTIFICATES",
        "Set both, or neither",
        False,
    ),
    (
        {"TIMESTAMP_AUTHORITY": STAMPS, "TIMESTAMP_AUTHORITY_CERTIFICATES": "/nowhere/at/all.pem"},
        "TIMESTAMP_AUTHORITY_CERTIFICATES",
        "certificates of the authority's CA",
        False,
    ),
    (
        {"TIMESTAMP_AUTHORITY": STAMPS, "TIMESTAMP_AUTHORITY_CERTIFICATES": __file__},
        "TIMESTAMP_AUTHORITY_CERTIFICATES",
        "certificates of the authority's CA",
        False,
    ),
    ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "W001", "Signing goes on without it", False),
    ({"DATABASE_URL": "{careless}"}, "synchronous_commit", "Set it to on", False),
    ({"GRANIAN_WORKERS": "64"}, "max_connections", "Raise max_connections", False),
    ({"GRANIAN_WORKERS": "four"}, "GRANIAN_WORKERS", "a whole number", True),
    ({"GRANIAN_BLOCKING_THREADS": "0"}, "GRANIAN_BLOCKING_THREADS", "a whole number", True),
    ({"DATABASE_URL": "{read_only}"}, "DATABASE_URL", "Set it to the primary", True),
    ({"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}, "DATABASE_URL", "Start PostgreSQL", False),
    ({"DATABASE_URL": "{as_nobody}"}, "DATABASE_URL", "Set user, password and database name right", True),
    ({"DATABASE_URL": "{other_database}"}, "DATABASE_URL", "Set user, password and database name right", True),
]


def rounds():
    """As many at once as there are with different variables: each run takes seconds."""
    made = []
    for each in ONE_WRONG:
        free = [others for others in made if not any(each[0].keys() & other[0].keys() for other in others)]
        free[0].append(each) if free else made.append([each])
    return made


def addresses():
    """The database under test, asked for as it should not be."""
    url = os.environ["DATABASE_URL"]
    parts, more = urlsplit(url), "&" if "?" in url else "?"
    return {
        "{as_nobody}": parts._replace(netloc="nobody_such:x@" + parts.netloc.rpartition("@")[2]).geturl(),
        "{other_database}": parts._replace(path="/no_such_database").geturl(),
        "{read_only}": url + more + "options=" + quote("-c default_transaction_read_only=on"),
        "{careless}": url + more + "options=" + quote("-c synchronous_commit=off"),
    }


@pytest.mark.parametrize("together", rounds(), ids=lambda together: f"{len(together)} wrong")
def test_plain_check_names_what_is_wrong_with_what_to_do(production, together):
    wrong = {name: addresses().get(value, value) for values, *_ in together for name, value in values.items()}
    _, ids, said = found_by(**{**production, **wrong})
    assert "Traceback" not in said
    for _, name, fix, is_error in together:
        assert name in ids, said
        assert fix in said.split(f"outcry.{name})", 1)[1].split("\n?:")[0]
        assert (f"outcry.{name})" in said.split("WARNINGS:")[0]) == is_error, said


def test_standbys_whose_places_are_named_pass(production):
    code, ids, said = found_by(**production, DATABASE_STANDBYS="2", DATA_PLACES="Frankfurt; Oslo")
    assert (code, ids) == (0, set()), said


@pytest.mark.parametrize(("days", "named"), [("32", False), ("29", True), (None, True)])
def test_a_certificate_of_the_web_server_that_ends_soon_is_named(tmp_path, monkeypatch, days, named):
    certificate = tmp_path / "host.pem"
    if days:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        made = ["-subj", "/CN=web1", "-days", days, "-keyout", tmp_path / "host.key", "-out", certificate]
        subprocess.run([*command, *made], check=True, capture_output=True)
    monkeypatch.setenv("GRANIAN_SSL_CERTIFICATE", str(certificate))
    found = files.own_certificate_lasts()
    assert [each.id for each in found] == (["outcry.GRANIAN_SSL_CERTIFICATE"] if named else [])


def test_https_without_a_named_proxy_is_named_with_its_fix(production):
    code, ids, said = found_by(**{**production, "TRUSTED_PROXIES": ""})
    assert (code, ids) == (0, {"W003"})
    assert "Set TRUSTED_PROXIES to the addresses of the proxy" in said


def test_more_than_25_wrong_settings_are_named():
    assert len({name for name, *_ in WRONG} | {name for _, name, *_ in ONE_WRONG}) >= 25


@pytest.fixture
def guarded(tmp_path):
    """The address of a PostgreSQL that asks `member` for the password `right`."""
    engines = Engines(tmp_path, "guarded", fsync=False)
    url = engines.postgres.start()
    try:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("CREATE ROLE member LOGIN PASSWORD 'right'")
            rules = Path(server.execute("SHOW hba_file").fetchone()[0])
            rules.write_text("local all member scram-sha-256\n" + rules.read_text())
            server.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        engines.postgres.stop()
        engines.postgres.remove()


def test_a_wrong_password_of_the_database_is_an_error(production, guarded):
    def judged(password):
        return found_by(**production, DATABASE_URL=guarded.replace("postgres@", f"member:{password}@"))

    code, ids, said = judged("wrong")
    assert (code, ids) == (1, {"DATABASE_URL"})
    assert "password authentication failed" in said
    assert "wrong" not in said.replace("set", "")
    assert judged("right")[:2] == (0, set())


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:1/x", "Start PostgreSQL"),
        ("STATIC_ROOT", "/nowhere", "collectstatic"),
    ],
)
def test_what_a_command_only_warns_of_ends_a_server(production, setting, value, said):
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **KEYS, **production, setting: value}
    started = [sys.executable, "-c", "import config.wsgi"]
    result = subprocess.run(started, env=variables, capture_output=True, text=True, timeout=30)
    assert result.returncode == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("difference", "named"),
    [
        ({}, None),
        ({"version": 14}, "DATABASE_URL"),
        ({"ahead": 2.1}, "clock"),
        ({"ahead": -2.1}, "clock"),
        ({"ahead": 1.9}, None),
        ({"fsync": False}, "fsync"),
        ({"synchronous_commit": "off"}, "synchronous_commit"),
        ({"synchronous_commit": "local"}, "synchronous_commit"),
        ({"synchronous_commit": "remote_write"}, "synchronous_commit"),
        ({"synchronous_commit": "remote_apply"}, None),
        ({"tells": "error"}, "client_min_messages"),
        ({"tells": "warning"}, None),
        ({"full_page_writes": False}, "full_page_writes"),
        ({"logs_failed": "error"}, "log_min_error_statement"),
        ({"logs_details": "default"}, "log_error_verbosity"),
        ({"jit": "on"}, "jit"),
        ({"takes_writes": False}, "DATABASE_URL"),
        ({"encoding": "SQL_ASCII"}, "DATABASE_URL"),
        ({"connections": 34}, "max_connections"),
        ({"connections": 35}, None),
    ],
)
def test_a_server_that_will_not_do_is_named(difference, named):
    found = list(postgres.wrong_with(replace(postgres.Server(), **difference)))
    assert [each.id for each in found] == ([f"outcry.{named}"] if named else [])
    assert all(each.hint for each in found)


@pytest.mark.parametrize(
    ("info", "named"),
    [
        ({}, None),
        ({"redis_version": "5.0.7"}, "broker_version"),
        ({"maxmemory_policy": "volatile-lru"}, "E002"),
        ({"role": "slave"}, "REDIS_URL"),
        ({"rdb_last_bgsave_status": "err"}, "broker_disk"),
    ],
)
def test_a_broker_that_will_not_do_is_named(info, named):
    found = list(valkey.wrong_with({"redis_version": "7.2.4", **info}))
    assert [each.id for each in found] == ([f"outcry.{named}"] if named else [])


def test_a_broker_that_wants_another_password_is_an_error(settings):
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.acl_setuser("member", enabled=True, passwords=["+right"], commands=["+@all"], keys=["*"])
        try:
            parts = urlsplit(settings.REDIS_URL)
            settings.REDIS_URL = parts._replace(netloc="member:wrong@" + parts.netloc.rpartition("@")[2]).geturl()
            assert [(each.id, each.is_serious()) for each in valkey.broker_keeps_its_tasks()] == [
                ("outcry.REDIS_URL", True)
            ]
        finally:
            client.acl_deluser("member")


def test_engines_across_the_internet_use_tls(settings, monkeypatch):
    settings.REDIS_URL = "redis://:x@cache.outcry.example:6379/0"
    assert [each.id for each in valkey.broker_is_asked_in_private()] == ["outcry.broker_tls"]
    settings.DATABASE_URL = "postgres://u:p@db.outcry.example/x"
    assert [each.id for each in postgres.database_is_asked_in_private()] == ["outcry.database_tls"]
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "sslmode", "verify-full")
    assert postgres.database_is_asked_in_private() == []


def test_static_files_of_another_release_are_named(collected, tmp_path, production):
    source = tmp_path / "newer.css"
    source.touch()
    manifest = collected / "staticfiles.json"
    os.utime(manifest, (1_000_000_000, 1_000_000_000))
    try:
        assert found_by(**production)[:2] == (0, {"static_age"})
    finally:
        os.utime(manifest)
    assert found_by(**production)[:2] == (0, set())


def test_a_site_that_shows_its_faults_is_an_error(settings):
    settings.DEBUG, settings.SITE_URL = True, "https://outcry.example"
    assert [each.is_serious() for each in site.nothing_is_debugged_in_public()] == [True]


def test_room_for_temporary_files_is_asked_for(monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    assert [each.id for each in files.there_is_room_for_temporary_files()] == ["outcry.TMPDIR"]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("http://outcry.example", True),
        ("http://203.0.113.9", False),
        ("http://93.184.216.34", True),
        ("http://localhost:8000", False),
        ("http://10.0.0.7", False),
        ("http://[::1]:8000", False),
        ("http://abcdefghij.onion", False),
        ("http://outcry.local", False),
    ],
)
def test_a_public_site_without_tls_is_named(settings, address, named):
    settings.SITE_URL, settings.SECURE = address, False
    assert [found.id for found in site.public_sites_use_tls()] == (["outcry.W004"] if named else [])


def test_the_broker_must_not_drop_tasks(settings):
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert [found.id for found in valkey.broker_keeps_its_tasks()] == ["outcry.E002"]
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert valkey.broker_keeps_its_tasks() == []


@pytest.mark.django_db
def test_keys_that_do_not_fit_the_data_are_seen(settings):
    """By plain `check`, as by every command and at every start."""
    keys.write_proof()
    assert KeyProof.objects.count() == 1
    assert postgres.keys_fit_the_data() == []
    settings.HASH_KEYS = {1: b"another-key-another-key-another-key"}
    assert "outcry.HASH_KEYS" in [found.id for found in run_checks(tags=["environment"])]
    with pytest.raises(SystemExit, match="Restore the keys"):
        startup.check()


@pytest.mark.django_db
def test_field_keys_that_do_not_fit_the_data_are_seen(settings):
    keys.write_proof()
    settings.FIELD_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMTI="]
    assert [found.id for found in postgres.keys_fit_the_data()] == ["outcry.FIELD_KEYS"]


@pytest.mark.parametrize(
    ("parse", "raw", "value"),
    [
        (environment.site_url, "https://outcry.example/", "https://outcry.example"),
        (environment.site_url, "HTTPS://Outcry.Example:443", "https://outcry.example"),
        (environment.site_url, "http://[::1]:8000", "http://[::1]:8000"),
        (environment.hash_keys, "1:" + "a" * 32 + ",2:" + "b" * 32, {1: b"a" * 32, 2: b"b" * 32}),
        (environment.http_url, "http://127.0.0.1:9/", "http://127.0.0.1:9"),
    ],
)
def test_values_are_read(parse, raw, value):
    assert parse(raw) == value
