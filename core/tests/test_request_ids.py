import logging

import pytest

from core import logs

GIVEN = "0123456789abcdef" * 2


@pytest.mark.parametrize("given", [GIVEN, "3e7aa6bd-6fdc-446f-866b-be0fa7e3ca6e"])
def test_the_answer_bears_the_id_that_the_proxy_gave(client, given):
    assert client.get("/healthz", headers={"x-request-id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "ana-torres", "x" * 32, GIVEN + "0", GIVEN.upper(), f"{GIVEN}\n", "203.0.113.9"])
def test_any_other_words_are_not_taken(client, given):
    number = client.get("/healthz", headers={"x-request-id": given}).headers["X-Request-Id"]
    assert number != given
    assert len(number) == 32


def test_no_two_requests_have_the_same(client):
    assert len({client.get("/healthz").headers["X-Request-Id"] for _ in range(3)}) == 3


@pytest.mark.django_db
def test_lines_of_a_request_bear_its_id_also_what_django_says_after_it(client, caplog, monkeypatch):
    """Django logs a 404 when all middleware has returned."""
    seen = []

    class Keep(logging.Handler):
        def emit(self, record):
            logs.Mask().filter(record)
            seen.append((record.name, record.ids))

    logging.getLogger().addHandler(keep := Keep())
    try:
        client.get("/nothing/here/", headers={"x-request-id": GIVEN})
    finally:
        logging.getLogger().removeHandler(keep)
    assert ("django.request", {"request": GIVEN}) in seen
    assert logs.turn() == {}


@pytest.mark.django_db
def test_refused_and_broken_requests_have_one_too(client):
    assert client.get("/", headers={"host": "evil.example"}).headers["X-Request-Id"]
    assert client.get("/c/x/progress/?day=1&day=2").headers["X-Request-Id"]
    assert client.post("/my/", headers={"x-request-id": GIVEN}).headers["X-Request-Id"] == GIVEN
