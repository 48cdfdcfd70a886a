"""Connections that carry nothing any more, and of which nobody is told."""

import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from demo.processes import Processes
from petitions import tally
from tests import factories
from tests.journeys.test_worker import environment, until
from tests.relay import relaying

pytestmark = pytest.mark.django_db(transaction=True)


def test_connections_to_valkey_that_are_lost_without_a_word_are_made_anew(django_db_setup, collected, tmp_path):
    """As behind a firewall that has forgotten them: nothing comes back, and nothing says so."""
    url = urlsplit(settings.REDIS_URL)
    number = parse_qs(url.query).get("db", ["0"])[0] if url.scheme == "unix" else url.path.strip("/")

    def connect():
        if url.scheme != "unix":
            return socket.create_connection((url.hostname, url.port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(url.path)
        return made

    petition = factories.petition()
    with relaying(connect) as relay:
        variables = {**environment(collected), "REDIS_URL": f"redis://127.0.0.1:{relay.port}/{number}"}
        processes = Processes(variables, tmp_path)
        processes.start("workers", "manage.py", "workers", "count=1")
        try:
            factories.signatures(petition, 3)
            until(lambda: tally.confirmed(petition) == 3)
            assert relay.lose() > 2
            factories.signatures(petition, 3)
            until(lambda: tally.confirmed(petition) == 6)
        finally:
            processes.stop()
