"""What figures are read from is the sum of the cells, whatever writes them, in whichever order, and how many at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from operations.watching.names import COUNTED
from petitions import recount, signing, tally, tasks
from petitions.models import Petition, Signature, Tally, TallyByCountry, TallyByHour
from petitions.watching import signatures
from tests import factories

START = datetime(2026, 6, 15, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
UPSERT = """
INSERT INTO petitions_tally AS tally (petition_id, start, country, signatures) VALUES {}
ON CONFLICT (petition_id, start, country) DO UPDATE SET signatures = tally.signatures + excluded.signatures
"""


def upsert(*cells):
    """[(petition, quarters after START, country, signatures)], as one statement."""
    with connection.cursor() as cursor:
        values = [
            value
            for petition, quarter, country, number in cells
            for value in (petition.pk, START + quarter * QUARTER, country, number)
        ]
        cursor.execute(UPSERT.format(", ".join(["(%s, %s, %s, %s)"] * len(cells))), values)


def expected(petition, key, until=None):
    """The sums, by adding up every cell here."""
    sums = {}
    for cell in petition.tallies.all():
        if until is None or cell.start < until:
            sums[key(cell)] = sums.get(key(cell), 0) + cell.signatures
    return {part: number for part, number in sums.items() if number > 0}


def assert_exact(petition):
    assert recount.wrong_sums() == []
    by_country = expected(petition, lambda cell: cell.country)
    assert tally.confirmed(petition) == sum(cell.signatures for cell in petition.tallies.all())
    assert tally.by_country(petition, datetime.max.replace(tzinfo=UTC)) == by_country
    assert tally.by_hour(petition) == expected(petition, lambda cell: cell.start.replace(minute=0))
    for quarters in (0, 3, 6, 9):
        until = START + quarters * QUARTER
        assert tally.by_country(petition, until) == expected(petition, lambda cell: cell.country, until)


CELL = st.tuples(st.integers(0, 1), st.integers(0, 9), st.sampled_from(["ES", "FR", "DE"]), st.integers(-3, 9))
STATEMENTS = st.lists(
    st.one_of(
        st.tuples(st.just("upsert"), st.lists(CELL, min_size=1, max_size=6, unique_by=lambda cell: cell[:3])),
        st.tuples(st.sampled_from(["update", "move", "delete"]), st.tuples(st.integers(0, 1), st.integers(0, 9))),
        st.tuples(st.just("nothing"), st.none()),
    ),
    max_size=12,
)


class TestWhateverIsWritten(TestCase):
    """New cells and old ones in one statement, cells that change, move and go: after each of them all sums are exact."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @example(statements=[("upsert", [(0, 0, "ES", 0), (0, 1, "ES", 0)]), ("move", (0, 1)), ("move", (0, 0))])
    @given(statements=STATEMENTS)
    def test_every_sum_is_exact(self, statements):
        petitions = [factories.petition(), factories.petition()]
        for verb, what in statements:
            if verb == "upsert":
                upsert(*[(petitions[index], *cell) for index, *cell in what])
            elif verb == "nothing":
                Tally.objects.filter(country="XX").update(signatures=1)
                Tally.objects.filter(country="XX").delete()
            else:
                self.change(verb, petitions[what[0]], what[1])
            for petition in petitions:
                assert_exact(petition)

    def change(self, verb, petition, quarters):
        cells = petition.tallies.filter(start__gte=START + quarters * QUARTER)
        if verb == "delete":
            cells.delete()
        elif verb == "move" and cells.count() == 1:
            # Before all others, also those that were moved: where one is, no other can be.
            first = petition.tallies.earliest("start").start
            cells.update(start=min(first, START) - 5 * QUARTER)
        else:
            cells.update(signatures=7)


WISHES = st.lists(
    st.tuples(
        st.sampled_from(["confirm", "withdraw", "erase", "quarantine", "remove", "restore", "settle", "settle few"]),
        st.integers(0, 7),
    ),
    max_size=25,
)


class TestWhateverPeopleDo(TestCase):
    """Confirmed, withdrawn, erased, set aside, taken out and put back in any order, with the tally in between."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(wishes=WISHES)
    def test_every_sum_is_exact(self, wishes):
        petition = factories.petition()
        rows = [
            factories.signature(petition, confirmed=index < 4, country=["ES", "FR"][index % 2], signed_at=START).pk
            for index in range(8)
        ]
        for wish, number in wishes:
            self.do(wish, Signature.objects.filter(pk=rows[number]), number)
            self.assertEqual(recount.wrong_sums(), [])
        tally.settle_all()
        counting = Signature.objects.filter(counts=True)
        self.assertEqual(tally.confirmed(petition), counting.count())
        self.assertEqual(
            tally.by_country(petition, timezone.now() + timedelta(days=1)),
            {country: number for country in ("ES", "FR") if (number := counting.filter(country=country).count())},
        )
        self.assertEqual(sum(tally.by_hour(petition).values()), counting.count())
        self.assertEqual((recount.differences(), recount.wrong_sums()), ([], []))

    def do(self, wish, mine, number):
        from petitions import consent

        reviews = {"quarantine": "quarantined", "remove": "removed", "restore": "none"}
        if wish == "confirm":
            moment = timezone.now() + number * QUARTER
            mine.filter(confirmed_at=None, erased_at=None).update(confirmed_at=moment, consent_text=consent.current())
        elif wish == "withdraw":
            signing.withdraw(mine.get())
        elif wish == "erase":
            signing.erase(mine.get())
        elif wish in reviews:
            mine.update(review=reviews[wish])
        else:
            tally.settle(batch=1 if wish == "settle few" else 5_000)


@pytest.mark.django_db
def test_without_any_cell_everything_is_nothing():
    petition = factories.petition()
    assert (tally.settle(), tally.confirmed(petition), tally.by_hour(petition)) == (0, 0, {})
    assert tally.by_country(petition, timezone.now()) == {}
    assert tally.confirmed_by_petition([]) == {}
    assert next(value for name, _labels, value in signatures() if name == COUNTED) == 0
    assert not TallyByCountry.objects.exists() and not TallyByHour.objects.exists()


@pytest.mark.django_db
def test_a_petition_whose_cells_are_gone_can_go_with_its_sums():
    petition = factories.petition()
    upsert((petition, 0, "ES", 3))
    petition.tallies.all().delete()
    assert set(TallyByCountry.objects.values_list("signatures", flat=True)) == {0}
    Petition.objects.filter(pk=petition.pk).delete()
    assert not TallyByCountry.objects.exists() and not TallyByHour.objects.exists()


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_added():
    petition = factories.petition()
    with transaction.atomic():
        upsert((petition, 0, "ES", 3))
        assert tally.confirmed(petition) == 3
        transaction.set_rollback(True)
    assert tally.confirmed(petition) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "part"), [(TallyByCountry, "ES"), (TallyByHour, "2026-06-15 00:00")])
def test_the_recount_says_which_sum_is_wrong_and_repairs_nothing(model, part, caplog):
    petition = factories.petition()
    upsert((petition, 0, "ES", 3))
    model.objects.update(signatures=4)
    (wrong,) = recount.wrong_sums()
    assert (wrong.petition_id, wrong.part, wrong.cells, wrong.sum) == (petition.pk, part, 3, 4)
    tasks.recount_all()
    assert f"WrongSum(petition_id={petition.pk}, part='{part}', cells=3, sum=4)" in caplog.text
    assert model.objects.get().signatures == 4


@pytest.mark.django_db(transaction=True)
def test_two_at_once_who_meet_in_the_same_sums_in_another_order():
    """New cells are added up apart from those that were there: what one takes first the other takes last."""
    petition, errors = factories.petition(), []
    for country in ("AT", "FR"):
        upsert(*[(petition, quarter, country, 1) for quarter in range(0, 400, 2)])
    begin = threading.Barrier(2)

    def work(new, old):
        try:
            begin.wait()
            for turn in range(200):
                upsert((petition, 2 * turn + 1, new, 1), (petition, 2 * turn, old, 1))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=pair) for pair in (("AT", "FR"), ("FR", "AT"))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert tally.by_country(petition, START + timedelta(days=30)) == {"AT": 600, "FR": 600}
    assert recount.wrong_sums() == []


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_cells_waits_for_the_one_before_and_sees_all_of_it():
    petition, written = factories.petition(), threading.Event()

    def second():
        upsert((petition, 40, "FR", 2))
        written.set()
        connections.close_all()

    worker = threading.Thread(target=second)
    with transaction.atomic():
        upsert((petition, 0, "ES", 1))
        worker.start()
        assert not written.wait(0.3)
    worker.join()
    assert tally.confirmed(petition) == 3
    assert_exact(petition)
