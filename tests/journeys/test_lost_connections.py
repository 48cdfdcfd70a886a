"""Connections that carry nothing any more, and of which nobody is told."""

import socket
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from django.conf import settings

from config.celery import app as celery
from core.queues import Queue
from demo.processes import Processes
from engines import Valkey
from petitions import tally
from tests import factories
from tests.journeys.test_worker import environment, until
from tests.relay import relaying

pytestmark = pytest.mark.django_db(transaction=True)
# Seconds: a stalled worker is found after 20 at most on a quiet machine, and begun again after a few more.
PATIENCE = 90


@pytest.fixture(autouse=True)
def log(tmp_path):
    """What the workers wrote is shown with a failure."""
    yield
    sys.stdout.write((tmp_path / "workers.log").read_text())


def test_connections_to_valkey_that_are_lost_without_a_word_are_made_anew(django_db_setup, collected, tmp_path):
    """As behind a firewall that has forgotten them: nothing comes back, and nothing says so."""
    url = urlsplit(settings.REDIS_URL)
    number = parse_qs(url.query).get("db", ["0"])[0] if url.scheme == "unix" else url.path.strip("/")

    def connect():
        if url.scheme != "unix":
            return socket.create_connection((url.hostname, url.port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(url.path)
        return made

    petition = factories.petition()
    with relaying(connect) as relay:
        variables = {**environment(collected), "REDIS_URL": f"redis://127.0.0.1:{relay.port}/{number}"}
        processes = Processes(variables, tmp_path)
        processes.start("workers", "manage.py", "workers", "count=1")
        try:
            factories.signatures(petition, 3)
            until(lambda: tally.confirmed(petition) == 3)
            assert relay.lose() > 2
            factories.signatures(petition, 3)
            until(lambda: tally.confirmed(petition) == 6, PATIENCE)
        finally:
            processes.stop()


def test_a_worker_that_takes_nothing_is_begun_again(django_db_setup, collected, tmp_path):
    """It is told to leave its queue alone: as after a loss of which Celery did not hear, it is up, and tasks wait."""
    petition = factories.petition()
    processes = Processes(environment(collected), tmp_path)
    processes.start("workers", "manage.py", "workers", "count=1")
    try:
        factories.signatures(petition, 3)
        until(lambda: tally.confirmed(petition) == 3)
        told = celery.control.cancel_consumer(Queue.COUNT.value, reply=True, timeout=5)
        assert [list(answer.values())[0]["ok"] for answer in told] == ["no longer consuming from count"]
        factories.signatures(petition, 3)
        until(lambda: tally.confirmed(petition) == 6, PATIENCE)
        assert "takes nothing though tasks wait" in (tmp_path / "workers.log").read_text()
    finally:
        processes.stop()


def test_a_valkey_that_takes_no_writes_for_a_moment_ends_no_worker(django_db_setup, collected, tmp_path):
    """As the one that was the master until now, and those that have just lost their replica."""
    petition, engine = factories.petition(), Valkey()
    address = engine.start()
    processes = Processes({**environment(collected), "REDIS_URL": address}, tmp_path)
    processes.start("workers", "manage.py", "workers", "count=1")
    try:
        factories.signatures(petition, 3)
        until(lambda: tally.confirmed(petition) == 3)
        with redis.Redis.from_url(address) as valkey:
            valkey.replicaof("127.0.0.1", "1")
            time.sleep(3)
            valkey.replicaof("NO", "ONE")
        factories.signatures(petition, 3)
        until(lambda: tally.confirmed(petition) == 6, PATIENCE)
        assert "worker count has ended" not in (tmp_path / "workers.log").read_text()
    finally:
        processes.stop()
        engine.stop()
