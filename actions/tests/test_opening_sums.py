"""What *opened* is read from is the sum of the cells, whatever writes them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions import conditions, opening, recount, tasks
from actions.models import Opening, OpeningTally, OpeningTallyByTarget
from tests import factories

START = datetime(2026, 6, 15, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
UPSERT = """
INSERT INTO actions_openingtally AS tally (action_id, start, network, target_id, opened) VALUES {}
ON CONFLICT (action_id, start, network, target_id) DO UPDATE SET opened = tally.opened + excluded.opened
"""


def upsert(*cells):
    """[(action, quarters after START, network, target, opened)], as one statement."""
    with connection.cursor() as cursor:
        values = [
            value
            for action, quarter, network, target, number in cells
            for value in (action.pk, START + quarter * QUARTER, network, target and target.pk, number)
        ]
        cursor.execute(UPSERT.format(", ".join(["(%s, %s, %s, %s, %s)"] * len(cells))), values)


def expected(action, until=None):
    """The sums by target, by adding up every cell here."""
    sums = {}
    for cell in action.opening_tallies.all():
        if cell.target_id is not None and (until is None or cell.start < until):
            sums[cell.target_id] = sums.get(cell.target_id, 0) + cell.opened
    return {target: number for target, number in sums.items() if number}


def assert_exact(action):
    assert recount.wrong_sums() == []
    assert opening.opened(action) == sum(cell.opened for cell in action.opening_tallies.all())
    assert opening.opened_by_target(action) == expected(action)
    for quarters in (0, 2, 4):
        until = START + quarters * QUARTER
        assert opening.opened_by_target(action, until) == expected(action, until)


CELL = st.tuples(st.integers(0, 4), st.sampled_from(["x", "mail"]), st.sampled_from([0, 1, None]), st.integers(0, 9))
STATEMENTS = st.lists(
    st.one_of(
        st.lists(CELL, min_size=1, max_size=5, unique_by=lambda cell: cell[:3]),
        st.tuples(st.sampled_from(["change", "forget"]), st.integers(0, 4)),
        st.just(()),
    ),
    max_size=10,
)


class TestWhateverIsWritten(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(statements=STATEMENTS)
    def test_every_sum_is_exact(self, statements):
        action = factories.tweet_action()
        targets = [action.target, factories.target(x_handle="xmpl_council")]
        for statement in statements:
            if isinstance(statement, list):
                upsert(
                    *[
                        (action, quarter, network, None if target is None else targets[target], number)
                        for quarter, network, target, number in statement
                    ]
                )
            elif not statement:
                OpeningTally.objects.filter(network="nowhere").update(opened=1)
            else:
                verb, quarter = statement
                cells = action.opening_tallies.filter(start=START + quarter * QUARTER)
                if verb == "change":
                    cells.update(opened=3)
                else:
                    cells.delete()
            assert_exact(action)


@pytest.mark.django_db
def test_openings_are_added_up_when_they_are_settled():
    action = factories.tweet_action()
    for index in range(5):
        opening.record(action, None, "x", bytes([index]), action.target if index % 2 else None)
    assert opening.settle() == 5
    assert (opening.opened(action), opening.opened_by_target(action)) == (5, {action.target.pk: 2})
    Opening.objects.all().delete()
    assert_exact(action)


@pytest.mark.django_db
def test_an_action_goes_with_its_cells_and_its_sums():
    action = factories.tweet_action()
    upsert((action, 0, "x", action.target, 3), (action, 0, "x", None, 2))
    action.delete()
    assert not OpeningTally.objects.exists() and not OpeningTallyByTarget.objects.exists()


@pytest.mark.django_db
def test_the_recount_says_which_sum_is_wrong_until_it_is_right(caplog):
    action = factories.tweet_action()
    upsert((action, 0, "x", None, 3))
    OpeningTallyByTarget.objects.update(opened=4)
    tasks.recount_openings()
    assert f"WrongSum(action_id={action.pk}, target_id=None, cells=3, sum=4)" in caplog.text
    assert OpeningTallyByTarget.objects.get().opened == 4
    assert conditions.the_recount_differs()
    OpeningTallyByTarget.objects.update(opened=3)
    tasks.recount_openings()
    assert not conditions.the_recount_differs()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_who_meet_in_the_same_sums_in_another_order():
    action, errors = factories.tweet_action(), []
    other = factories.target(x_handle="xmpl_council")
    for target in (action.target, other):
        upsert(*[(action, quarter, "x", target, 1) for quarter in range(0, 200, 2)])
    begin = threading.Barrier(2)

    def work(new, old):
        try:
            begin.wait()
            for turn in range(100):
                upsert((action, 2 * turn + 1, "x", new, 1), (action, 2 * turn, "x", old, 1))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=pair) for pair in ((action.target, other), (other, action.target))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert opening.opened_by_target(action, timezone.now() + timedelta(days=9)) == {
        action.target.pk: 300,
        other.pk: 300,
    }
    assert recount.wrong_sums() == []
