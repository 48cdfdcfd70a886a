"""What ShellCheck and systemd themselves say of what is in deploy/. What promtool says: test_alerts.py."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"
OWN, OF_HOSTS = (sorted((DEPLOY / folder).glob("systemd/*.service")) for folder in (".", "hosts"))
UNITS = [*OWN, *OF_HOSTS]
SCRIPTS = sorted([*DEPLOY.glob("*.sh"), *DEPLOY.glob("hosts/*.sh")])
# Of 100: systemd's own word for this is "OK"; 50 and more is "medium". Patroni may open a watchdog, and runs all of PostgreSQL.
MOST_EXPOSED = dict.fromkeys(OWN, 25) | dict.fromkeys(OF_HOSTS, 40)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_written_well(script):
    result = subprocess.run(["shellcheck", script], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_may_do_little(unit):
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED[unit]}", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line_of_a_unit(unit, tmp_path):
    """It wants the programs to exist, which are installed elsewhere."""
    for name in ("python", "patroni"):
        (tmp_path / name).touch(mode=0o755)
    copy = tmp_path / unit.name
    copy.write_text(re.sub("/opt/(outcry/.venv|patroni)/bin", str(tmp_path), unit.read_text()))
    command = ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(copy)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("name", ["nginx.service", "postgresql@15-main.service"])
def test_systemd_reads_what_brings_back_a_service_of_debians(name, tmp_path):
    """Both fork."""
    (tmp_path / name).write_text("[Service]\nType=forking\nPIDFile=/run/x.pid\nExecStart=/bin/true\n")
    folder = tmp_path / f"{name.replace('15-main', '')}.d"
    folder.mkdir()
    shutil.copy(DEPLOY / "systemd/comes-back.conf", folder / "outcry.conf")
    command = ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(tmp_path / name)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
