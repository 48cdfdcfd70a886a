"""The containers, as they are written; what was tried with them: docs/operations.md."""

from __future__ import annotations

import ipaddress
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from core.environment import known

DEPLOY = Path(settings.BASE_DIR) / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
LASTING = ("web", "workers", "backup", "postgres", "valkey", "nginx")
OURS = ("migrate", "static", "web", "workers", "backup")


def test_there_is_what_a_site_needs():
    assert set(SERVICES) == {*LASTING, *OURS}


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_looked_at_and_started_again(name):
    assert SERVICES[name]["restart"] == "always"
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", OURS)
def test_ours_may_do_little(name):
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in ("", "0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_database_logs_nothing_that_people_typed():
    command = SERVICES["postgres"]["command"]
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse", "jit=off"} <= set(command)


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_only_what_needs_the_keys_gets_them():
    """Neither as an environment, nor as a file in a folder that is shared."""
    assert {name for name, service in SERVICES.items() if service.get("env_file")} == {
        "migrate",
        "web",
        "workers",
        "backup",
    }
    assert SERVICES["static"]["environment"] == {}
    assert set(SERVICES["nginx"]["environment"]) == {"SITE_URL"}
    shared = {
        source: name
        for name, service in SERVICES.items()
        for source in (volume.split(":")[0] for volume in service.get("volumes", ()))
        if source.startswith((".", "/"))
    }
    for source, name in shared.items():
        assert not (DEPLOY / "outcry.env").is_relative_to((DEPLOY / source).resolve()), name
        assert not (DEPLOY / "backups").is_relative_to((DEPLOY / source).resolve()) or name == "backup", name


def test_the_proxy_has_each_file_that_it_starts_with():
    files = {
        volume.split(":")[1] for volume in SERVICES["nginx"]["volumes"] if volume.split(":")[1].startswith("/outcry/")
    }
    started = (DEPLOY / "nginx-start.sh").read_text()
    assert files == {SERVICES["nginx"]["entrypoint"][-1]} | {
        f"/outcry/{name}" for name in re.findall(r"\$\{0%/\*\}/([a-z.-]+)", started)
    }
    assert all((DEPLOY / Path(file).name).is_file() for file in files)


def test_nobody_else_gets_an_address_that_is_fixed():
    [pool] = COMPOSE["networks"]["default"]["ipam"]["config"]
    subnet, dynamic = (ipaddress.ip_network(pool[name]) for name in ("subnet", "ip_range"))
    assert dynamic.subnet_of(subnet)
    fixed = [service["networks"]["default"]["ipv4_address"] for service in SERVICES.values() if "networks" in service]
    assert len({*fixed, pool["gateway"]}) == 3
    for address in map(ipaddress.ip_address, [*fixed, pool["gateway"]]):
        assert address in subnet
        assert address not in dynamic


def test_visitors_come_by_the_protocol_that_the_network_speaks():
    """From IPv6 to a network without it, all of them would come from the gateway."""
    assert "enable_ipv6" not in COMPOSE["networks"]["default"]
    assert all(port.startswith("0.0.0.0:") for port in SERVICES["nginx"]["ports"])


def test_the_proxy_that_is_believed_is_the_one_that_runs():
    address = SERVICES["nginx"]["networks"]["default"]["ipv4_address"]
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == f"{address}/32"
    origin = SERVICES["web"]["networks"]["default"]["ipv4_address"]
    assert f"|OUTCRY_ORIGIN|{origin}:8000|" in (DEPLOY / "nginx-start.sh").read_text()


def test_the_journal_has_a_volume_of_its_own():
    for name in ("web", "workers"):
        assert SERVICES[name]["environment"]["JOURNAL_PATH"] == "/var/lib/outcry/journal"
        assert "journal:/var/lib/outcry/journal" in SERVICES[name]["volumes"]
    assert "/var/lib/outcry/journal" in (DEPLOY / "Dockerfile").read_text()


def test_web_and_workers_count_in_one_place():
    for name in ("web", "workers"):
        assert f"metrics:{SERVICES[name]['environment']['METRICS_DIR']}" in SERVICES[name]["volumes"]
    assert SERVICES["web"]["environment"]["METRICS_DIR"] in (DEPLOY / "Dockerfile").read_text()


def test_backups_are_made_by_a_program_as_new_as_the_server():
    assert "manage.py backup /var/backups/outcry" in SERVICES["backup"]["command"][-1]
    # Both are Debian's: bookworm has 15.
    assert "postgresql-client " in (DEPLOY / "Dockerfile").read_text()
    assert SERVICES["postgres"]["image"] == "postgres:15-bookworm"


@pytest.mark.parametrize(
    "secret", ["deploy/outcry.env", "deploy/.env", ".env", "deploy/tls/key.pem", "deploy/backups/x.age"]
)
def test_no_secret_gets_into_the_image(secret):
    left_out = (Path(settings.BASE_DIR) / ".dockerignore").read_text().split()
    found = [pattern for pattern in left_out if secret == pattern or secret.startswith(f"{pattern}/")]
    found += [pattern for pattern in left_out if pattern == "**/*.env" and secret.endswith(".env")]
    assert found, secret


def test_valkey_drops_nothing():
    command = SERVICES["valkey"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_image_runs_as_nobody_and_what_the_unit_runs():
    lines = (DEPLOY / "Dockerfile").read_text()
    stages = lines.split("\nFROM ")[1:]
    assert len(stages) == 2
    assert re.search(r"^USER 10001$", stages[1], re.MULTILINE)
    assert "pip install" not in stages[1]
    assert "--require-hashes" in stages[0]
    started = " ".join(re.findall(r'"([^"]+)"', lines[lines.index("CMD [") :]))
    unit = (DEPLOY / "systemd/outcry-web.service").read_text()
    assert f"/{started}\n" in unit
    processes = re.search(r"GRANIAN_WORKERS=\d+ GRANIAN_BLOCKING_THREADS=\d+", unit)
    assert processes and processes[0] in stages[1]
    assert SERVICES["web"]["environment"]["GRANIAN_HOST"] == "0.0.0.0"


def test_the_example_of_an_environment_has_all_that_is_needed():
    names = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "outcry.env.example").read_text(), re.MULTILINE))
    assert names - {"POSTGRES_PASSWORD"} <= known
    given = set(SERVICES["web"]["environment"])
    assert {
        "SITE_URL",
        "SECRET_KEY",
        "FIELD_KEYS",
        "HASH_KEYS",
        "EMAIL_URL",
        "DATABASE_URL",
        "REDIS_URL",
    } <= names | given


def test_a_shell_reads_the_example_of_an_environment_as_compose_and_systemd_do():
    lines = [line for line in (DEPLOY / "outcry.env.example").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Z_]+='[^'\\]*'", line)] == []
    # As /usr/local/bin/outcry does it.
    command = 'set -eu; set -a; . "$0"; env'
    said = subprocess.run(
        ["sh", "-c", command, DEPLOY / "outcry.env.example"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert {line.replace("'", "") for line in lines} <= set(said.stdout.splitlines())


def test_the_proxys_start_leaves_no_word_without_its_value(tmp_path):
    environment = {**os.environ, "INTO": str(tmp_path), "SITE_URL": "https://outcry.example:443", "NGINX": "echo"}
    result = subprocess.run(
        ["sh", DEPLOY / "nginx-start.sh"], env=environment, capture_output=True, text=True, check=True
    )
    assert "nginx-main.conf" in result.stdout
    for name in ("outcry.conf", "outcry-tls.conf"):
        assert "OUTCRY_" not in (tmp_path / name).read_text()
    assert "return 301 https://outcry.example$request_uri;" in (tmp_path / "outcry.conf").read_text()
