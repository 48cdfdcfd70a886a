"""What is watched has one list of names (operations/watching/names.py): alerts, dashboard and documents use no other."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from operations import known_conditions
from operations.watching.names import LISTED, Kind

ROOT = Path(settings.BASE_DIR)
ALERTS = (ROOT / "deploy/alerts.yaml").read_text()
PANELS = json.loads((ROOT / "deploy/grafana.json").read_text())["panels"]
OPERATIONS = ROOT / "docs/operations.md"
PARTS = {Kind.HISTOGRAM: ("_bucket", "_sum", "_count"), Kind.SUMMARY: ("_sum", "_count")}
EXIST = {metric.name + part for metric in LISTED.values() for part in PARTS.get(metric.kind, ("",))}


def named(text):
    return set(re.findall(r"\boutcry_[a-z_]+", text))


def alerts():
    """{name: its lines}"""
    return dict(re.findall(r"- alert: (\w+)\n((?:        .*\n)+)", ALERTS))


def operations():
    return OPERATIONS.read_text()


def test_alerts_and_dashboard_ask_for_what_there_is():
    asked = "\n".join(target["expr"] for panel in PANELS for target in panel["targets"])
    assert len(PANELS) > 10
    assert len(named(asked)) > 10 and len(named(ALERTS)) > 10
    assert named(asked) | named(ALERTS) <= EXIST


@pytest.mark.parametrize("label", ["task", "queue", "route", "status", "outcome", "kind", "step"])
def test_labels_that_they_use_exist(label):
    assert label in {label for metric in LISTED.values() for label in metric.labels}


def test_no_panel_lies_on_another():
    places = [panel["gridPos"] for panel in PANELS]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_each_alert_says_how_bad_it_is_and_where_to_read_on():
    assert len(alerts()) == ALERTS.count("- alert:") > 10
    for name, lines in alerts().items():
        assert re.search(r"severity: (page|ticket)\b", lines), name
        assert f"runbook: docs/operations.md#{name.lower()}\n" in lines
        assert re.search(r"summary: \"[^\"]+\.\"", lines), name


def test_each_alert_is_tried():
    tried = (ROOT / "deploy/alerts.test.yaml").read_text()
    assert set(re.findall(r"alertname=.(\w+)", tried)) == set(alerts())


def test_each_alert_has_its_place_in_the_operations_page():
    headings = re.findall(r"^#+ (\w+)$", operations(), re.MULTILINE)
    assert {name for name in headings if name.startswith("Outcry")} == set(alerts())


def test_each_metric_is_explained_in_the_operations_page():
    assert set(re.findall(r"^\| `(outcry_\w+)` \|", operations(), re.MULTILINE)) == set(LISTED)


def test_each_incident_has_its_row_in_the_operations_page():
    table = operations().split("\n### Alerts to staff\n")[1].split("\n#")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {known.name for known in known_conditions.known()}
