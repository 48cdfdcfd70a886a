"""Several workers at once, and one killed between any two steps."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from petitions import consent, recount, signing, tally
from petitions.models import Signature
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def confirmed(number):
    petition, words, now = factories.petition(), consent.current(), timezone.now()
    Signature.objects.bulk_create(
        Signature(
            petition=petition,
            email=f"s{index}@example.org",
            name="Ana",
            address_hash=index.to_bytes(32, "big"),
            hash_version=1,
            country=["ES", "FR", "DE"][index % 3],
            confirmed_at=now - timedelta(minutes=index % 240),
            consent_text=words,
        )
        for index in range(number)
    )
    return petition


def test_three_workers_at_once_count_each_signature_once():
    petition = confirmed(3_000)
    stop, errors = threading.Event(), []

    def work():
        try:
            while not stop.is_set():
                if not tally.settle(batch=97):
                    stop.wait(0.005)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for row in Signature.objects.filter(petition=petition)[:200]:
        signing.withdraw(row)
    for row in Signature.objects.filter(petition=petition, withdrawn_at=None)[:100]:
        signing.erase(row)
    while Signature.objects.filter(petition=petition).extra(where=["NOT (counted = counts)"]).exists():
        time.sleep(0.01)
    stop.set()
    for worker in workers:
        worker.join()
    assert errors == []
    assert tally.confirmed(petition) == 2_700
    assert recount.differences() == []


# Loaded once: every line that it reads names a database and a step, and makes a worker of its own, which says who it is and stops there.
WORKERS = """
import os, signal, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.db import connection, transaction
from petitions import tally

def stop_here():
    print(os.getpid(), flush=True)
    time.sleep(60)

def work(name, step):
    connection.settings_dict["NAME"] = name
    if step == "in the middle":
        with transaction.atomic():
            tally.settle(batch=50)
            stop_here()
    if step == "between batches":
        tally.settle(batch=50)
    stop_here()

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in iter(sys.stdin.readline, ""):
    if not os.fork():
        try:
            work(*line.rstrip().split(" ", 1))
        finally:
            print("was not killed", flush=True)
            os._exit(1)
"""


@pytest.fixture(scope="module")
def workers():
    from tests.settings import KEYS

    with subprocess.Popen(
        [sys.executable, "-c", WORKERS],
        env={**os.environ, **KEYS},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=settings.BASE_DIR,
    ) as started:
        yield started


@pytest.mark.parametrize("step", ["before", "in the middle", "between batches"])
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(step, workers):
    petition = confirmed(200)
    workers.stdin.write(f"{connection.settings_dict['NAME']} {step}\n")
    os.kill(int(workers.stdout.readline()), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while tally.confirmed(petition) != 200 and time.monotonic() < deadline:
        tally.settle_all()
        time.sleep(0.05)
    assert tally.confirmed(petition) == 200
    assert recount.differences() == []
