"""Who reads at the replica, and that nobody writes there. A real standby: tests/journeys/test_replica.py."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions import tasks as of_actions
from core.postgres import replica
from core.postgres.replica import Router
from operations.recovery import sealing
from petitions import alerts, tasks
from petitions.models import Alert, Export, Signature
from tests import factories
from tests.exports import asked, officer, page, written
from tests.journeys.test_worker import environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(settings):
    """Another connection to the same server, in place of a standby."""
    settings.DATABASE_ROUTERS = ["core.postgres.replica.Router"]
    made = connections[DEFAULT_DB_ALIAS].copy(replica.REPLICA)
    # As long as its alias is unknown: a test of Django's may connect to those alone that were there before it.
    made.ensure_connection()
    connections.settings[replica.REPLICA], connections[replica.REPLICA] = made.settings_dict, made
    yield made
    made.close()
    del connections[replica.REPLICA], connections.settings[replica.REPLICA]


def tables_read(second, work):
    """What was asked of the second connection; nothing of it was a change."""
    with CaptureQueriesContext(second) as asked:
        work()
    statements = [query["sql"] for query in asked]
    assert not [sql for sql in statements if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]
    return " ".join(statements)


def test_recounts_are_read_there(second, live):
    factories.signatures(live.petition, 3)
    assert "petitions_tallybyhour" in tables_read(second, tasks.recount_all)
    assert "actions_openingtally" in tables_read(second, of_actions.recount_openings)


def test_sabotage_is_looked_for_there_and_told_at_the_primary(second, live):
    factories.signatures(live.petition, 30, seconds=1)
    assert "petitions_signature" in tables_read(second, lambda: alerts.raise_alerts(live.petition))
    assert Alert.objects.filter(petition=live.petition, kind="fast").exists()


def test_exports_are_read_there(second, live, settings):
    settings.EXPORT_RECIPIENTS = [sealing.new_identity()[1]]
    now = timezone.now() - timedelta(minutes=1)
    factories.signatures(live.petition, 3, confirmed_at=now, updates_at=now)
    first, other = officer("first"), officer("other")
    export = asked(first, live.petition)
    other.post(page(export), {"verb": "approve"})
    assert "petitions_signature" in tables_read(second, lambda: written(export))
    assert (export.state, export.parts.get().rows) == (Export.State.READY, 3)


def test_what_was_read_there_is_written_to_the_primary(second, live):
    row = factories.signature(live.petition)
    read = Signature.objects.using(replica.REPLICA).get(pk=row.pk)
    read.name = "Another"
    assert not tables_read(second, read.save)
    row.refresh_from_db()
    assert row.name == "Another"


def test_nothing_is_migrated_there():
    assert Router().allow_migrate(DEFAULT_DB_ALIAS, "core")
    assert not Router().allow_migrate(replica.REPLICA, "core")


def test_the_environment_names_it(collected):
    """With what a standby needs that may be gone without a word."""
    variables = {**os.environ, **environment(collected)}
    script = (
        "import django; django.setup(); from django.db import connections, router; from core.models import Closed;"
        "c = connections['replica']; c.ensure_connection(); "
        "print(c.settings_dict['OPTIONS']['connect_timeout'], router.db_for_write(Closed))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        env={**variables, "DATABASE_REPLICA_URL": variables["DATABASE_URL"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["2", "default"]
