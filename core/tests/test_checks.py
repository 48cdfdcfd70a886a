"""A wrong environment is named, with its fix, before anything starts."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from core import checks, environment
from core.crypto import keys
from core.models import KeyProof
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
    ("HASH_KEYS", "20260101:" + "a" * 40, "openssl rand -hex 32"),
    ("HASH_KEYS", "1:" + "a" * 40 + ",1:" + "b" * 40, "openssl rand -hex 32"),
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
    ["-c import|config.wsgi", "-m celery -A config worker --pool solo", "-m celery -A config beat -s {schedule}"],
)
def test_no_process_starts_on_a_wrong_environment(command, tmp_path):
    arguments = [part.replace("|", " ").format(schedule=tmp_path / "schedule") for part in command.split()]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **KEYS, "FIELD_KEYS": "x"}
    result = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, text=True, timeout=30)
    assert result.returncode == 1
    assert "FIELD_KEYS is not usable" in result.stderr


def test_production_values_pass_the_deployment_checks():
    result = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        SITE_URL="https://outcry.example",
        SECRET_KEY="aB3$" + os.urandom(40).hex(),
        TRUSTED_PROXIES="127.0.0.1/32,::1/128",
    )
    assert result.returncode == 0, result.stderr


def test_https_without_a_named_proxy_is_named_with_its_fix():
    result = manage("check", SITE_URL="https://outcry.example")
    assert "(outcry.W003)" in result.stderr
    assert "Set TRUSTED_PROXIES to the addresses of the proxy" in result.stderr


@pytest.mark.parametrize(
    ("site", "named"),
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
def test_a_public_site_without_tls_is_named(settings, site, named):
    settings.SITE_URL, settings.SECURE = site, False
    assert [found.id for found in checks.public_sites_use_tls()] == (["outcry.W004"] if named else [])


def test_the_broker_must_not_drop_tasks(settings):
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert [found.id for found in run_checks(tags=["environment"])] == ["outcry.E002"]
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert run_checks(tags=["environment"]) == []


def test_a_broker_that_is_away_is_a_warning_only(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    (found,) = run_checks(tags=["environment"])
    assert not found.is_serious()


@pytest.mark.django_db
def test_keys_that_do_not_fit_the_data_are_seen(settings):
    keys.write_proof()
    assert KeyProof.objects.count() == 1
    assert checks.keys_fit_the_data(databases=["default"]) == []
    settings.HASH_KEYS = {1: b"another-key-another-key-another-key"}
    assert [found.id for found in checks.keys_fit_the_data(databases=["default"])] == ["outcry.HASH_KEYS"]


@pytest.mark.django_db
def test_field_keys_that_do_not_fit_the_data_are_seen(settings):
    keys.write_proof()
    settings.FIELD_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMTI="]
    assert [found.id for found in checks.keys_fit_the_data(databases=["default"])] == ["outcry.FIELD_KEYS"]


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
