"""Times as staff type them, in three zones: where clocks skip an hour, where one comes twice, and what is left as it was."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms

from core.staff.times import ZonedTimeField, Zones, around, moments, zone_named

MADRID, ST_JOHNS, KATHMANDU = (ZoneInfo(name) for name in ("Europe/Madrid", "America/St_Johns", "Asia/Kathmandu"))


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-20 12:00:00+00:00"):
        yield


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def form(day=None, clock=None, zone=MADRID, read_in=None, stored=None, **fields):
    """A form with one time `at`; bound, when a day or a clock is given."""

    class Form(forms.Form):
        at = ZonedTimeField(zones=Zones(zone, read_in or zone), required=False)

    typed = None if day is None else {"at_0": day, "at_1": clock} | fields
    return Form(typed, initial={"at": stored})


def errors(*args, **kwargs):
    return form(*args, **kwargs).errors.get("at", [])


def moment(*args, **kwargs):
    checked = form(*args, **kwargs)
    assert checked.errors == {}
    return checked.cleaned_data["at"]


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        (MADRID, "2027-01-15 09:00", "2027-07-15 08:00"),
        (ST_JOHNS, "2027-01-15 13:30", "2027-07-15 12:30"),
        (KATHMANDU, "2027-01-15 04:15", "2027-07-15 04:15"),
    ],
)
def test_ten_in_the_morning_is_read_in_the_zone(zone, winter, summer):
    assert moment("2027-01-15", "10:00", zone=zone) == utc(winter)
    assert moment("2027-07-15", "10:00", zone=zone) == utc(summer)
    assert moments(datetime(2027, 1, 15, 10), zone) == [utc(winter)]


@pytest.mark.requirement("A31")
@pytest.mark.parametrize(
    ("zone", "day", "clock", "before", "after"),
    [
        (MADRID, "2027-03-28", "02:30", "2027-03-28 01:59", "2027-03-28 03:00"),
        (MADRID, "2027-03-28", "02:00", "2027-03-28 01:59", "2027-03-28 03:00"),
        (ST_JOHNS, "2027-03-14", "02:59", "2027-03-14 01:59", "2027-03-14 03:00"),
        (KATHMANDU, "1986-01-01", "00:05", "1985-12-31 23:59", "1986-01-01 00:15"),
        (ZoneInfo("Pacific/Apia"), "2011-12-30", "12:00", "2011-12-29 23:59", "2011-12-31 00:00"),
    ],
)
def test_a_time_that_clocks_skip_is_refused_with_the_two_beside_it(zone, day, clock, before, after):
    assert moments(datetime.fromisoformat(f"{day} {clock}"), zone) == []
    assert errors(day, clock, zone=zone) == [f"Clocks in {zone} skip this time. The nearest are {before} and {after}."]
    assert [f"{found:%Y-%m-%d %H:%M}" for found in around(datetime.fromisoformat(f"{day} {clock}"), zone)] == [
        before,
        after,
    ]


@pytest.mark.requirement("A31")
@pytest.mark.parametrize(
    ("zone", "day", "clock", "first", "second", "moments"),
    [
        (MADRID, "2027-10-31", "02:30", "+02:00", "+01:00", ("2027-10-31 00:30", "2027-10-31 01:30")),
        (ST_JOHNS, "2027-11-07", "01:30", "-02:30", "-03:30", ("2027-11-07 04:00", "2027-11-07 05:00")),
    ],
)
def test_a_time_that_comes_twice_is_asked_about_and_answered_with_its_offset(zone, day, clock, first, second, moments):
    message = f"This time comes twice in {zone}. Please write which one you mean: {clock} {first} or {clock} {second}."
    assert errors(day, clock, zone=zone) == [message]
    for offset, meant in zip((first, second), moments, strict=True):
        for written in (f"{clock} {offset}", f"{clock}:00{offset}", f"{clock} {offset.replace(':', '')}"):
            assert moment(day, written, zone=zone) == utc(meant)
        shown = form(zone=zone, stored=utc(meant))["at"].value()
        assert [str(part) for part in shown] == [day, f"{clock}:00 {offset}"]
        assert moment(day, shown[1], zone=zone) == utc(meant)
    assert errors(day, f"{clock} +09:00", zone=zone) == [
        f"In {zone} the clock has another offset at that time: {first} or {second}."
    ]


def test_an_offset_that_is_none_of_the_zone_is_refused_and_the_right_one_is_named():
    assert errors("2027-01-15", "10:00 +02:00") == [
        "In Europe/Madrid the clock has another offset at that time: +01:00."
    ]
    assert moment("2027-01-15", "10:00 +1") == utc("2027-01-15 09:00")
    for mangled in ("10:00 +15:00", "10:00 +01:60", "+01:00", "x", "25:00"):
        assert errors("2027-01-15", mangled) == ["Enter a valid time."]


@pytest.mark.requirement("A31")
def test_what_is_left_as_it_was_stays_at_its_moment_to_the_microsecond():
    stored = utc("2027-10-31 01:30:12.345678")
    day, clock = form(stored=stored)["at"].value()
    assert moment(str(day), clock, stored=stored) == stored
    assert moment(str(day), clock, stored=stored, read_in=KATHMANDU) == stored
    assert not form(str(day), clock, stored=stored).has_changed()
    assert form(str(day), "02:30:12 +02:00", stored=stored).has_changed()


def test_what_is_typed_along_with_another_zone_is_in_the_new_one():
    stored = utc("2027-01-15 09:00")
    assert moment("2027-01-15", "11:00", stored=stored, read_in=KATHMANDU) == utc("2027-01-15 05:15")
    typed, left = (form("2027-01-15", clock, stored=stored, read_in=KATHMANDU) for clock in ("11:00", "10:00"))
    assert "Times are in Asia/Kathmandu." in str(typed["at"])
    assert "Times are in Europe/Madrid." in str(left["at"])


def test_a_disabled_field_takes_nothing():
    for stored in (utc("2027-01-15 09:00:00.5"), None):
        checked = form("2030-01-01", "10:00", stored=stored)
        checked.fields["at"].disabled = True
        assert checked.is_valid()
        assert checked.cleaned_data["at"] == stored


@pytest.mark.parametrize("day", ["1899-12-31", "2201-01-01", "0001-01-01", "9999-12-31"])
def test_a_year_that_can_not_be_is_refused_in_every_zone(day):
    for zone in (MADRID, ST_JOHNS, KATHMANDU):
        assert errors(day, "00:00", zone=zone) == ["Please check the year."]


def test_a_far_date_is_asked_about_once():
    assert moment("2031-11-18", "10:00") == utc("2031-11-18 09:00")
    for day, year in (("2031-11-20", "2031"), ("2016-06-15", "2016")):
        asked = form(day, "10:00")
        assert "Do you mean the year " + year in asked.errors["at"][0]
        assert f'value="{day} 10:00"' in str(asked["at"])
        assert "Do you mean" in errors(day, "11:00", at_sure=f"{day} 10:00")[0]
        assert moment(day, "10:00", at_sure=f"{day} 10:00").year == int(year)
    stored = utc("2016-06-15 08:00")
    assert moment("2016-06-15", "10:00", stored=stored) == stored


def test_a_day_without_a_time_is_refused_and_neither_is_none():
    assert moment("", "") is None
    assert errors("2027-01-15", "") == ["Enter a valid time."]
    assert errors("", "10:00") == ["Enter a valid date."]


@pytest.mark.parametrize("name", ["", "Mars", "../etc/passwd", "/etc/passwd", "Europe", "Europe/\0"])
def test_what_is_no_zone_is_none(name):
    assert zone_named(name) is None
    assert zone_named("Europe/Madrid") == MADRID
