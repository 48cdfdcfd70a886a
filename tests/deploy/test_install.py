"""The installer rehearses; the real thing was tried in a fresh Debian (docs/operations.md)."""

from __future__ import annotations

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
        "Is", "Packages", "User", "Python", "PostgreSQL", "Valkey", "Environment", "The", "Database", "Units", "nginx", "First", "What",
    ]  # fmt: skip
    for done in (
        "install -m 0600 /dev/null /etc/outcry/outcry.env",
        "--require-hashes",
        "outcry migrate",
        "outcry collectstatic",
        "outcry invite ana@outcry.example --role administrator",
        "systemctl restart outcry-web-beside",
    ):
        assert done in result.stdout
    assert before == {path: path.exists() for path in before}


def test_no_secret_is_said():
    result = rehearse(SAID)
    assert "user:password" not in result.stdout + result.stderr
    assert "adds SECRET_KEY" in result.stdout


@pytest.mark.parametrize("missing", SAID)
def test_what_it_needs_is_asked_for(missing):
    result = rehearse({name: value for name, value in SAID.items() if name != missing})
    assert (result.returncode, f"Say {missing}" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({**SAID, "--site-url": "http://outcry.example"}, "must begin with https://"),
        ({"--sight-url": "x"}, "is not known"),
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
