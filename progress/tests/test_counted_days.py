"""Days as reports tell them: when each begins, what is told of it, and that it is told once."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from actions import opening
from actions.models import LinkedPost, Opening
from campaigns.models import Reminder, Update, UpdateMail
from core.privacy.safety import SafetyLevel
from petitions import disclosure, tally
from progress import counted_days, tasks
from progress.counted_days import Told
from progress.models import CountedDay
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def berlin():
    """Live since the noon of 10 March 2026 in Berlin, which goes over to summer time on the 29th."""
    return factories.campaign(time_zone="Europe/Berlin", launched_at=NOON)


def signed(campaign, number, at, **fields):
    moments = dict.fromkeys(("signed_at", "mailed_at", "confirmed_at"), at) | fields
    factories.signatures(campaign.petition, number, **moments)


def opened(campaign, number, at, sample=None, network="x"):
    Opening.objects.bulk_create(
        Opening(
            action=campaign.tweet_action,
            sample=sample,
            network=network,
            client_hash=random.randbytes(16),
            minute=at,
        )
        for _ in range(number)
    )


def counted(until):
    """All days that are over by then, by the task."""
    with time_machine.travel(until, tick=False):
        tally.settle_all()
        while opening.settle():
            pass
        tasks.count_days()


def told(campaign, first, last=None, series="confirmed"):
    return Told(campaign, date(2026, 3, first), date(2026, 3, last or first)).cells(series)


def test_direct_is_one_cell_also_where_the_word_itself_was_kept(berlin):
    for source, number in (("x", 5), ("direct", 6), (None, 9)):
        signed(berlin, number, NOON, source=source)
    counted(NOON + DAY)
    assert told(berlin, 10) == {"direct": 15, "x": 5}


def test_days_begin_and_end_at_midnight_in_the_campaigns_zone(berlin):
    signed(berlin, 5, datetime(2026, 3, 10, 22, 59, 59, tzinfo=UTC))
    signed(berlin, 7, datetime(2026, 3, 10, 23, 0, tzinfo=UTC))
    signed(berlin, 9, datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC))
    signed(berlin, 11, datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
    counted(NOON + 22 * DAY)
    assert [told(berlin, day) for day in (10, 11, 12, 29, 30)] == [
        {"direct": 5},
        {"direct": 7},
        {},
        {"direct": 9},
        {"direct": 11},
    ]
    assert told(berlin, 10, 11) == {"direct": 12}
    short = CountedDay.objects.get(day=date(2026, 3, 29))
    assert short.end - short.start == timedelta(hours=23)


def test_a_day_is_counted_when_it_is_over_and_once(berlin):
    signed(berlin, 6, NOON)
    midnight = datetime(2026, 3, 10, 23, tzinfo=UTC)
    counted(midnight + timedelta(minutes=9))
    assert not CountedDay.objects.exists()
    counted(midnight + timedelta(minutes=10))
    assert told(berlin, 10) == {"direct": 6}
    signed(berlin, 50, NOON)
    counted(midnight + timedelta(hours=23))
    assert told(berlin, 10, 12) == {"direct": 6}
    counted(midnight + 3 * DAY + timedelta(minutes=10))
    assert list(CountedDay.objects.values_list("day", flat=True)) == [date(2026, 3, day) for day in (13, 12, 11, 10)]


def test_what_is_too_few_is_told_with_the_day_that_makes_it_enough(berlin):
    for day, number in enumerate((3, 1, 4, 0, 9)):
        signed(berlin, number, NOON + day * DAY)
    counted(NOON + 6 * DAY)
    assert [told(berlin, 10 + day) for day in range(5)] == [{}, {}, {"direct": 8}, {}, {"direct": 9}]
    assert told(berlin, 10, 14) == {"direct": 17}
    assert told(berlin, 13, 13) == told(berlin, 10, 11) == {}


def test_nothing_exact_stays_behind_but_what_the_newest_day_carries(berlin):
    signed(berlin, 3, NOON)
    signed(berlin, 1, NOON + DAY)
    counted(NOON + 2 * DAY)
    newest, older = CountedDay.objects.all()
    assert (newest.carried["confirmed"], older.carried) == ({"direct": 4}, {})
    assert newest.told["confirmed"] == {}


def test_a_period_whose_rows_are_gone_is_unknown_and_not_zero(berlin):
    for day in range(12):
        signed(berlin, 5, NOON + day * DAY)
        opened(berlin, 5, NOON + day * DAY)
    counted(NOON + 12 * DAY)
    assert told(berlin, 13, series="signed") is told(berlin, 15, 21, series="mailed") is None
    assert told(berlin, 13, series="samples") is None
    assert told(berlin, 16, 21, series="signed") == {"all": 30}
    assert told(berlin, 16, 21, series="samples") == {"own": 30}
    assert told(berlin, 10, 21) == {"direct": 60}
    assert told(berlin, 10, 21, "opened") == {"x": 60}
    assert told(berlin, 1, 9) is told(berlin, 22, 30) is None


def test_every_series_exactly(berlin):
    sample = berlin.tweet_action.samples.get()
    later = NOON + timedelta(minutes=5)
    signed(berlin, 5, NOON, confirmed_at=later, source="x")
    signed(berlin, 6, NOON, confirmed_at=NOON + timedelta(minutes=50))
    signed(berlin, 7, NOON, confirmed_at=NOON + 2 * DAY)
    signed(berlin, 8, NOON, confirmed=False, confirmed_at=None)
    signed(berlin, 9, NOON, confirmed=False, confirmed_at=None, mailed_at=None)
    signed(berlin, 5, NOON, review="quarantined")
    opened(berlin, 5, NOON, sample)
    opened(berlin, 6, NOON, network="bluesky")
    LinkedPost.objects.bulk_create(
        LinkedPost(action=berlin.tweet_action, post_id=n, sample=sample if n < 5 else None, linked_at=NOON)
        for n in range(11)
    )
    LinkedPost.objects.create(action=berlin.tweet_action, post_id=99, note="not found at X", linked_at=NOON)
    for _ in range(5):
        pledge = factories.pledge(berlin, confirmed_at=NOON, mailed_at=NOON, network="bluesky")
        moment = berlin.moments.first() or factories.day_of_action(berlin)
        Reminder.objects.create(pledge=pledge, moment=moment, starts_at=moment.starts_at, mailed_at=NOON)
    update = Update.objects.create(campaign=berlin, title="x", text="x")
    for row in berlin.petition.signatures.filter(source="x"):
        UpdateMail.objects.create(update=update, signature=row, mailed_at=NOON)
    counted(NOON + DAY)
    row = CountedDay.objects.get()
    assert row.told == {
        "signed": {"all": 40},
        "mailed": {"all": 31},
        "confirmed": {"x": 5, "direct": 6},
        "waited": {"10 minutes": 5, "1 hour": 6},
        "opened": {"x": 5, "bluesky": 6},
        "samples": {str(sample.pk): 5, "own": 6},
        "linked": {str(sample.pk): 5, "own": 6},
        "pledged": {"bluesky": 5},
        "mailed pledge": {"all": 5},
        "mailed reminder": {"all": 5},
        "mailed update": {"all": 5},
    }
    counted(NOON + 3 * DAY)
    assert told(berlin, 12, series="waited") == {"later": 7}


def test_what_became_of_mails_comes_in_steps_of_ten(berlin):
    signed(berlin, 29, NOON, confirmed=False, confirmed_at=None, mailed_at=None, mail_due_at=NOON)
    signed(berlin, 19, NOON, confirmed=False, confirmed_at=None, mailed_at=None)
    signed(berlin, 10, NOON, confirmed=False, confirmed_at=None, mailed_at=None, mail_due_at=NOON, mail_attempts=2)
    counted(NOON + DAY)
    assert CountedDay.objects.get().mails["confirmation"] == {"waiting": 20, "uncertain": 10, "unsent": 10}


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("seed", range(4))
def test_no_period_and_no_difference_of_periods_tells_of_a_handful(berlin, seed):
    chance = random.Random(seed)
    for day in range(20):
        for source in ("x", "leaflet", "stall", None):
            signed(berlin, chance.choice((0, 0, 1, 2, 3, 6, 12)), NOON + day * DAY, source=source)
    counted(NOON + 20 * DAY)
    days = list(CountedDay.objects.order_by("day").values_list("told", flat=True))
    assert len(days) == 20
    before = {}
    for row in days:
        for series in ("confirmed", "waited"):
            then, now = before.get(series, {}), row[series]
            changes = [now.get(cell, 0) - then.get(cell, 0) for cell in {**then, **now}]
            assert all(number >= 5 for number in now.values())
            assert all(change == 0 or abs(change) >= 5 for change in changes)
            whole = sum(changes)
            assert whole == 0 or whole >= 5
        before = row
    assert sum(before["confirmed"].values()) > berlin.petition.signatures.count() - disclosure.LEAST


@pytest.mark.requirement("S11")
def test_at_the_highest_level_no_day_is_kept(berlin):
    signed(berlin, 9, NOON)
    counted(NOON + DAY)
    assert CountedDay.objects.exists()
    berlin.safety = SafetyLevel.HIGH
    berlin.save()
    counted(NOON + 2 * DAY)
    assert not CountedDay.objects.exists()
    assert told(berlin, 10) is None


def test_days_follow_each_other_when_the_zone_is_set_right(berlin):
    counted(NOON + DAY)
    berlin.time_zone = "Pacific/Kiritimati"
    berlin.save()
    counted(NOON + 3 * DAY)
    rows = list(CountedDay.objects.order_by("day"))
    assert [row.start for row in rows[1:]] == [row.end for row in rows[:-1]]
    assert rows[-1].end == counted_days.midnight(rows[-1].day + DAY, berlin.zone)


def test_what_is_over_is_counted_until_its_last_link_is_confirmed():
    petition = factories.petition(opens_at=NOON, closes_at=NOON + DAY)
    over = factories.campaign(time_zone="Europe/Berlin", launched_at=NOON, petition=petition, status="closed")
    signed(over, 5, NOON + 7 * DAY)
    counted(NOON + 22 * DAY)
    assert CountedDay.objects.first().day == date(2026, 3, 19)
    assert told(over, 10, 30) == {"direct": 5}


def test_what_nobody_has_taken_part_in_has_no_days(berlin):
    factories.campaign(status="interest", launched_at=None, petition=None, tweet_action=None)
    counted(NOON + DAY)
    assert CountedDay.objects.count() == 1
