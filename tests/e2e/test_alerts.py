"""What Prometheus itself says of deploy/alerts.yaml, of the questions in deploy/grafana.json, and of its own file for several hosts."""

import json
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from deploy.hosts import fill
from tests.deploy.test_hosts import KNOWN

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


def test_prometheus_takes_its_file_for_several_hosts(tmp_path):
    """It looks whether the files are there that it names."""
    fill.write({**KNOWN, "OUTCRY_CERTIFICATES": str(tmp_path)}, "watch1", tmp_path)
    certificates = [DEPLOY / "hosts/certificates.sh", tmp_path / "tls", "watch1=10.0.0.61"]
    subprocess.run(certificates, check=True)
    for path in (tmp_path / "tls/watch1").iterdir():
        path.rename(tmp_path / path.name)
    (tmp_path / "outcry-token").write_text("a-token")
    config = tmp_path / "prometheus.yml"
    config.write_text(config.read_text().replace("/etc/prometheus", str(tmp_path)))
    shutil.copy(DEPLOY / "alerts.yaml", tmp_path)
    assert "SUCCESS" in promtool("check", "config", str(config))
