"""All that is measured, as Prometheus reads it: what processes have counted, and what is read now.

operations/watching/readers.py knows who reads what; operations/watching/names.py has the names.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from threading import Lock

from django.conf import settings
from django.db import Error, connection, transaction
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from operations.version import version
from operations.watching import counting, names, readers, readiness, valkey
from operations.watching.readers import Value

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
# Seconds: what was read from the database is told again for so long; a statement has so many.
FRESH, PATIENCE = 5.0, 3


def text() -> bytes:
    return generate_latest(_Everything())


class _Everything(Collector):
    def collect(self) -> Iterator[Family]:
        yield from counting.added_up()
        families: dict[str, GaugeMetricFamily] = {}
        for metric, labels, value in [*_of_this_machine(), *_of_valkey(), *_of_the_database()]:
            if metric.name not in families:
                families[metric.name] = GaugeMetricFamily(metric.name, metric.says, labels=metric.labels)
            families[metric.name].add_metric(labels, value)
        yield from families.values()


def _of_this_machine() -> Iterator[Value]:
    yield names.BUILD, (version(),), 1.0
    if readiness.is_watched():
        yield names.READY, (), float(not readiness.problems())
    disk = shutil.disk_usage(settings.BASE_DIR)
    yield names.DISK_FREE, (), float(disk.free)
    yield names.DISK_SIZE, (), float(disk.total)


def _of_valkey() -> Iterator[Value]:
    seen = valkey.look()
    yield names.VALKEY, (), float(seen.is_up)
    for queue, length in seen.waiting.items():
        yield names.QUEUE, (queue,), float(length)
    for task, age in seen.ages.items():
        yield names.TURN_AGE, (task,), age


class _Asked:
    """One asks at a time, or all who ask would hang with a database that hangs."""

    lock = Lock()
    at = 0.0
    values: list[Value] = []


AWAY: list[Value] = [(names.DATABASE, (), 0.0)]


def _of_the_database() -> list[Value]:
    if readiness.database_is_away() or not _Asked.lock.acquire(blocking=False):
        return AWAY
    try:
        if time.monotonic() - _Asked.at > FRESH:
            _Asked.values = _read()
            _Asked.at = time.monotonic()
        return _Asked.values
    finally:
        _Asked.lock.release()


def _read() -> list[Value]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}s'")
            return [(names.DATABASE, (), 1.0), *(value for read in readers.all_of_them() for value in read())]
    except Error:
        connection.close()
        return AWAY
