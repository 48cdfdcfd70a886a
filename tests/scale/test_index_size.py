"""The index of what is uncounted stays small. In a module of its own: a VACUUM can't run beside the open transaction of `year`."""

from django.db import connection

from petitions import tasks as petition_tasks
from petitions.models import Signature
from tests import factories, scale


def test_the_index_of_what_is_uncounted_is_as_large_as_what_waits(transactional_db):
    """However many were counted before: each wave finds the place of the last one."""
    petition, sizes = factories.petition(), []
    row = factories.signature(petition)
    for wave in range(6):
        address = f"sha256(('wave {wave} ' || n)::bytea)"
        scale.multiply(row, 2_000, id="gen_random_uuid()", address_hash=address)
        petition_tasks.tally()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM petitions_signature")
            cursor.execute("SELECT pg_relation_size('signature_to_tally')")
            sizes.append(cursor.fetchone()[0])
    assert Signature.objects.filter(counted=True).count() == 12_001
    assert max(sizes) <= 1.5 * sizes[0]
