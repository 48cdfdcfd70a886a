"""Tests that commit leave nothing to the next one (tests/flush.py)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import TransactionTestCase

from petitions.models import Petition
from tests import factories, flush

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def emptied():
    """How often Django emptied all tables itself."""
    return []


@pytest.fixture
def teardown(emptied):
    def thoroughly(test):
        emptied.append(test)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {connection.ops.quote_name(Petition._meta.db_table)}, auth_group CASCADE")
        Group.objects.create(name="made anew")

    once = flush.flush_quickly(thoroughly)
    case = TransactionTestCase("run")
    once(case)
    return lambda: once(case)


def test_what_was_committed_is_gone_and_what_stood_there_stays(teardown, emptied):
    group, permissions = Group.objects.get(), Permission.objects.count()
    factories.signature(factories.campaign().petition)
    teardown()
    assert not Petition.objects.exists()
    assert Group.objects.get() == group
    assert Permission.objects.count() == permissions > 0
    assert len(emptied) == 1


@pytest.mark.parametrize("change", [lambda: Group.objects.update(name="changed"), lambda: Group.objects.all().delete()])
def test_where_that_was_changed_django_does_it_all(teardown, emptied, change):
    change()
    teardown()
    assert Group.objects.get().name == "made anew"
    assert len(emptied) == 2
    teardown()
    assert len(emptied) == 2
