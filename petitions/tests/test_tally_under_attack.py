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
                tally.settle(batch=97)
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


KILLED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.db import connection, transaction
from petitions import tally
connection.settings_dict["NAME"] = sys.argv[1]
print("ready", flush=True)
if sys.argv[2] == "in the middle":
    with transaction.atomic():
        tally.settle(batch=50)
        print("now", flush=True)
        import time; time.sleep(60)
if sys.argv[2] == "between batches":
    tally.settle(batch=50)
    print("now", flush=True)
    import time; time.sleep(60)
if sys.argv[2] == "before":
    print("now", flush=True)
    import time; time.sleep(60)
"""


@pytest.mark.parametrize("step", ["before", "in the middle", "between batches"])
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(step):
    petition = confirmed(200)
    name = connection.settings_dict["NAME"]
    from tests.settings import KEYS

    environment = {**os.environ, **KEYS}
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, name, step],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
    )
    assert worker.stdout.readline() == "ready\n"
    assert worker.stdout.readline() == "now\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    deadline = time.monotonic() + 20
    while tally.confirmed(petition) != 200 and time.monotonic() < deadline:
        tally.settle_all()
        time.sleep(0.05)
    assert tally.confirmed(petition) == 200
    assert recount.differences() == []
