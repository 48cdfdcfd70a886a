import time

import pytest

from operations.version import version
from operations.watching import readiness
from operations.watching.readiness import Note

TOKEN = "only-for-tests-only-for-tests-only"


@pytest.fixture(autouse=True)
def seen(monkeypatch):
    """Somebody has just looked, and all was well; called with more, that is what was seen."""

    def see(*problems, ago=0.0, takes_writes=True):
        monkeypatch.setattr(readiness, "_last", Note(time.monotonic() - ago, takes_writes, problems))

    see()
    return see


def test_this_process_answers(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_the_public_is_told_the_status_and_nothing_is_asked(client):
    """No database: that is the point."""
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


def test_what_signing_lacks_takes_the_site_out(client, seen):
    seen("the database is read-only", takes_writes=False)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "down"}


def test_an_old_look_is_none(client, seen):
    seen(ago=readiness.BELIEVED - 1)
    assert client.get("/readyz").status_code == 200
    seen(ago=readiness.BELIEVED + 1)
    assert client.get("/readyz").status_code == 503


def test_nobody_has_looked(client, monkeypatch):
    monkeypatch.setattr(readiness, "_last", None)
    assert client.get("/readyz").status_code == 503


def test_who_knows_the_token_is_told_more(client, settings, seen):
    settings.METRICS_TOKEN = TOKEN
    seen("HASH_KEYS does not fit the data")
    body = client.get("/readyz", headers={"authorization": f"Bearer {TOKEN}"}).json()
    assert body["status"] == "down"
    assert body["problems"] == ["HASH_KEYS does not fit the data"]
    assert body["version"] == version()
    assert body["valkey"] == "ok"
    assert set(body["waiting_tasks"]) == {"count", "mail", "default", "slow"}
    assert body["disk_free"] > 0


@pytest.mark.parametrize("claimed", ["", TOKEN, f"Bearer {TOKEN}x", f"bearer {TOKEN}", "Bearer ", "Bearer é"])
@pytest.mark.parametrize("set_to", [TOKEN, ""])
def test_who_does_not_is_not(client, settings, claimed, set_to):
    settings.METRICS_TOKEN = set_to
    headers = {"authorization": claimed}
    assert client.get("/readyz", headers=headers).json() == {"status": "ok"}
    assert client.get("/metrics", headers=headers).status_code == 404


def test_without_a_token_there_are_no_metrics(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere.sock"])
def test_a_broker_that_is_away_does_not_make_the_site_unready(client, settings, url):
    settings.REDIS_URL, settings.METRICS_TOKEN = url, TOKEN
    response = client.get("/readyz", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.json()["valkey"] == "down"


HOSTS = ["10.0.0.7:8000", "10.0.0.7", "[fd00::7]:8000", "outcry-web-1", "evil.example", "a b", "", "localhost:99999"]


@pytest.mark.requirement("A15")
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_load_balancers_ask_by_any_name(client, settings, host, page):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(page, headers={"host": host})
    assert response.status_code == 200
    assert host not in response.content.decode() or not host
    assert client.head(page, headers={"host": host}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
def test_monitoring_asks_by_any_name(client, settings, host):
    settings.SECURE_SSL_REDIRECT, settings.METRICS_TOKEN = True, TOKEN
    response = client.get("/metrics", headers={"host": host, "authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert host not in response.content.decode() or not host


@pytest.mark.requirement("A15")
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/healthz/", "/my/", "/accounts/login/", "//healthz", "/ar/readyz"])
def test_no_page_but_the_health_check_answers_to_any_name(client, page):
    assert client.get(page, headers={"host": "10.0.0.7:8000"}).status_code == 400
