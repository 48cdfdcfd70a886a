"""What Prometheus itself says of deploy/alerts.yaml and of the questions in deploy/grafana.json."""

import json
import subprocess
from pathlib import Path

from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"


def promtool(*arguments):
    ran = subprocess.run(["promtool", *arguments], cwd=DEPLOY, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_rules_are_rules():
    assert "SUCCESS" in promtool("check", "rules", "alerts.yaml")


def test_each_alert_is_heard_when_it_must_be_and_not_before():
    assert "SUCCESS" in promtool("test", "rules", "alerts.test.yaml")


def test_the_dashboard_asks_what_prometheus_understands(tmp_path):
    panels = json.loads((DEPLOY / "grafana.json").read_text())["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [{"record": f"asked{number}", "expr": expression} for number, expression in enumerate(asked)]
    (tmp_path / "asked.yaml").write_text(json.dumps({"groups": [{"name": "asked", "rules": rules}]}))
    assert f"{len(asked)} rules found" in promtool("check", "rules", str(tmp_path / "asked.yaml"))
