from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from campaigns.models import Campaign
from tests import scale


@contextmanager
def thrown_away(blocker, make) -> Iterator[Any]:
    """What is made here is gone afterwards, and was never there for whoever plans a query."""
    with blocker.unblock():
        with transaction.atomic():
            made = make()
            # All foreign keys are looked at now, once, and not after each test.
            connection.check_constraints()
            yield made
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker) -> Iterator[Campaign]:
    """The campaign of `scale.a_year`, for all tests of a module; each of them leaves it as it was."""
    with thrown_away(django_db_blocker, scale.a_year) as campaign:
        yield campaign


@pytest.fixture(scope="module")
def young_and_old(django_db_setup, django_db_blocker) -> Iterator[tuple[Campaign, Campaign]]:
    """The campaigns of `scale.a_week_and_a_year`."""
    with thrown_away(django_db_blocker, scale.a_week_and_a_year) as campaigns:
        yield campaigns
