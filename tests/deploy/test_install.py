"""The installer rehearses; the real thing was tried in a fresh Debian (docs/operations.md)."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"
SAID = {
    "--site-url": "https://outcry.example",
    "--email-url": "smtp+tls://user:password@mail.outcry.example:587",
    "--organisation": "Example Rights Network",
    "--contact": "hello@outcry.example",
}


def rehearse(said, *more):
    arguments = [word for pair in said.items() for word in pair]
    command = ["bash", str(DEPLOY / "install.sh"), "--dry-run", *arguments, *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_rehearsal_says_every_step_and_takes_none(tmp_path):
    before = {path: path.exists() for path in map(Path, ("/etc/outcry", "/opt/outcry", "/usr/local/bin/outcry"))}
    result = rehearse(SAID, "--admin", "ana@outcry.example")
    assert result.returncode == 0, result.stderr
    steps = re.findall(r"^== (.+)$", result.stdout, re.MULTILINE)
    assert [step.split()[0] for step in steps] == [
        "Checks", "Packages", "User", "Python", "PostgreSQL", "Valkey", "Environment", "The", "Database", "Units", "nginx", "First",
        "What",
    ]  # fmt: skip
    for done in (
        "install -m 0600 /dev/null /etc/outcry/outcry.env",
        "--require-hashes",
        "ALTER ROLE outcry SET log_min_error_statement = panic",
        "ALTER ROLE outcry SET jit = off",
        "outcry migrate",
        "outcry collectstatic",
        "outcry invite ana@outcry.example --role administrator",
        "systemctl restart outcry-web-beside",
    ):
        assert done in result.stdout
    assert before == {path: path.exists() for path in before}


def test_what_is_watched_and_taken_back_has_its_place():
    said = rehearse(SAID).stdout
    for name in ("METRICS_DIR", "METRICS_TOKEN", "JOURNAL_PATH"):
        assert f"adds {name} " in said
    assert "-o outcry -g outcry /var/lib/outcry/journal" in said


def test_backups_are_made_once_it_is_said_for_whom():
    without, with_them = rehearse(SAID).stdout, rehearse(SAID, "--backup-recipients", "age1example").stdout
    assert "outcry-backup.timer (mode 0644)" in without
    assert "enable --quiet --now outcry-backup.timer" not in without
    assert "with --backup-recipients" in without
    assert "adds BACKUP_RECIPIENTS" in with_them
    assert "enable --quiet --now outcry-backup.timer" in with_them


DROP_INS = ("postgresql@.service.d/outcry.conf", "nginx.service.d/outcry.conf")


def test_debians_services_come_back_too_and_are_told_so_once(tmp_path):
    """Before systemd reads its units anew."""
    said = rehearse(SAID).stdout
    before, _, after = said.partition("systemctl daemon-reload")
    assert after
    for place in DROP_INS:
        assert f"writes /etc/systemd/system/{place} (mode 0644)" in before
    assert re.search(r"writes /etc/systemd/system/(redis|valkey)-server\.service\.d/outcry\.conf ", before)
    shipped = (DEPLOY / "systemd/comes-back.conf").read_text()
    for place in DROP_INS:
        path = tmp_path / "units" / place
        path.parent.mkdir(parents=True)
        path.write_text(shipped)
    # Debian's broker comes back however it ends: that is not made less.
    for broker in ("redis", "valkey"):
        (tmp_path / f"units/{broker}-server.service.d").mkdir()
        (tmp_path / f"units/{broker}-server.service.d/outcry.conf").write_text(
            re.sub("^Restart=.*\n", "", shipped, flags=re.M)
        )
    again = rehearse_with(tmp_path, SAID, UNITS=tmp_path / "units").stdout
    for place in DROP_INS:
        assert f"already there: {tmp_path}/units/{place}" in again
    assert re.search(r"already there: \S+/(redis|valkey)-server\.service\.d/outcry\.conf", again)


def rehearse_with(tmp_path, said, path="", **places):
    """As if these folders and files of the machine were others, and programs in `path` came first."""
    script = (DEPLOY / "install.sh").read_text()
    for name, place in places.items():
        script = re.sub(rf"^{name}=.*$", f"{name}={place}", script, flags=re.MULTILINE)
    (tmp_path / "deploy").mkdir()
    for file in DEPLOY.iterdir():
        (tmp_path / "deploy" / file.name).symlink_to(file)
    (tmp_path / "deploy/install.sh").unlink()
    (tmp_path / "deploy/install.sh").write_text(script)
    arguments = [word for pair in said.items() for word in pair]
    command = ["bash", str(tmp_path / "deploy/install.sh"), "--dry-run", *arguments]
    environment = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


@pytest.mark.parametrize(("name", "is_there"), [("outcry.example", True), ("former.example", False), (None, False)])
def test_an_upgrade_keeps_the_certificate_in_use(tmp_path, name, is_there):
    """Where it is one for the site's name, which may have changed."""
    own = tmp_path / "own.pem"
    if name:
        made = [
            "-subj",
            f"/CN={name}",
            "-addext",
            f"subjectAltName=DNS:{name}",
            "-keyout",
            "/dev/null",
            "-out",
            str(own),
        ]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made], check=True, capture_output=True
        )
    tls = tmp_path / "tls.conf"
    words = (DEPLOY / "nginx-tls.conf").read_text()
    words = words.replace("OUTCRY_CERTIFICATE_KEY", f"{tmp_path}/own-key.pem").replace("OUTCRY_CERTIFICATE", str(own))
    tls.write_text(words)
    result = rehearse_with(tmp_path, SAID, TLS=tls)
    assert result.returncode == 0, result.stderr
    assert (f"already there: {tls}" in result.stdout) == is_there
    assert ("openssl req -x509" in result.stdout) != is_there


def test_a_value_that_stays_though_another_one_was_said_is_named(tmp_path):
    (tmp_path / "outcry.env").write_text("SITE_URL='https://outcry.example'\nEMAIL_URL='smtp://old.example:25'\n")
    said = rehearse_with(tmp_path, SAID, ENV_FILE=tmp_path / "outcry.env").stdout
    assert f"EMAIL_URL keeps its other value in {tmp_path}/outcry.env" in said
    assert "already there: SITE_URL" in said
    assert "user:password" not in said


def program(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("found", "asked"), [("1", "healthz"), ("", "readyz")])
def test_a_restored_site_that_is_closed_is_not_waited_for_until_it_is_open(tmp_path, found, asked):
    """/readyz says 503 there until somebody opens it, and nginx would never be set up."""
    program(tmp_path / "bin/runuser", 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"')
    program(tmp_path / "bin/psql", f'case "$*" in *core_closed*outcry) echo {found};; esac')
    said = rehearse_with(tmp_path, SAID, path=tmp_path / "bin").stdout
    assert re.findall(r"127\.0\.0\.1:(\S+)$", said, re.MULTILINE) == [f"8001/{asked}", f"8000/{asked}"]
    assert ("outcry open" in said) == bool(found)


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("echo SNAPSHOT_KEYS=2026-11-28:abc", "SNAPSHOT_KEYS 2026-11-28:abc\n"),
        ("echo no database >&2; exit 1", None),
        ("echo something else", None),
    ],
)
def test_snapshot_keys_that_can_not_be_had_end_it(tmp_path, command, kept):
    """An empty list would be taken for done by every later run."""
    program(tmp_path / "bin/outcry", command)
    script = (DEPLOY / "install.sh").read_text()
    lines = script[script.index("if has_variable SNAPSHOT_KEYS") : script.index("\noutcry check\n")]
    lines = lines.replace("/usr/local/bin/outcry", str(tmp_path / "bin/outcry"))
    before = "set -euo pipefail; DRY=; has_variable() { false; }; variable() { echo $1 $2; }\n"
    [fail] = re.findall(r"^fail\(\).*$", script, re.MULTILINE)
    result = subprocess.run(["bash", "-c", f"{before}{fail}\n{lines}\necho on"], capture_output=True, text=True)
    if kept:
        assert (result.returncode, result.stdout) == (0, f"{kept}on\n")
    else:
        assert (result.returncode, result.stdout) == (1, "")
        assert "gave no keys" in result.stderr


@pytest.mark.parametrize(("value", "is_there"), [("''", False), ("", False), ("'a'", True), ("a", True)])
def test_a_variable_that_is_empty_counts_as_missing(tmp_path, value, is_there):
    (tmp_path / "outcry.env").write_text(f"SNAPSHOT_KEYS={value}\n")
    said = rehearse_with(tmp_path, SAID, ENV_FILE=tmp_path / "outcry.env").stdout
    assert ("already there: SNAPSHOT_KEYS" in said) == is_there
    assert ("adds SNAPSHOT_KEYS" in said) != is_there


@pytest.mark.parametrize("name", ["METRICS_TOKEN", "TRUSTED_PROXIES", "JOURNAL_PATH"])
def test_what_an_operator_set_to_nothing_stays_so(tmp_path, name):
    (tmp_path / "outcry.env").write_text(f"{name}=''\n")
    assert f"already there: {name}" in rehearse_with(tmp_path, SAID, ENV_FILE=tmp_path / "outcry.env").stdout


def test_no_secret_is_said():
    result = rehearse(SAID)
    assert "user:password" not in result.stdout + result.stderr
    assert "adds SECRET_KEY" in result.stdout


@pytest.mark.parametrize("missing", SAID)
def test_what_it_needs_is_asked_for(missing):
    result = rehearse({name: value for name, value in SAID.items() if name != missing})
    assert (result.returncode, f"Missing: {missing}" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({**SAID, "--site-url": "http://outcry.example"}, "must begin with https://"),
        ({"--sight-url": "x"}, "Unknown option"),
    ],
)
def test_what_can_not_be_is_refused(said, answer):
    result = rehearse(said)
    assert result.returncode != 0
    assert answer in result.stderr


def test_every_word_of_the_proxys_files_gets_a_value():
    words = {
        word
        for name in ("nginx.conf", "nginx-tls.conf")
        for word in re.findall(r"OUTCRY_[A-Z_]+", (DEPLOY / name).read_text())
    }
    assert len(words) == 11
    for script in ("install.sh", "nginx-start.sh"):
        assert words <= set(re.findall(r"s\|(OUTCRY_[A-Z_]+)\|", (DEPLOY / script).read_text())), script
