"""A release that is kept here still works beside this one: its database is restored and migrated, and its code signs on.

When a migration of the present release is changed in place, or `make lint` let one through that it should not have, this is red. Before
0.1.0 is tagged such a change is right: `python -m tests.upgrade.record` keeps the release anew.
"""

import gzip
import json
import os
import re
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from actions import recount as actions_recount
from core.crypto.fields import fernet
from demo import campaigns
from petitions import recount as petitions_recount
from tests.upgrade.databases import dump, restore, scratch, url_of
from tests.upgrade.record import END, HERE, ROOT, version

KEPT = sorted(path.name.removesuffix(".sql.gz") for path in HERE.glob("*.sql.gz"))
COUNTED = """
SELECT coalesce(sum(tally.signatures), 0) FROM petitions_tally AS tally
JOIN campaigns_campaign AS campaign USING (petition_id) WHERE campaign.slug = %s
"""
# What figures are read from: releases that know nothing of it are followed by a trigger.
SHOWN = COUNTED.replace("petitions_tally ", "petitions_tallybycountry ")
SHOWN_BY_HOUR = COUNTED.replace("petitions_tally ", "petitions_tallybyhour ")


@pytest.fixture(scope="module", params=KEPT)
def kept(request):
    """The version of a release, and the address of its database after this release has migrated it."""
    with scratch("upgrade") as url:
        restore(url, gzip.decompress((HERE / f"{request.param}.sql.gz").read_bytes()).decode())
        migrate(url, keys_of(request.param))
        yield request.param, url


def keys_of(release):
    return json.loads((HERE / f"{release}-keys.json").read_text())


def migrate(url, keys):
    variables = {**keys, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=True)


def one(connection, statement, *parameters):
    return connection.execute(statement, parameters).fetchone()[0]


def test_the_first_release_is_kept():
    assert "0.1.0" in KEPT
    assert version() >= "0.1.0"
    for name in KEPT:
        assert sum(path.stat().st_size for path in HERE.glob(f"{name}*")) < 1_000_000


def schema(url):
    """As SQL, line by line; restored once, since PostgreSQL writes a constraint in other words then."""
    with scratch("schema") as copy:
        restore(copy, dump(url, "--schema-only"))
        return dump(copy, "--schema-only").splitlines()


@pytest.mark.django_db
def test_migrated_it_has_the_schema_of_a_new_database(kept):
    _, url = kept
    new = schema(url_of(connection.settings_dict["NAME"]))
    assert "CREATE TABLE public.petitions_signature (" in new
    assert schema(url) == new


def test_its_code_goes_on_to_sign_confirm_and_tally(kept):
    release, url = kept
    sent = (HERE / f"{release}-signing.sql").read_text()
    assert re.findall(r"^-- (\w+)$", sent, re.MULTILINE) == ["sign", "mail", "read", "confirm", "tally"]
    with psycopg.connect(url, autocommit=True) as database:
        before = one(database, COUNTED, campaigns.EXAMPLE.slug)
        assert (
            one(database, SHOWN, campaigns.EXAMPLE.slug)
            == one(database, SHOWN_BY_HOUR, campaigns.EXAMPLE.slug)
            == before
        )
        waiting = one(database, "SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NULL")
        for statement in filter(None, sent.split(END)):
            database.execute(statement.encode())
        assert one(database, COUNTED, campaigns.EXAMPLE.slug) == before + 1 > 1_000
        for sums in (SHOWN, SHOWN_BY_HOUR):
            assert one(database, sums, campaigns.EXAMPLE.slug) == before + 1
        assert database.execute(petitions_recount.WRONG_SUMS).fetchall() == []
        assert database.execute(actions_recount.WRONG_SUMS).fetchall() == []
        assert one(database, "SELECT count(*) FROM petitions_signature WHERE confirmed_at IS NULL") == waiting
        assert one(database, "SELECT count(*) FROM petitions_signature WHERE counted <> counts") == 0


def test_whom_it_holds_is_invented_and_can_be_read(kept, settings):
    release, url = kept
    settings.FIELD_KEYS = keys_of(release)["FIELD_KEYS"].split(",")
    with psycopg.connect(url) as database:
        rows = database.execute("SELECT email, name FROM petitions_signature WHERE email IS NOT NULL").fetchall()
        staff = database.execute("SELECT email FROM accounts_user").fetchall()
    assert staff == [(campaigns.STAFF,)]
    assert len(rows) > 1_000
    for address, name in rows:
        assert fernet().decrypt(address).endswith(b"@example.org")
        assert fernet().decrypt(name).startswith((b"Invented Signer ", b"Ana Example"))
