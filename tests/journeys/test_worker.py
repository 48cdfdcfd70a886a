"""A real Celery worker, a real broker, a real mail server, and two schedulers at once."""

import os
import re
import signal
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from demo.processes import Processes
from petitions import recount, tally
from petitions.models import Signature
from tests import factories
from tests.keys import KEYS

pytestmark = pytest.mark.django_db(transaction=True)
WORKER = (
    "-m",
    "celery",
    "-A",
    "config",
    "worker",
    "--concurrency",
    "2",
    "--loglevel",
    "WARNING",
    "--queues",
    "count,mail,default,slow",
    "--without-gossip",
    "--without-mingle",
)


def environment(static_root):
    database = re.sub(r"/[^/?]+(\?|$)", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"], count=1)
    if database.startswith("postgres://") and "@/" in os.environ["DATABASE_URL"]:
        database = re.sub(r"@/[^?]+", f"@/{connection.settings_dict['NAME']}", os.environ["DATABASE_URL"])
    return {
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "STATIC_ROOT": str(static_root),
    }


@pytest.fixture(scope="module")
def schedulers(django_db_setup, collected, tmp_path_factory):
    """Two at once; they send tasks all the time, and read no table that a test writes."""
    folder = tmp_path_factory.mktemp("schedulers")
    running = Processes(environment(collected), folder)
    for beat in ("one", "two"):
        schedule = str(folder / beat)
        running.start(
            f"beat-{beat}", "-m", "celery", "-A", "config", "beat", "--loglevel", "WARNING", "--schedule", schedule
        )
    yield running
    running.stop()


@pytest.fixture
def processes(schedulers, collected, smtp, tmp_path):
    running = Processes({**environment(collected), "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}"}, tmp_path)
    yield running
    running.stop()
    schedulers.check()


def until(reached, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if reached():
            return
        time.sleep(0.1)
    raise AssertionError("not in time")


def test_mails_and_tally_with_two_schedulers(processes, smtp):
    processes.start("worker", *WORKER)
    petition = factories.petition()
    factories.signatures(petition, 30)
    factories.signatures(petition, 30, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    until(lambda: tally.confirmed(petition) == 30 and len(smtp.received) == 30)
    time.sleep(5)
    processes.check()
    assert len(smtp.received) == 30
    assert len({envelope.rcpt_tos[0] for envelope in smtp.received}) == 30
    assert tally.confirmed(petition) == 30
    assert recount.differences() == []


def test_a_worker_killed_at_work_is_followed_by_another(processes, smtp):
    worker = processes.start("worker", *WORKER)
    petition = factories.petition()
    factories.signatures(petition, 300)
    factories.signatures(petition, 300, confirmed=False, mailed_at=None, mail_due_at=timezone.now())
    until(lambda: len(smtp.received) > 10)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    processes.running = [(name, process) for name, process in processes.running if process is not worker]
    # What the dead worker had claimed stays claimed until its lease ends: here that is now.
    Signature.objects.filter(mailed_at=None, mail_due_at__gt=timezone.now()).update(mail_due_at=timezone.now())
    processes.start("worker", *WORKER)
    until(lambda: tally.confirmed(petition) == 300 and Signature.objects.filter(mailed_at=None).count() == 0)
    mailed = [envelope.rcpt_tos[0] for envelope in smtp.received]
    assert len(set(mailed)) == 300
    # Twice only where the kill fell between sending and marking: at most one a process of the worker.
    assert len(mailed) <= 302
    assert recount.differences() == []
