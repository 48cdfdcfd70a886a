from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from petitions import recount, signing, tally
from petitions.models import Signature, Tally
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return factories.petition()


def test_cells_are_quarters_of_an_hour_and_countries(petition):
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for minutes, country in [(0, "ES"), (14.9, "ES"), (15, "ES"), (15, "FR")]:
        factories.signature(petition, country=country, confirmed_at=noon + timedelta(minutes=minutes))
    assert tally.settle_all() == 4
    cells = Tally.objects.order_by("start", "country").values_list("start", "country", "signatures")
    assert list(cells) == [
        (noon, "ES", 2),
        (noon + timedelta(minutes=15), "ES", 1),
        (noon + timedelta(minutes=15), "FR", 1),
    ]
    assert tally.confirmed(petition) == 4


def test_a_second_turn_finds_nothing(petition):
    factories.signature(petition)
    assert (tally.settle(), tally.settle()) == (1, 0)
    assert tally.confirmed(petition) == 1


def test_batches_add_up(petition):
    for _ in range(7):
        factories.signature(petition)
    assert tally.settle(batch=3) == 3
    assert tally.settle_all() == 4
    assert tally.confirmed(petition) == 7


def test_petitions_are_kept_apart(petition):
    factories.signature(petition)
    factories.signature(factories.petition())
    tally.settle_all()
    assert tally.confirmed(petition) == 1


def test_no_query_but_one_whatever_the_number(petition, django_assert_num_queries):
    for _ in range(5):
        factories.signature(petition)
    with django_assert_num_queries(1):
        tally.settle()


def test_the_recount_says_where_the_tally_is_wrong(petition):
    factories.signature(petition)
    tally.settle_all()
    assert recount.differences() == []
    Tally.objects.update(signatures=5)
    (difference,) = recount.differences()
    assert (difference.country, difference.rows, difference.tally) == ("ES", 1, 5)
    Tally.objects.all().delete()
    assert recount.differences()[0].tally == 0


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "sign",
                "confirm",
                "withdraw",
                "erase",
                "retain",
                "quarantine",
                "remove",
                "restore",
                "settle",
                "settle few",
            ]
        ),
        st.integers(0, 7),
    ),
    max_size=40,
)


class TestInAnyOrder(TestCase):
    """Confirm, withdraw, erase, retention and review in any order, with the tally in between: every cell stays exact."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(changes=CHANGES)
    def test_every_cell_is_exact(self, changes):
        petition, rows = factories.petition(), []
        now = timezone.now()
        for change, number in changes:
            if change == "sign" or not rows:
                row = factories.signature(petition, confirmed=False, country=["ES", "FR"][number % 2])
                rows.append((row.pk, now + timedelta(minutes=7 * number)))
                continue
            pk, moment = rows[number % len(rows)]
            self.apply(change, pk, moment)
        tally.settle_all()
        self.assertEqual(recount.differences(), [])
        expected = {}
        for row in Signature.objects.filter(counts=True):
            start = row.confirmed_at.replace(minute=row.confirmed_at.minute // 15 * 15, second=0, microsecond=0)
            expected[start, row.country] = expected.get((start, row.country), 0) + 1
        cells = {(cell.start, cell.country): cell.signatures for cell in Tally.objects.all() if cell.signatures}
        self.assertEqual(cells, expected)
        self.assertEqual(tally.confirmed(petition), sum(expected.values()))

    def apply(self, change, pk, moment):
        from petitions import consent

        mine = Signature.objects.filter(pk=pk)
        signature = mine.get()
        if change == "confirm":
            mine.filter(confirmed_at=None, erased_at=None).update(confirmed_at=moment, consent_text=consent.current())
        elif change == "withdraw":
            signing.withdraw(signature)
        elif change == "erase":
            signing.erase(signature)
        elif change == "retain":
            signing.blank(mine)
        elif change in ("quarantine", "remove", "restore"):
            mine.update(review={"quarantine": "quarantined", "remove": "removed", "restore": "none"}[change])
        elif change == "settle":
            tally.settle_all()
        else:
            tally.settle(batch=1)
