"""A whole site, watched from outside: what it says of itself is right across its processes, whichever of them answers, and it goes on
answering when PostgreSQL hangs."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from prometheus_client.parser import text_string_to_metric_families

from operations.watching import names
from tests.drill.site import METRICS_TOKEN, running
from tests.drill.units import children, kill, wait_for

BEARER = {"Authorization": f"Bearer {METRICS_TOKEN}"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("X_BEARER_TOKEN", "")
        with running(folder) as site:
            yield site


def ask(site, path, headers=None):
    """Status, text, seconds."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{site.port}", **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read().decode(), time.monotonic() - began
    finally:
        connection.close()


def metrics(site):
    """{(name of the sample, value of each label, in the order of their names, …): value}"""
    status, text, _ = ask(site, "/metrics", BEARER)
    assert status == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ready(site):
    return ask(site, "/readyz")[0] == 200


@contextmanager
def hanging(site):
    """All processes of PostgreSQL stand still: it takes connections, and answers nothing."""
    postgres = site.engines.postgres.process.pid
    # The first of them first, or it would make others; one of them may just have ended.
    os.kill(postgres, signal.SIGSTOP)
    stopped = children(postgres)
    try:
        for pid in stopped:
            tell(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in (*stopped, postgres):
            tell(pid, signal.SIGCONT)


def tell(pid, number):
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def requests(site, route):
    return metrics(site).get(("outcry_requests_total", "GET", route, "200"), 0)


def test_who_asks_for_metrics_without_the_token_finds_nothing(site):
    assert ask(site, "/metrics")[0] == 404
    assert json.loads(ask(site, "/readyz")[1]) == {"status": "ok"}


def test_requests_are_counted_right_across_processes(site):
    assert len(children(site.web.process.pid)) >= 2
    before = requests(site, "healthz")
    with ThreadPoolExecutor(8) as pool:
        assert {status for status, *_ in pool.map(lambda _: ask(site, "/healthz"), range(40))} == {200}
    told = [metrics(site) for _ in range(6)]
    assert {found["outcry_requests_total", "GET", "healthz", "200"] for found in told} == {before + 40}
    assert {found["outcry_request_seconds_count", "healthz"] for found in told} == {before + 40}


def test_signatures_are_followed_on_their_way(site):
    site.load.sign()
    wait_for(lambda: site.mailbox.received, 20, "the mail")
    assert metrics(site)["outcry_signatures_total", "accepted"] == 1
    site.load.confirm()
    wait_for(lambda: metrics(site)["outcry_signatures_counted",] == 1, 20, "the count")
    found = metrics(site)
    assert found["outcry_signatures_total", "confirmed"] == 1
    assert found["outcry_signatures_uncounted",] == found["outcry_confirmation_age_seconds",] == 0
    assert found["outcry_requests_total", "POST", "sign", "303"] == 1


def test_tasks_are_counted_with_how_they_ended(site):
    wait_for(lambda: metrics(site).get(("outcry_tasks_total", "done", "petitions.tally"), 0) > 1, 20, "two tallies")
    found = metrics(site)
    assert 0 <= found["outcry_turn_age_seconds", "petitions.tally"] < 10
    assert found["outcry_task_seconds_count", "petitions.tally"] > 1
    assert found["outcry_queue_length", "count"] < 10
    assert found["outcry_database_up",] == found["outcry_valkey_up",] == found["outcry_ready",] == 1
    assert found["outcry_mails_uncertain", "Signature"] == 0


def test_no_label_names_a_campaign_or_a_person(site):
    ask(site, "/c/drill/")
    _, text, _ = ask(site, "/metrics", BEARER)
    assert "drill" not in text
    assert "Ana" not in text and "@" not in text
    assert set().union(*(metric.labels for metric in names.LISTED.values())) == {
        "route", "method", "status", "step", "task", "outcome", "version", "queue", "kind",
    }  # fmt: skip


def test_what_a_killed_process_has_counted_stays(site):
    before = requests(site, "healthz")
    kill(children(site.web.process.pid)[-1])
    time.sleep(3)
    wait_for(lambda: ready(site), 20, "the site")
    assert requests(site, "healthz") == before
    ask(site, "/healthz")
    assert requests(site, "healthz") == before + 1


def test_without_valkey_it_is_ready_and_says_what_it_knows(site):
    site.kill_valkey()
    try:
        assert ready(site)
        began = time.monotonic()
        found = metrics(site)
        assert time.monotonic() - began < 2
        assert found["outcry_valkey_up",] == 0
        assert found["outcry_signatures_counted",] == 1
        assert not any(name == "outcry_queue_length" for name, *_ in found)
        status, text, _ = ask(site, "/readyz", BEARER)
        assert (status, json.loads(text)["valkey"]) == (200, "down")
    finally:
        site.begin_engines_again()
    wait_for(lambda: metrics(site).get(("outcry_turn_age_seconds", "petitions.tally"), 99) < 5, 40, "a tally")


def test_questions_do_not_pile_up_while_postgres_hangs(site):
    with hanging(site):
        time.sleep(7)
        with ThreadPoolExecutor(20) as pool:
            told = list(pool.map(lambda number: ask(site, ("/readyz", "/healthz")[number % 2]), range(100)))
        assert {status for status, *_ in told[::2]} == {503}
        assert {status for status, *_ in told[1::2]} == {200}
        assert max(seconds for *_, seconds in told) < 2
        began = time.monotonic()
        found = metrics(site)
        assert time.monotonic() - began < 2
        assert found["outcry_database_up",] == found["outcry_ready",] == 0
    wait_for(lambda: all(ready(site) for _ in range(10)), 10, "the site")


def test_a_service_that_begins_again_counts_from_nought(site):
    assert requests(site, "healthz") > 40
    kill(site.web.process.pid)
    time.sleep(2)
    wait_for(site.is_ready, 30, "the site")
    assert requests(site, "healthz") == 0
    assert metrics(site)["outcry_signatures_counted",] == 1
