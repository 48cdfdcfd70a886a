"""The units of systemd: what they may do, and that systemd understands them. How they begin again: tests/drill."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

UNITS = sorted((Path(settings.BASE_DIR) / "deploy/systemd").glob("*.service"))
# Of 100: systemd's own word for this is "OK"; 50 and more is "medium".
MOST_EXPOSED = 25
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def test_there_are_three():
    assert [path.stem for path in UNITS] == ["outcry-web-beside", "outcry-web", "outcry-workers"]


def test_the_stand_in_is_the_same_at_another_port():
    """EnvironmentFile comes after Environment in systemd's order whatever the order here: the port must not be set there."""
    beside, web = ([line for line in path.read_text().splitlines() if line and line[0] != "#"] for path in UNITS[:2])
    assert set(beside) - set(web) == {"Description=Outcry: pages during an upgrade", "Environment=GRANIAN_PORT=8001"}
    assert set(web) - set(beside) == {"Description=Outcry: pages", "[Install]", "WantedBy=multi-user.target"}


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_may_do_little(unit):
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line_of_a_unit(unit, tmp_path):
    """It wants the programs to exist, which are installed elsewhere."""
    for name in ("granian", "python"):
        (tmp_path / name).touch(mode=0o755)
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/outcry/.venv/bin", str(tmp_path)))
    command = ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(copy)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_drawings_may_give_way(unit):
    """core/drawing/pdf_worker.py lowers its own priority, which @resources is about."""
    assert "@resources" not in [
        word for line in unit.read_text().splitlines() if line.startswith("SystemCallFilter") for word in line.split()
    ]
