from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from actions import opening, tasks
from actions.models import Opening
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def action():
    return factories.tweet_action(samples=2)


@pytest.mark.requirement("A27")
def test_at_most_one_for_each_client_action_and_minute(action, django_assert_num_queries):
    first, second = action.samples.all()
    with time_machine.travel("2026-06-15T10:00:10Z", tick=False):
        for sample, network, target, client in [
            (first, "x", None, b"a"),
            (first, "x", None, b"a"),
            (second, "x", None, b"a"),
            (None, "mail", None, b"a"),
            (first, "x", action.target, b"a"),
            (first, "x", None, b"b"),
        ]:
            opening.record(action, sample, network, client, target)
        opening.record(factories.tweet_action(target=action.target), None, "x", b"a")
    with time_machine.travel("2026-06-15T10:01:00Z", tick=False):
        opening.record(action, first, "x", b"a")
    assert Opening.objects.count() == 4
    with django_assert_num_queries(1):
        assert opening.settle() == 4
    assert opening.opened(action) == 3


def test_the_task_is_idempotent(action):
    opening.record(action, None, "x", b"a")
    tasks.tally_openings()
    tasks.tally_openings()
    assert opening.opened(action) == 1


def test_rows_go_after_a_week_and_the_number_stays(action):
    opening.record(action, None, "x", b"a")
    tasks.tally_openings()
    Opening.objects.update(minute=timezone.now() - timedelta(days=8))
    tasks.forget()
    tasks.forget()
    assert Opening.objects.count() == 0
    assert opening.opened(action) == 1


def test_an_uncounted_one_is_never_forgotten(action):
    opening.record(action, None, "x", b"a")
    Opening.objects.update(minute=timezone.now() - timedelta(days=8))
    tasks.forget()
    assert Opening.objects.count() == 1
