"""A database of a campaign that has run for a year, and what is asked of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Campaign, Status
from petitions.models import Petition
from tests import factories

# A table of so many rows is big.
BIG = 10_000
COUNTRIES, WEEK, YEAR = 30, 20_000, 300_000


def multiply(row: models.Model, number: int, /, **columns: str) -> None:
    """So many more rows like this one, in one INSERT; `columns`: those that differ, as SQL, where `n` counts from 1."""
    meta, quote = row._meta, connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    fields = [field for field in fields if not isinstance(field, models.AutoField) or field.column in columns]
    known = {str(field.column) for field in fields}
    assert columns.keys() <= known, columns.keys() - known
    values = [columns.get(column, f"template.{quote(column)}").replace("%", "%%") for column in sorted(known)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(map(quote, sorted(known)))}) SELECT {', '.join(values)} "
            f"FROM {meta.db_table} AS template, generate_series(1, {number}) AS n WHERE template.{meta.pk.column} = %s",
            [row.pk],
        )


def cells(petition: Petition, number: int, countries: int) -> None:
    """So many cells of the tally, one a quarter of an hour and country, until now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO petitions_tally (petition_id, start, country, signatures) "
            "SELECT %(petition)s, date_bin('15 minutes', now(), TIMESTAMPTZ 'epoch') - (n / %(countries)s) * interval '15 minutes', "
            "chr(65 + n %% %(countries)s / 26) || chr(65 + n %% %(countries)s %% 26), 1 + n %% 3 FROM generate_series(0, %(number)s - 1) AS n",
            {"petition": petition.pk, "countries": countries, "number": number},
        )


def a_week_and_a_year() -> tuple[Campaign, Campaign]:
    """Two campaigns with signatures from COUNTRIES, one with WEEK cells in its tally and one with YEAR."""
    young, old = factories.campaign(), factories.campaign()
    for campaign, number in ((young, WEEK), (old, YEAR)):
        cells(campaign.petition, number, COUNTRIES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return young, old


def a_year() -> Campaign:
    """A live campaign after a year, among three hundred others. ANALYZE has seen all of it."""
    live = factories.campaign()
    _signatures(live.petition)
    _mailboxes(live)
    _tweets(live)
    cells(live.petition, 30_000, 5)
    other = Campaign.objects.create(slug="other", headline="x", goal_statement="x", organiser="x", status=Status.CLOSED)
    multiply(other, 300, slug="'other-' || n", launched_at="now() - n * interval '1 day'")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return live


def _signatures(petition: Petition) -> None:
    row, ago = factories.signature(petition), "now() - n * interval '13 minutes'"
    of_all = {
        "id": "gen_random_uuid()",
        "address_hash": "sha256(('year ' || n)::bytea)",
        "signed_at": ago,
        "mailed_at": ago,
    }
    of_all["country"] = "(ARRAY['ES', 'FR', 'DE', 'IT', 'US'])[1 + n % 5]"
    confirmed = {"confirmed_at": f"{ago} + interval '1 minute'", "counted": "true"}
    multiply(row, 40_000, **of_all | confirmed)
    others = factories.petition(title="Another petition")
    multiply(row, 5_000, **of_all | confirmed | {"petition_id": str(others.pk)})
    now = timezone.now()
    over = factories.petition(opens_at=now - timedelta(days=700), closes_at=now - timedelta(days=400))
    multiply(row, 300, **of_all | confirmed | {"petition_id": str(over.pk)})
    aside = {"address_hash": "sha256(('aside ' || n)::bytea)", "counted": "false"}
    multiply(row, 400, **of_all | confirmed | aside | {"review": "'quarantined'"})
    # So many that alerts look closer.
    burst = {"address_hash": "sha256(('burst ' || n)::bytea)", "signed_at": "now() - n * interval '10 seconds'"}
    multiply(row, 300, **of_all | confirmed | burst)
    pending = {"address_hash": "sha256(('pending ' || n)::bytea)", "confirmed_at": "NULL", "counted": "false"}
    multiply(row, 500, **of_all | pending)
    lapsed = {"address_hash": "sha256(('lapsed ' || n)::bytea)", "mailed_at": "now() - interval '8 days'"}
    multiply(row, 50, **of_all | pending | lapsed)


def _mailboxes(live: Campaign) -> None:
    from petitions.models import LinkRequest, Mailing, Suppression

    facts = {"address_hash": b"0" * 32, "hash_version": 1, "hash_rule": 2}
    mailing = Mailing.objects.create(row=factories.signature(live.petition).pk, petition=live.petition, **facts)
    by_address = {"address_hash": "sha256(('year ' || n)::bytea)"}
    multiply(mailing, 20_000, row="gen_random_uuid()", begun_at="now() - n * interval '2 minutes'", **by_address)
    multiply(Suppression.objects.create(**facts), 20_000, **by_address)
    link = LinkRequest.objects.create(email="ana@example.org", address_hash=b"0" * 32, hash_rule=2)
    multiply(link, 5_000, id="gen_random_uuid()", asked_at="now() - n * interval '30 seconds'", **by_address)
    pledge = factories.pledge(live)
    multiply(pledge, 1_000, id="gen_random_uuid()", **by_address)
    another = factories.campaign(petition=None, tweet_action=None)
    multiply(pledge, 5_000, id="gen_random_uuid()", campaign_id=str(another.pk), **by_address)


def _tweets(live: Campaign) -> None:
    """A year of the campaign's own, and more of another one's."""
    from actions.models import LinkedPost, Opening, OpeningTally, Tweet, Volume

    action, now = live.tweet_action, timezone.now()
    assert action is not None
    another = factories.tweet_action(target=action.target)
    hour = now.replace(minute=0, second=0, microsecond=0)
    opening = Opening.objects.create(action=action, network="x", client_hash=b"0" * 16, minute=now, counted=True)
    minute = "date_trunc('minute', now()) - n * interval '1 minute'"
    multiply(opening, 20_000, client_hash="substr(sha256(n::text::bytea), 1, 16)", minute=minute)
    cell = OpeningTally.objects.create(action=action, start=hour, network="x", target=action.target, opened=1)
    multiply(cell, 20_000, start="template.start - n * interval '15 minutes'")
    volume = Volume.objects.create(
        query=action.queries.get(), start=hour, end=hour + timedelta(hours=1), posts=1, fetched_at=now
    )
    hours = {"start": "template.start - n * interval '1 hour'", "end": "template.\"end\" - n * interval '1 hour'"}
    multiply(volume, 8_760, **hours)
    multiply(volume, 30_000, query_id=str(another.queries.get().pk), **hours)
    linked = LinkedPost.objects.create(action=action, post_id=1)
    multiply(linked, 3_000, post_id="n + 1")
    multiply(linked, 20_000, post_id="n + 1", action_id=str(another.pk))
    tweet = factories.tweet(action)
    candidate = {"review": f"'{Tweet.Review.NONE}'", "post_id": "n + 9000000", "root_id": "n + 9000000"}
    multiply(tweet, 9_000, **candidate)
    candidate |= {"post_id": "n + 10000000", "root_id": "n + 10000000", "action_id": str(another.pk)}
    multiply(tweet, 20_000, **candidate)


def asked(act: Callable[[], object]) -> list[str]:
    """The statements that this sends, values included, as they could be sent again."""
    with CaptureQueriesContext(connection) as captured:
        act()
    statements = [query["sql"].strip() for query in captured.captured_queries]
    return [statement for statement in statements if re.match(r"(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement)]


def scans(statement: str) -> list[str]:
    """The big tables that PostgreSQL would read from their beginning to their end to answer this."""
    big = big_tables()
    return [
        node["Relation Name"]
        for node in nodes(plan(statement))
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in big
    ]


def plan(statement: str, options: str = "") -> dict[str, Any]:
    # What was prepared bears $1 where values were.
    generic = "GENERIC_PLAN, " if re.search(r"\$\d", statement) else ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({generic}{options}FORMAT JSON) {statement}")
        (answer,) = cursor.fetchone()
    (explained,) = answer if isinstance(answer, list) else json.loads(answer)
    top: dict[str, Any] = explained["Plan"]
    return top


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


def big_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [BIG])
        return {name for (name,) in cursor.fetchall()}
