"""Days of action: when they are, who is reminded, and what moves with them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from actions.models import SampleTweet
from campaigns import moments, tasks
from campaigns.models import KeyMoment, Pledge, Reminder, Status, Update
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return factories.campaign(pledge_threshold=1)


def at(moment):
    return time_machine.travel(moment, tick=False)


def run():
    tasks.remind()
    tasks.send_reminders()


@pytest.mark.parametrize(
    ("remind", "lead"), [("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("start", timedelta(0))]
)
def test_a_reminder_comes_when_its_time_has_come_and_once(live, remind, lead):
    day = factories.day_of_action(live, starts_at=timezone.now() + timedelta(days=3))
    factories.pledge(live, remind=remind, address="ana@example.org")
    factories.pledge(live, remind=remind, confirmed=False)
    with at(day.starts_at - lead - timedelta(minutes=1)):
        run()
        assert mail.outbox == []
    with at(day.starts_at - lead + timedelta(minutes=1)):
        run()
        run()
    (made,) = mail.outbox
    assert made.to == ["ana@example.org"]
    assert made.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/c/{live.slug}/act/" in made.body
    assert Reminder.objects.count() == 1


def test_one_click_on_the_mail_takes_the_pledge_back(live, client):
    day = factories.day_of_action(live)
    factories.pledge(live, remind="day")
    with at(day.starts_at - timedelta(hours=5)):
        run()
    leave = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert client.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Pledge.objects.count() == Reminder.objects.count() == 0


def test_nobody_is_reminded_of_what_is_over_or_not_a_day_of_action_or_of_another_campaign(live):
    now = timezone.now()
    factories.day_of_action(live, starts_at=now - timedelta(days=3))
    KeyMoment.objects.create(campaign=live, title="Trial", starts_at=now + timedelta(minutes=1))
    factories.day_of_action(factories.campaign(), starts_at=now)
    factories.day_of_action(factories.campaign(status=Status.CLOSED, pledge_threshold=1), starts_at=now)
    factories.pledge(live, remind="day")
    run()
    assert mail.outbox == []


def test_a_reminder_that_waited_too_long_is_not_sent(live):
    day = factories.day_of_action(live)
    factories.pledge(live, remind="day")
    with at(day.starts_at - timedelta(hours=1)):
        tasks.remind()
    with at(day.ends_at + timedelta(hours=1)):
        tasks.send_reminders()
    assert mail.outbox == []
    assert Reminder.objects.get().mail_due_at is None


def test_a_moment_that_moves_is_reminded_of_anew_and_not_of_its_old_time(live):
    day = factories.day_of_action(live)
    factories.pledge(live, remind="day")
    with at(day.starts_at - timedelta(hours=23)):
        run()
    assert len(mail.outbox) == 1
    moments.move(day, day.starts_at + timedelta(days=5), "The court postponed it.")
    with at(day.starts_at - timedelta(hours=1)):
        run()
    assert len(mail.outbox) == 1
    with at(day.starts_at + timedelta(days=4, hours=1)):
        run()
    assert len(mail.outbox) == 2
    assert "The court postponed it." in mail.outbox[1].body


def test_what_hangs_on_a_moment_moves_with_it_as_the_preview_says(live, client):
    day = factories.day_of_action(live)
    old = day.starts_at
    live.tweet_action.hashtag_from = old
    live.tweet_action.save()
    coming = Update.objects.create(
        campaign=live, title="Go!", text="x", published_at=old + timedelta(hours=1), moment=day
    )
    free = Update.objects.create(campaign=live, title="Free", text="x", published_at=old + timedelta(hours=1))
    said = Update.objects.create(
        campaign=live, title="Said", text="x", published_at=timezone.now() - timedelta(hours=1), moment=day
    )
    by = timedelta(days=7)
    preview = {str(shift.label): (shift.before, shift.after) for shift in moments.plan(day, old + by)}
    assert preview == {
        "The moment begins": (old, old + by),
        "It ends": (day.ends_at, day.ends_at + by),
        "Go!": (coming.published_at, coming.published_at + by),
        "The hashtag is shown": (old, old + by),
    }
    day.refresh_from_db()
    assert day.starts_at == old
    moments.move(day, old + by, "The trial is postponed.")
    day.refresh_from_db()
    for row in (coming, free, said, live.tweet_action):
        row.refresh_from_db()
    assert (day.starts_at, day.moved_from, coming.published_at) == (old + by, old, old + timedelta(hours=1) + by)
    assert live.tweet_action.hashtag_from == old + by
    assert free.published_at == old + timedelta(hours=1)
    assert said.published_at < timezone.now()
    page = client.get(live.get_absolute_url()).content.decode()
    assert "The trial is postponed." in page
    assert day.history.count() == 2


ZONES = [
    # A zone with a half hour, the night that has 25 hours and the one that has 23.
    ("Asia/Kolkata", datetime(2026, 6, 15), timedelta(hours=24)),
    ("Europe/Berlin", datetime(2026, 10, 25), timedelta(hours=25)),
    ("Europe/Berlin", datetime(2027, 3, 28), timedelta(hours=23)),
]


@pytest.mark.parametrize(("zone", "day", "length"), ZONES)
def test_a_window_is_one_local_day_in_the_campaigns_zone(client, zone, day, length):
    local = ZoneInfo(zone)
    starts_at, ends_at = day.replace(tzinfo=local), (day + timedelta(days=1)).replace(tzinfo=local)
    assert ends_at.astimezone(UTC) - starts_at.astimezone(UTC) == length
    live = factories.campaign(time_zone=zone, pledge_threshold=1)
    made = factories.day_of_action(live, starts_at=starts_at, ends_at=ends_at)
    minute = timedelta(minutes=1)
    for moment, running in (
        (starts_at.astimezone(UTC) - minute, False),
        (starts_at.astimezone(UTC), True),
        (ends_at.astimezone(UTC) - minute, True),
        (ends_at.astimezone(UTC), False),
    ):
        with at(moment):
            assert KeyMoment.objects.current(moment).filter(pk=made.pk).exists() is running
            page = client.get(f"/c/{live.slug}/act/").content.decode()
            assert ("Today is the day of action." in page) is running
            tasks.remind()
            live.tweet_action.refresh_from_db()
            assert (live.tweet_action.busy_until == ends_at) is running
    with at(starts_at.astimezone(UTC) - timedelta(days=2)):
        page = client.get(live.get_absolute_url()).content.decode()
        assert f"{day:%-d} {day:%B} {day:%Y}, 00:00" in page
        event = Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content).walk("VEVENT")[0]
    assert event.decoded("dtstart") == starts_at
    assert event.decoded("dtend") == ends_at


def test_several_days_of_action_each_have_their_turn(client, live):
    now = timezone.now()
    first = factories.day_of_action(live, title="First day", starts_at=now + timedelta(days=2))
    second = factories.day_of_action(live, title="Second day", starts_at=now + timedelta(days=9))
    assert "First day" in client.get(f"/c/{live.slug}/act/").content.decode()
    with at(first.ends_at + timedelta(minutes=1)):
        assert "Second day" in client.get(f"/c/{live.slug}/act/").content.decode()
        calendar = Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content)
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["Second day"]
    with at(second.ends_at):
        assert "day of action" not in client.get(f"/c/{live.slug}/act/").content.decode()


def test_an_entry_of_the_calendar_stays_the_same_one_when_its_moment_moves(client, live):
    day = factories.day_of_action(live)

    def event():
        return Calendar.from_ical(client.get(f"/c/{live.slug}/action.ics").content).walk("VEVENT")[0]

    before = event()
    moments.move(day, day.starts_at + timedelta(days=2), "x")
    after = event()
    assert before["uid"] == after["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert after.decoded("dtstart") - before.decoded("dtstart") == timedelta(days=2)


def test_samples_of_a_moment_are_offered_while_it_lasts(live):
    day = factories.day_of_action(live)
    today = SampleTweet.objects.create(action=live.tweet_action, text="Today in court .@xmpl_ministry")
    day.samples.add(today)
    always = live.tweet_action.samples.exclude(pk=today.pk).get()
    assert moments.out_of_season(live, timezone.now()) == {today.pk}
    assert moments.out_of_season(live, day.starts_at + timedelta(hours=1)) == set()
    assert moments.out_of_season(live, day.ends_at) == {today.pk}
    assert always.pk not in moments.out_of_season(live, timezone.now())


def test_reminders_of_a_campaign_of_high_safety_keep_the_cause_to_themselves(live):
    live.safety = "high"
    live.save()
    day = factories.day_of_action(live)
    factories.pledge(live, remind="day")
    with at(day.starts_at - timedelta(hours=1)):
        run()
    assert mail.outbox[0].subject == "A reminder"


def test_a_moment_that_is_moved_to_where_another_one_stood_is_reminded_of(live):
    first = factories.day_of_action(live)
    second = factories.day_of_action(live, starts_at=first.starts_at + timedelta(hours=2))
    factories.pledge(live, remind="day")
    with at(first.starts_at - timedelta(hours=1)):
        run()
    assert len(mail.outbox) == 2
    moments.move(second, first.starts_at, "At the same time.")
    with at(first.starts_at - timedelta(minutes=30)):
        run()
    assert len(mail.outbox) == 3
