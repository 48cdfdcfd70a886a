import pytest


def test_this_process_answers(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_the_engines_answer(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": True, "broker": True}


@pytest.mark.django_db
def test_a_broker_that_is_away_does_not_make_the_site_unready(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["broker"] is False


HOSTS = ["10.0.0.7:8000", "10.0.0.7", "[fd00::7]:8000", "outcry-web-1", "evil.example", "a b", "", "localhost:99999"]


@pytest.mark.requirement("A15")
@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_load_balancers_ask_by_any_name(client, settings, host, page):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(page, headers={"host": host})
    assert response.status_code == 200
    assert host not in response.content.decode() or not host
    assert client.head(page, headers={"host": host}).status_code == 200


@pytest.mark.requirement("A15")
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/healthz/", "/my/", "/accounts/login/", "//healthz", "/ar/readyz"])
def test_no_page_but_the_health_check_answers_to_any_name(client, page):
    assert client.get(page, headers={"host": "10.0.0.7:8000"}).status_code == 400
