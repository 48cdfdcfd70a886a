"""The units of systemd, as they are written. What systemd says of them: tests/e2e/test_deploy.py; how they begin again: tests/drill."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest
from django.conf import settings

UNITS = sorted((Path(settings.BASE_DIR) / "deploy/systemd").glob("*.service"))


def test_there_are_four():
    assert [path.stem for path in UNITS] == ["outcry-backup", "outcry-web-beside", "outcry-web", "outcry-workers"]


def test_the_stand_in_is_the_same_at_another_port():
    """EnvironmentFile comes after Environment in systemd's order whatever the order here: the port must not be set there."""
    beside, web = ([line for line in path.read_text().splitlines() if line and line[0] != "#"] for path in UNITS[1:3])
    assert set(beside) - set(web) == {"Description=Outcry: pages during an upgrade", "Environment=GRANIAN_PORT=8001"}
    assert set(web) - set(beside) == {"Description=Outcry: pages", "[Install]", "WantedBy=multi-user.target"}


@pytest.mark.parametrize("unit", UNITS[1:], ids=lambda unit: unit.stem)
def test_drawings_may_give_way(unit):
    """core/drawing/pdf_worker.py lowers its own priority, which @resources is about."""
    assert "@resources" not in [
        word for line in unit.read_text().splitlines() if line.startswith("SystemCallFilter") for word in line.split()
    ]


def test_what_debians_services_are_told_brings_them_back_within_five_seconds():
    read = configparser.ConfigParser()
    read.read(UNITS[0].with_name("comes-back.conf"))
    assert read["Service"]["Restart"] == "on-failure"
    assert float(read["Service"]["RestartSec"]) <= 2
    assert read["Unit"]["StartLimitIntervalSec"] == "0"
