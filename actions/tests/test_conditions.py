from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from actions import conditions
from actions.models import Endpoint, Purpose, TweetAction
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(settings):
    settings.X_BEARER_TOKEN = "test-bearer"
    return factories.tweet_action(is_tracking=True)


def later(hours):
    return time_machine.travel(timezone.now() + timedelta(hours=hours))


def test_x_is_silent_when_it_has_not_answered_for_three_turns(action):
    assert not conditions.x_is_silent()
    with later(4):
        assert conditions.x_is_silent()
        Endpoint.objects.create(name="counts", answered_at=timezone.now() - timedelta(hours=2))
        assert not conditions.x_is_silent()


def test_who_asks_x_for_nothing_misses_nothing(action, settings):
    with later(4):
        TweetAction.objects.update(is_tracking=False)
        assert not conditions.x_is_silent()
        TweetAction.objects.update(is_tracking=True)
        settings.X_BEARER_TOKEN = ""
        assert not conditions.x_is_silent()


def test_money_that_is_used_up_is_another_incident(action):
    assert not conditions.money_is_used_up()
    TweetAction.objects.update(budget=1)
    assert not conditions.money_is_used_up()
    action.charges.create(purpose=Purpose.COUNTS, reserved=Decimal(1))
    assert conditions.money_is_used_up()
    with later(4):
        assert not conditions.x_is_silent()


def test_who_gave_no_money_is_told_nothing(action):
    TweetAction.objects.update(budget=0)
    assert not conditions.money_is_used_up()
