"""What the database says of its standbys, where a site has some (DATABASE_STANDBYS). One machine alone is asked nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from operations.watching.names import STANDBY_LAG, STANDBYS_MISSING, STANDBYS_SYNCHRONOUS, TIMELINE
from operations.watching.readers import Value, reads

# The timeline stands in the name of each file of the log. Somebody who makes a copy streams too, and is no standby. A server in
# recovery writes no log, and would raise if it were asked where that ends: then all other numbers would be gone with these.
ASKED = """
WITH log AS (SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END AS ends)
SELECT ('x' || left(pg_walfile_name((SELECT ends FROM log)), 8))::bit(32)::bigint,
       pg_has_role('pg_read_all_stats', 'USAGE'),
       count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')),
       count(*) FILTER (WHERE state = 'streaming'),
       max(pg_wal_lsn_diff((SELECT ends FROM log), replay_lsn))
FROM pg_stat_replication WHERE application_name IS DISTINCT FROM 'pg_basebackup'
"""


@reads
def standbys() -> Iterator[Value]:
    """Of standbys nothing where our role may not know them: none would be a lie. A server in recovery says nothing."""
    if not settings.DATABASE_STANDBYS:
        return
    with connection.cursor() as cursor:
        cursor.execute(ASKED)
        timeline, may_know, synchronous, streaming, lag = cursor.fetchone()
    if timeline is None:
        return
    yield TIMELINE, (), float(timeline)
    if not may_know:
        return
    yield STANDBYS_SYNCHRONOUS, (), float(synchronous)
    yield STANDBYS_MISSING, (), float(max(settings.DATABASE_STANDBYS - streaming, 0))
    if lag is not None:
        yield STANDBY_LAG, (), max(float(lag), 0.0)
