"""The files of several hosts, as they are written: each setting without which something was lost, or away for too long, when hosts
were taken away (docs/many-hosts.md). What they do: `make drill-hosts`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from deploy.hosts import fill

FOLDER = Path(settings.BASE_DIR) / "deploy/hosts"
EXAMPLE = fill.values((FOLDER / "hosts.env.example").read_text())
KNOWN = {name: value or "a-password" for name, value in EXAMPLE.items()}
HOSTS = ["data1", "data2", "data3", "web1", "web2", "work1", "work2", "edge1", "edge2", "watch1"]


def words(name: str) -> dict[str, list[list[str]]]:
    """A configuration of one directive a line: what stands after each."""
    found: dict[str, list[list[str]]] = {}
    for line in (FOLDER / name).read_text().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            first, *rest = line.split()
            found.setdefault(first, []).append(rest)
    return found


def section(name: str, part: str) -> list[str]:
    """The lines of a section of HAProxy, stripped."""
    blocks = (FOLDER / name).read_text().split("\n\n")
    (found,) = [block for block in blocks if any(line.split()[:2] == part.split() for line in block.splitlines())]
    return [line.strip() for line in found.splitlines()]


@pytest.fixture(scope="module")
def patroni():
    return yaml.safe_load((FOLDER / "patroni.yml").read_text())


@pytest.mark.parametrize("host", HOSTS)
def test_every_file_of_a_host_is_filled_in_and_read_by_its_owner_alone(host, tmp_path):
    fill.write(KNOWN, host, tmp_path)
    written = list(tmp_path.iterdir())
    assert len(written) > 1
    for path in written:
        assert "OUTCRY_" not in path.read_text(), path
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("missing", [{}, {"OUTCRY_DATA_2": ""}])
def test_a_value_that_is_missing_or_empty_is_named(missing, tmp_path):
    values = tmp_path / "hosts.env"
    rest = {name: value for name, value in KNOWN.items() if name != "OUTCRY_DATA_2"}
    values.write_text("\n".join(f"{name}={value}" for name, value in {**rest, **missing}.items()))
    done = subprocess.run(
        [sys.executable, FOLDER / "fill.py", values, "data1", tmp_path / "out"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "OUTCRY_DATA_2 has no value" in done.stderr


@pytest.mark.parametrize("host", ["data", "dat1", "1", ""])
def test_a_host_that_cannot_be_one_is_named(host, tmp_path):
    assert fill.main([str(FOLDER / "hosts.env.example"), host, str(tmp_path / "out")]).startswith(f"{host} is no host")
    assert not (tmp_path / "out").exists()


def test_the_example_names_no_password():
    assert {name for name, value in EXAMPLE.items() if not value} == {name for name in EXAMPLE if "PASSWORD" in name}
    assert len([name for name in EXAMPLE if "PASSWORD" in name]) > 7


def test_a_certificate_names_its_host_and_loopback(tmp_path):
    subprocess.run([FOLDER / "certificates.sh", tmp_path, "data1=10.0.0.11"], check=True)
    host = tmp_path / "data1"
    said = subprocess.run(
        ["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", host / "host.pem"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in ("DNS:data1", "IP Address:10.0.0.11", "IP Address:127.0.0.1"):
        assert name in said
    subprocess.run(
        ["openssl", "verify", "-CAfile", host / "ca.pem", host / "host.pem"], check=True, capture_output=True
    )
    assert (host / "host.key").stat().st_mode & 0o077 == 0
    before = (host / "host.pem").read_bytes()
    subprocess.run([FOLDER / "certificates.sh", tmp_path, "data1=10.0.0.11"], check=True)
    assert (host / "host.pem").read_bytes() == before


def test_nothing_is_acknowledged_by_one_host_alone(patroni):
    shared = patroni["bootstrap"]["dcs"]
    assert (shared["synchronous_mode"], shared["synchronous_mode_strict"], shared["synchronous_node_count"]) == (
        "quorum",
        True,
        1,
    )
    assert shared["postgresql"]["parameters"]["synchronous_commit"] == "on"


def test_a_lost_primary_is_given_up_soon(patroni):
    shared = patroni["bootstrap"]["dcs"]
    assert (shared["ttl"], shared["loop_wait"], shared["retry_timeout"]) == (20, 2, 5)
    assert shared["primary_start_timeout"] == 0
    assert shared["failsafe_mode"] is True


def test_a_host_that_returns_does_not_force_an_election():
    assert fill.values((FOLDER / "etcd.env").read_text())["ETCD_PRE_VOTE"] == "true"


def test_a_primary_that_returns_can_be_rewound(patroni):
    shared = patroni["bootstrap"]["dcs"]["postgresql"]
    assert shared["use_pg_rewind"] is True
    assert shared["remove_data_directory_on_rewind_failure"] is True
    assert shared["parameters"]["wal_keep_size"] == "4GB"
    assert "hostssl replication replicator 127.0.0.1/32 scram-sha-256" in patroni["postgresql"]["pg_hba"]


def test_postgresql_is_set_as_the_page_for_one_machine_says(patroni):
    page = (FOLDER.parent.parent / "docs/operations.md").read_text()
    table = page.split("\n## PostgreSQL\n")[1].split("\n## ")[0]
    shared, own = patroni["bootstrap"]["dcs"]["postgresql"]["parameters"], patroni["postgresql"]["parameters"]
    rows = dict(re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", table, re.MULTILINE))
    alike = {
        "`checkpoint_timeout`, `max_wal_size`": "15min, 4GB",
        "`random_page_cost`": "1.1",
        "`idle_in_transaction_session_timeout`": "60s",
        "`log_min_error_statement`, `log_error_verbosity`": "panic, terse",
        "`jit`": "off",
        "`log_connections`": "off",
        "`password_encryption`": "scram-sha-256",
    }
    for names, values in alike.items():
        assert rows[names].startswith(values), names
        assert ", ".join(str(shared[name.strip("` ")]) for name in names.split(",")) == values, names
    assert {"shared_buffers", "effective_cache_size"} <= own.keys()


def test_there_are_connections_left_when_the_page_says_that_it_is_time_for_a_pooler(patroni):
    page = (FOLDER.parent.parent / "docs/scaling.md").read_text()
    (limit,) = re.findall(r"PostgreSQL has nearly (\d+) connections", page)
    assert patroni["bootstrap"]["dcs"]["postgresql"]["parameters"]["max_connections"] >= int(limit) + 50


def test_who_is_cut_off_is_noticed_in_seconds(patroni):
    kernel = {
        line[0]: line[2] for line in map(str.split, (FOLDER / "sysctl.conf").read_text().splitlines()) if line[0] != "#"
    }
    assert kernel == {
        "net.ipv4.tcp_keepalive_time": "5",
        "net.ipv4.tcp_keepalive_intvl": "2",
        "net.ipv4.tcp_keepalive_probes": "3",
        "net.ipv4.tcp_retries2": "6",
    }
    said = patroni["bootstrap"]["dcs"]["postgresql"]["parameters"]
    assert (said["tcp_keepalives_idle"], said["tcp_keepalives_interval"], said["tcp_keepalives_count"]) == (5, 2, 3)
    assert (said["tcp_user_timeout"], said["wal_sender_timeout"]) == ("8s", "6s")


def test_haproxy_leads_to_the_primary_and_ends_what_leads_elsewhere():
    assert "default-server check inter 1s fall 3 rise 1 on-marked-down shutdown-sessions" in section(
        "haproxy.cfg", "defaults"
    )
    assert "option httpchk OPTIONS /primary" in section("haproxy.cfg", "listen primary")
    for part in ("listen primary", "listen standby"):
        assert [
            line
            for line in section("haproxy.cfg", part)
            if line.startswith("default-server port 8008 check-ssl verify required")
        ]


def test_haproxy_leads_to_a_master_that_is_followed():
    assert r"tcp-check expect rstring role:master\r\nconnected_slaves:[1-9]" in section("haproxy.cfg", "listen valkey")


def test_a_master_that_is_alone_takes_no_writes_and_is_replaced_soon():
    valkey, sentinel = words("valkey.conf"), words("sentinel.conf")
    assert valkey["min-replicas-to-write"] == [["1"]]
    assert valkey["min-replicas-max-lag"] == [["5"]]
    assert valkey["maxmemory-policy"] == [["noeviction"]]
    assert ["down-after-milliseconds", "outcry", "3000"] in sentinel["sentinel"]
    assert ["monitor", "outcry", "OUTCRY_DATA_1", "6379", "2"] in sentinel["sentinel"]


def test_the_edge_asks_whether_a_web_host_lives_and_not_whether_its_database_does():
    backend = section("edge.cfg", "backend web")
    assert [line for line in backend if "uri /healthz" in line]
    assert "/readyz" not in "\n".join(line for line in backend if not line.startswith("#"))
    # A form that may have arrived is never sent to a second host.
    assert "retry-on conn-failure" in section("edge.cfg", "defaults")


def test_the_edge_soon_leaves_a_web_host_that_is_gone_and_never_one_that_waits_for_its_database():
    """Whoever has a thread of it waits for ten seconds (operations/serving.py), and ends the session."""
    defaults = section("edge.cfg", "defaults")
    assert "timeout connect 1s" in defaults
    (patience,) = [line.removeprefix("timeout check ") for line in defaults if line.startswith("timeout check ")]
    assert 12 < int(patience.removesuffix("s")) <= 20
    # One that comes back finds the database first.
    assert [
        line
        for line in section("edge.cfg", "backend web")
        if line.startswith("default-server check inter 1s fall 2 rise 3 ")
    ]


def test_nginx_never_gives_up_who_takes_its_requests_and_sends_no_form_twice():
    """max_fails=1 once shut out both web hosts."""
    said = [line.strip() for line in (FOLDER.parent / "nginx.conf").read_text().splitlines()]
    servers = [line for line in said if line.startswith("server ") and line != "server {"]
    assert len(servers) > 4
    assert all("max_fails=0" in line.removesuffix(";").split() for line in servers)
    assert {line for line in said if line.startswith("proxy_next_upstream ")} == {"proxy_next_upstream error;"}


def test_nobody_is_let_in_without_a_certificate_or_a_password(patroni):
    assert not [
        line for line in patroni["postgresql"]["pg_hba"] if "trust" in line or line.startswith(("host ", "hostnossl"))
    ]
    assert patroni["restapi"]["authentication"]["password"]
    assert patroni["restapi"]["verify_client"] in ("optional", "required")
    etcd = fill.values((FOLDER / "etcd.env").read_text())
    assert etcd["ETCD_CLIENT_CERT_AUTH"] == etcd["ETCD_PEER_CLIENT_CERT_AUTH"] == "true"
    assert not [name for name, value in etcd.items() if "http://" in value]
    for name in ("valkey.conf", "sentinel.conf"):
        assert (words(name)["port"], words(name)["tls-auth-clients"], words(name)["tls-replication"]) == (
            [["0"]],
            [["yes"]],
            [["yes"]],
        )
    assert ["default", "off"] in words("valkey.conf")["user"]
    assert words("sentinel.conf")["requirepass"]


def test_sentinels_are_asked_for_their_quorum_by_somebody_who_may_ask_nothing_else():
    (user,) = words("sentinel.conf")["user"]
    assert user == ["check", "on", ">OUTCRY_CHECK_PASSWORD", "+ping", "+sentinel|ckquorum"]
    backend = section("haproxy.cfg", "backend sentinel")
    assert r"tcp-check send SENTINEL\ CKQUORUM\ outcry\r\n" in backend
    # One that has no quorum says NOQUORUM, and how many are usable.
    (wanted,) = [line.removeprefix("tcp-check expect rstring ") for line in backend if " rstring " in line]
    pattern = re.compile(wanted.replace("\\ ", " "))
    assert pattern.search("+OK 3 usable Sentinels. Quorum and failover authorization can be reached")
    assert not pattern.search("-NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the majority")


def test_numbers_of_the_engines_are_told_to_those_with_a_certificate():
    metrics = section("haproxy.cfg", "frontend metrics")
    (bound,) = [line for line in metrics if line.startswith("bind ")]
    assert bound.startswith("bind OUTCRY_ADDRESS:8404 ssl ") and bound.endswith(" verify required")
    jobs = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    assert {job["scheme"] for job in jobs} == {"https"}
    assert all(job["tls_config"]["ca_file"] for job in jobs)
    # deploy/alerts.yaml names the jobs.
    named = set(re.findall(r"job=~?\"([\w|]+)\"", (FOLDER.parent / "alerts.yaml").read_text()))
    assert {name for names in named for name in names.split("|")} == {job["job_name"] for job in jobs}


def test_how_tasks_end_is_asked_of_worker_hosts_where_the_page_has_them_say_it():
    (job,) = [
        one
        for one in yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
        if one["job_name"] == "workers"
    ]
    paths = f"unless {{ path /metrics {job['metrics_path']} }}"
    assert any(line.endswith(paths) for line in section("haproxy.cfg", "frontend metrics"))
    assert job["static_configs"][0]["targets"] == ["OUTCRY_WORK_1:8404", "OUTCRY_WORK_2:8404"]
    (server,) = [line.split()[-1] for line in section("haproxy.cfg", "backend workers") if line.startswith("server ")]
    assert f"manage.py workers --metrics {server}\\n" in (FOLDER.parent.parent / "docs/many-hosts.md").read_text()


def test_a_standby_is_late_for_the_alerts_as_for_those_who_read_there():
    (asked,) = [line for line in section("haproxy.cfg", "listen standby") if "/replica?lag=" in line]
    assert asked.endswith("lag=16MB")
    assert "outcry_standby_lag_bytes) > 16 * 1024 * 1024" in (FOLDER.parent / "alerts.yaml").read_text()


def test_the_site_may_know_of_its_standbys():
    assert "GRANT pg_read_all_stats TO outcry;" in (FOLDER / "post-bootstrap.sh").read_text()


@pytest.mark.parametrize("name", ["haproxy.cfg", "edge.cfg"])
def test_haproxy_keeps_no_rights_of_root(name):
    assert {"user haproxy", "group haproxy"} <= set(section(name, "global"))


def test_an_edge_that_finds_no_web_host_lets_nginx_say_so():
    (rule,) = [line for line in section("edge.cfg", "frontend nginx") if line.startswith("http-after-response ")]
    assert rule.startswith("http-after-response set-status 502 if { status 503 } ")
    # For these nginx has a page; a 503 of the site is passed on as it is.
    (shown,) = re.findall(r"error_page (.*) =503 /away;", (FOLDER.parent / "nginx.conf").read_text())
    assert shown == "502 504"


@pytest.mark.parametrize(("host", "name"), [("web1", "haproxy.cfg"), ("edge1", "edge.cfg")])
def test_haproxy_takes_its_files(host, name, tmp_path):
    haproxy = shutil.which("haproxy") or "/usr/sbin/haproxy"
    if not os.access(haproxy, os.X_OK):
        pytest.skip("no HAProxy here; make drill-hosts installs it")
    subprocess.run([FOLDER / "certificates.sh", tmp_path / "tls", f"{host}=10.0.0.21"], check=True)
    fill.write({**KNOWN, "OUTCRY_CERTIFICATES": str(tmp_path / "tls" / host)}, host, tmp_path)
    done = subprocess.run([haproxy, "-c", "-f", tmp_path / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
