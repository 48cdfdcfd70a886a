"""What Prometheus would hear of the hosts, asked as deploy/hosts/prometheus.yml asks: every number that an alert needs, and that all is well."""

from __future__ import annotations

import http.client
import re
import ssl

import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.hosts import fill
from tests.drill.units import ROOT
from tests.hosts.cluster import Cluster

# One for each standby, each Sentinel, each etcd.
WELL = {
    "outcry_standbys_synchronous": 2,
    "outcry_standbys_missing": 0,
    'haproxy_backend_active_servers{proxy="sentinel"}': 3,
    "etcd_server_has_leader": 1,
    "patroni_is_paused": 0,
}


def problems(cluster: Cluster) -> list[str]:
    """Nothing, where every host answers and all is well."""
    found, silent = heard(cluster)
    rules = yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text())["groups"][-1]["rules"]
    asked = " ".join(rule["expr"] for rule in rules)
    known = {name.partition("{")[0] for name in found} | {"up"}
    # The first groups' alerts are tried on one machine; that of tasks hears here of other hosts.
    needed = {"outcry_tasks_total", *re.findall(r"\b(?:outcry|patroni|etcd|haproxy)_\w+", asked)}
    missing = needed - known
    wrong = [
        f"{name}: {sorted(found.get(name, []))}" for name, value in WELL.items() if found.get(name, set()) != {value}
    ]
    return [*silent, *(f"nobody tells {name}" for name in sorted(missing)), *wrong]


def heard(cluster: Cluster) -> tuple[dict[str, set[float]], list[str]]:
    """The values of each number, of all hosts; HAProxy's by the part that it is of. And who did not answer."""
    certificates = cluster.folder / "tls/client"
    known = {**cluster.known, "OUTCRY_CERTIFICATES": str(certificates)}
    jobs = yaml.safe_load(fill.filled((ROOT / "deploy/hosts/prometheus.yml").read_text(), known))["scrape_configs"]
    found: dict[str, set[float]] = {}
    silent = []
    for job in jobs:
        context = ssl.create_default_context(cafile=job["tls_config"]["ca_file"])
        if "cert_file" in job["tls_config"]:
            context.load_cert_chain(job["tls_config"]["cert_file"], job["tls_config"]["key_file"])
        token = {"Authorization": f"Bearer {cluster.environment['METRICS_TOKEN']}"} if "authorization" in job else {}
        for target in job["static_configs"][0]["targets"]:
            try:
                text = _ask(target, job.get("metrics_path", "/metrics"), context, token)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                silent.append(f"{job['job_name']} at {target}: {type(error).__name__} {error}")
                continue
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    part = f'{{proxy="{sample.labels["proxy"]}"}}' if "proxy" in sample.labels else ""
                    found.setdefault(f"{sample.name}{part}", set()).add(sample.value)
    return found, silent


def _ask(target: str, path: str, context: ssl.SSLContext, headers: dict[str, str]) -> str:
    host, port = target.split(":")
    connection = http.client.HTTPSConnection(host, int(port), timeout=5, context=context)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        assert response.status == 200, response.status
        return response.read().decode()
    finally:
        connection.close()
