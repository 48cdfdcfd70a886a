"""Money: what it may be spent on, what is given up first, and that the ledger tells what X bills."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from actions import budget, tasks
from actions.models import Charge, Endpoint, PaidRead, Purpose, TrackingQuery, Tweet
from actions.tests.world import SEARCH, TEXT, ago
from actions.x.answers import Reads
from tests import factories
from xsim import Clock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture
def spender(settings):
    settings.X_POLL_SECONDS = 3600
    with time_machine.travel(NOON, tick=False):
        yield factories.tweet_action(budget=Decimal(21))


def test_prices():
    assert budget.worst(requests=2, posts=10, users=3) == Decimal("0.09")


def test_a_charge_is_reserved_at_its_worst_and_settled_at_what_it_was(spender):
    charge = budget.reserve(spender, Purpose.SAMPLE, budget.worst(posts=10))
    assert budget.spent(spender) == Decimal("0.05")
    budget.settle(charge, Reads(posts=frozenset({1, 2, 3}), users=frozenset({7})))
    assert budget.spent(spender) == Decimal("0.025")


def test_what_was_paid_for_today_is_not_billed_again_and_tomorrow_it_is(spender):
    def read():
        budget.settle(budget.reserve(spender, Purpose.SAMPLE, budget.worst(posts=10)), Reads(posts=frozenset({1, 2})))

    read()
    read()
    assert budget.spent(spender) == Decimal("0.010")
    with time_machine.travel(NOON + timedelta(days=1)):
        read()
    assert budget.spent(spender) == Decimal("0.020")


def test_a_refusal_is_free_and_an_unknown_end_stays_charged(spender):
    budget.forgive(budget.reserve(spender, Purpose.COUNTS, budget.worst(requests=1)))
    assert budget.spent(spender) == 0
    budget.reserve(spender, Purpose.COUNTS, budget.worst(requests=1))
    assert budget.spent(spender) == Decimal("0.005")


def test_a_new_month_begins_with_nothing_spent(spender):
    budget.reserve(spender, Purpose.COUNTS, Decimal(3))
    with time_machine.travel(datetime(2026, 7, 1, 0, 1, tzinfo=UTC)):
        assert budget.spent(spender) == 0


def test_what_the_rest_of_the_month_needs(spender):
    # 15 days and 12 hours are left of June.
    so_far = budget.month(spender)
    assert budget.need(spender, Purpose.COUNTS, so_far) == Decimal("0.005") * 372
    assert budget.need(spender, Purpose.REPLIES, so_far) == 2
    assert budget.need(spender, Purpose.CARDS, so_far) == 2
    assert budget.need(spender, Purpose.COMPLIANCE, so_far) == 0
    spender.busy_until = NOON + timedelta(hours=2)
    assert budget.need(spender, Purpose.COUNTS, so_far) == Decimal("0.005") * (372 + 8)
    Tweet.objects.create(
        action=spender, post_id=1, root_id=1, kind="matching", text="x", posted_at=NOON, review="approved"
    )
    assert budget.need(spender, Purpose.COMPLIANCE, budget.month(spender)) == Decimal("0.005") * 16


def test_the_order_in_which_things_are_given_up(spender):
    """With less and less money left: first the sample, then links, cards, replies, counts; compliance is never refused before them."""
    Tweet.objects.create(
        action=spender, post_id=1, root_id=1, kind="matching", text="x", posted_at=NOON, review="approved"
    )
    seen = [budget.given_up(spender)]
    while budget.reserve(spender, Purpose.COMPLIANCE, Decimal("0.16")):
        now = budget.given_up(spender)
        if now != seen[-1]:
            seen.append(now)
    order = list(Purpose)
    assert seen == [order[:number] for number in range(6)]


@pytest.mark.parametrize(
    ("purpose", "cap"), [(Purpose.SAMPLE, 6), (Purpose.LINKS, 1), (Purpose.CARDS, 2), (Purpose.REPLIES, 2)]
)
def test_no_purpose_takes_more_than_its_share(spender, settings, purpose, cap):
    settings.X_POSTS_PER_DAY = 100_000
    spender.budget = Decimal(21)
    assert budget.reserve(spender, purpose, Decimal(cap))
    assert budget.reserve(spender, purpose, Decimal("0.005")) is None


def test_the_sample_of_a_day_is_forty_posts(spender):
    for _ in range(4):
        assert budget.reserve(spender, Purpose.SAMPLE, budget.worst(posts=10))
    assert budget.reserve(spender, Purpose.SAMPLE, budget.worst(posts=1)) is None
    assert budget.given_up(spender) == []


def test_without_a_budget_nothing_is_asked(simulator, settings):
    action = factories.tweet_action(is_tracking=True, budget=0)
    TrackingQuery.objects.update(since=ago(hours=1))
    tasks.poll_volume()
    tasks.collect_posts()
    tasks.collect_replies()
    assert simulator.requests == []
    assert budget.given_up(action) == list(Purpose)


def test_the_database_keeps_charges_sane(spender):
    for fields in ({"purpose": "fun"}, {"reserved": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Charge.objects.create(**{"action": spender, "purpose": "counts", "reserved": 1} | fields)
    PaidRead.objects.create(day=NOON.date(), kind="post", item_id=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaidRead.objects.create(day=NOON.date(), kind="post", item_id=1)


def test_two_workers_do_not_spend_the_same_dollar(spender, settings):
    assert budget.reserve(spender, Purpose.REPLIES, Decimal(2))
    assert budget.reserve(spender, Purpose.REPLIES, Decimal("0.01")) is None
    assert "FOR UPDATE" in _locking_sql(spender)


def _locking_sql(action):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        budget.reserve(action, Purpose.COUNTS, Decimal("0.005"))
    return queries.captured_queries[1]["sql"]


@pytest.mark.parametrize("fault", ["lost_answer", "reset", "stall", "truncated_json"])
def test_after_the_day_the_ledger_is_what_x_says(simulator, settings, fault):
    """An answer that never came: charged at its worst, until X says the next day how many posts were read."""
    settings.X_TIMEOUT, settings.X_POLL_SECONDS = 0.5, 1
    action = factories.tweet_action(is_tracking=True)
    with time_machine.travel(NOON):
        simulator.clock = Clock(NOON)
        TrackingQuery.objects.update(since=NOON - timedelta(hours=5))
        for minutes in (5, 65, 70):
            simulator.add_post("ana", f"{TEXT} {minutes}", at=NOON - timedelta(minutes=minutes))
        options = {"stall": {"seconds": 2}}.get(fault, {})
        simulator.faults.add(route=SEARCH, fault=fault, **options)
        tasks.collect_posts()
        Endpoint.objects.update(blocked_until=None)
        tasks.collect_posts()
        assert budget.spent(action) > simulator.bill()
    with time_machine.travel(NOON + timedelta(hours=13)):
        simulator.clock.set(NOON + timedelta(hours=13))
        tasks.reconcile()
        tasks.reconcile()
        assert budget.spent(action) == simulator.bill() == Decimal("0.015")
        assert not Charge.objects.filter(actual=None).exists()
