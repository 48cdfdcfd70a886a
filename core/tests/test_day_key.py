import signal
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import redis
import time_machine
from cryptography.fernet import Fernet
from django.utils import timezone

from core.privacy import day_key
from engines.valkey import Valkey

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def client(settings):
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


def name_of(day):
    return f"outcry:day-key:{day}"


def today():
    return timezone.now().date()


def as_another_process(day):
    day_key.forget()
    return day_key.day_key(day)


def test_processes_agree_on_the_key_of_a_day():
    first = day_key.day_key(today())
    assert len(first) == 32
    assert as_another_process(today()) == first
    assert as_another_process(today() + timedelta(days=1)) != first


def test_it_is_sealed_and_ends_with_its_day(client):
    with time_machine.travel(datetime(2026, 6, 15, 23, 0, tzinfo=UTC), tick=False):
        key = day_key.day_key(date(2026, 6, 15))
        kept = client.get(name_of("2026-06-15"))
        assert key not in kept
        assert key.hex().encode() not in kept
        assert 0 < client.ttl(name_of("2026-06-15")) <= 3600


def test_a_process_remembers_it_when_valkey_was_wiped(client):
    first = day_key.day_key(today())
    client.flushdb()
    assert day_key.day_key(today()) == first


def test_processes_agree_again_after_valkey_was_wiped(client, monkeypatch):
    """One remembers the old key, one began after the wipe: whoever looks first shares, and the other follows."""
    monkeypatch.setattr(day_key, "LOOK", 0)
    old = day_key.day_key(today())
    old_process = day_key._remembered
    client.flushdb()
    new = as_another_process(today())
    assert new != old
    day_key._remembered = old_process
    assert day_key.day_key(today()) == new
    client.flushdb()
    assert day_key.day_key(today()) == new
    assert as_another_process(today()) == new


@pytest.mark.parametrize("planted", [b"nonsense", b""])
def test_what_we_did_not_seal_is_no_key(client, planted):
    client.set(name_of(today()), planted)
    assert len(day_key.day_key(today())) == 32


def test_one_whose_field_key_is_gone_is_replaced(client, settings):
    day_key.day_key(today())
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert as_another_process(today()) != as_another_process(today())
    assert day_key.seal_anew(today()) == 1
    assert as_another_process(today()) == as_another_process(today())


def test_sealed_anew_it_ends_with_its_day(client, settings):
    day_key.day_key(today())
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    before = client.get(name_of(today()))
    assert (day_key.seal_anew(today()), day_key.seal_anew(today())) == (1, 0)
    assert client.get(name_of(today())) != before
    assert client.ttl(name_of(today())) > 0


def test_the_key_of_another_day_is_no_key_of_this_one(client):
    yesterday = today() - timedelta(days=1)
    old = day_key.day_key(yesterday)
    client.set(name_of(today()), client.get(name_of(yesterday)))
    assert as_another_process(today()) != old


def test_without_valkey_each_process_makes_its_own_until_it_is_back(settings, monkeypatch):
    there = settings.REDIS_URL
    settings.REDIS_URL = AWAY
    own = day_key.day_key(today())
    assert day_key.day_key(today()) == own
    assert as_another_process(today()) != own
    mine = day_key.day_key(today())
    settings.REDIS_URL = there
    assert day_key.day_key(today()) == mine  # it is not asked for each time
    monkeypatch.setattr(day_key, "RETRY", 0)
    day_key.forget()
    settings.REDIS_URL = AWAY
    offered = day_key.day_key(today())
    settings.REDIS_URL = there
    # The first one that sees Valkey again shares its key, and the others take it.
    assert day_key.day_key(today()) == offered
    assert as_another_process(today()) == offered


def test_a_valkey_that_hangs_holds_up_one_thread_only(settings, monkeypatch):
    monkeypatch.setattr(day_key, "RETRY", 0)
    engine = Valkey()
    hanging = engine.start()
    settings.REDIS_URL = AWAY
    own = day_key.day_key(today())
    engine.process.send_signal(signal.SIGSTOP)
    try:
        settings.REDIS_URL = hanging
        waiting = threading.Thread(target=day_key.day_key, args=[today()])
        waiting.start()
        time.sleep(0.1)
        began = time.monotonic()
        assert day_key.day_key(today()) == own
        assert time.monotonic() - began < 0.1
        assert waiting.is_alive()
        waiting.join()
    finally:
        engine.process.send_signal(signal.SIGCONT)
        engine.stop()


def test_threads_that_begin_together_agree():
    found = []
    threads = [threading.Thread(target=lambda: found.append(day_key.day_key(today()))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 1
