"""Valkey gone, in each way it can go: signing and confirming go on, and each process counts for itself."""

import signal
import statistics
import time

import pytest
from django.core.cache import cache

from core.crypto import tokens
from core.web.cache import wake
from core.web.ratelimit import own
from core.web.throttling import ALONE
from engines import Valkey
from petitions.models import Signature
from tests import factories
from tests.crowd import asked
from tests.factories import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def valkey(settings):
    """One of our own, to be killed."""
    engine = Valkey()
    settings.REDIS_URL = engine.start()
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    yield engine
    engine.process.send_signal(signal.SIGCONT)
    engine.stop()


def sign(client, live, number, remote):
    return client.post(f"/c/{live.slug}/sign/", typed(email=f"f{number}@example.org"), REMOTE_ADDR=remote)


def confirm(client, live, number):
    row = factories.signature(live.petition, confirmed=False, address=f"c{number}@example.org")
    return client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed())


def seconds(client, live, remote):
    """How long 15 signatures and confirmations took, each; all of them were taken."""
    took = []
    for number in range(15):
        began = time.perf_counter()
        assert sign(client, live, f"{number}-{remote}", remote).status_code == 303
        assert confirm(client, live, f"{number}-{remote}").status_code == 303
        took.append(time.perf_counter() - began)
    return took


@pytest.mark.requirement("F2")
@pytest.mark.parametrize("how", ["killed", "hanging"])
def test_signing_and_confirming_go_on_at_usual_latency(client, live, valkey, how):
    seconds(client, live, "203.0.113.1")
    usual = seconds(client, live, "203.0.113.2")
    if how == "killed":
        valkey.process.kill()
        valkey.process.wait()
    else:
        valkey.process.send_signal(signal.SIGSTOP)
    for path in ("", "progress/", "act/", "check-mail/"):
        assert client.get(f"/c/{live.slug}/{path}").status_code == 200
    gone = seconds(client, live, "203.0.113.3")
    assert statistics.median(gone) < 1.5 * statistics.median(usual) + 0.05
    # One in some seconds finds out whether it is back.
    assert sorted(gone)[-3] < sorted(usual)[-1] + 0.3
    assert max(gone) < max(usual) + 3
    assert Signature.objects.count() == 90


@pytest.mark.requirement("F2")
def test_each_process_holds_back_by_itself_and_a_challenge_goes_on(client, live, valkey, one_minute):
    valkey.process.kill()
    valkey.process.wait()
    assert [sign(client, live, number, "203.0.113.1").status_code for number in range(22)] == [303] * 20 + [200] * 2
    asks = asked(sign(client, live, 0, "203.0.113.1"))
    form = typed(ticket=asks.ticket, proof=asks.solved())
    answers = [client.post(f"/c/{live.slug}/sign/", form, REMOTE_ADDR="203.0.113.1").status_code for _ in range(2)]
    assert answers == [303, 200]
    assert sign(client, live, 0, "203.0.113.2").status_code == 303


@pytest.mark.requirement("F2")
def test_valkey_is_used_again_when_it_is_back(client, live, valkey, one_minute):
    valkey.process.send_signal(signal.SIGSTOP)
    assert sign(client, live, 0, "203.0.113.1").status_code == 303
    valkey.process.send_signal(signal.SIGCONT)
    wake()
    assert not cache._cache.get_client().keys("*hits:sign*")
    for number in range(ALONE):
        assert sign(client, live, number + 1, "203.0.113.1").status_code == 303
    (key,) = cache._cache.get_client().keys("*hits:sign*")
    assert int(cache._cache.get_client().get(key)) == ALONE + 1, "with those that were counted meanwhile"


@pytest.mark.requirement("F2")
def test_what_a_process_counts_alone_stays_small(monkeypatch):
    monkeypatch.setattr(own, "MOST", 3)
    for number in range(10):
        own.advance(f"key {number}")
    assert list(own.counts) == ["key 7", "key 8", "key 9"]
    assert own.advance("key 9") == 2
    assert own.advance("key 9", least=7) == 7
