"""The times of a campaign are its own, on every page of the admin."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db.models import DateTimeField
from django.utils import timezone

from actions.models import Contamination
from campaigns.models import Campaign, PressKit, Recap, Response, Update
from desk.tests.test_campaign_page import ADD, add, change, page_of, place, save, whole
from tests import factories, world
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
ZONES = {
    "Europe/Madrid": "2027-01-15 09:00",
    "America/St_Johns": "2027-01-15 13:30",
    "Asia/Kathmandu": "2027-01-15 04:15",
}


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel("2026-11-20 12:00:00+00:00"):
        yield


@pytest.fixture
def staff(_in_november, db):
    return logged_in(make_staff())


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(name, text):
    """The two fields of a time."""
    day, clock = text.split(maxsplit=1)
    return {f"{name}_0": day, f"{name}_1": clock}


def moments():
    """Every time of every row of the rooms that staff edit, and how many entries their histories have."""
    found = {}
    for model in (
        model for room in ("campaigns", "actions", "petitions") for model in apps.get_app_config(room).get_models()
    ):
        names = [field.name for field in model._meta.fields if isinstance(field, DateTimeField)]
        found[model._meta.label] = list(model._default_manager.order_by("pk").values_list("pk", *names))
    return found


def full(zone):
    """A campaign with a time in every field that there is, one of them in the hour that comes twice."""
    live = factories.campaign(time_zone=zone)
    odd = timedelta(microseconds=345_678)
    live.petition.closes_at = utc("2027-10-31 01:30") + odd
    live.petition.save()
    live.tweet_action.hashtag_from = utc("2026-10-01 04:00") + odd
    live.tweet_action.is_tracking = True
    live.tweet_action.save()
    Contamination.objects.create(
        action=live.tweet_action, start=utc("2026-10-25 00:30"), end=utc("2026-10-25 01:30"), reason="Machines"
    )
    factories.day_of_action(live, starts_at=utc("2027-11-07 04:00"))
    Update.objects.create(campaign=live, title="News", text="x", published_at=utc("2027-11-07 05:00") + odd)
    Response.objects.create(campaign=live, speaker="M", where="x", words="x", said_at=utc("2026-10-25 00:30") + odd)
    PressKit.objects.create(campaign=live, text="x", contact="x", embargo_until=utc("2027-10-31 00:30") + odd)
    Recap.objects.create(campaign=live, text="x", published_at=utc("2027-10-31 01:30") + odd)
    return live


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_is_read_and_shown_in_the_zone_that_is_named_at_the_field(staff, zone):
    live = factories.campaign(time_zone=zone)
    add(staff, live, "update", title="News", text="x", **at("published_at", "2027-01-15 10:00"))
    assert live.updates.get().published_at == utc(ZONES[zone])
    page = Html(staff.get(page_of(live.updates.get())))
    shown = form_of(page)
    assert [shown[f"published_at_{part}"] for part in (0, 1)] == ["2027-01-15", "10:00:00"]
    assert set(page.texts(".datetime + .outcry-zone")) == {f"Times are in {zone}."}


def test_every_time_of_every_page_has_its_zone(staff):
    live = full("Europe/Madrid")
    kit, recap = f"presskit/{live.press_kit.pk}", f"recap/{live.recap.pk}"
    parts = [f"/admin/campaigns/{part}/change/" for part in (kit, recap)]
    petition = f"/admin/petitions/petition/{live.petition.pk}/change/"
    parts += [page_of(part) for part in (live.moments.get(), live.updates.get(), live.responses.get())]
    parts += [place(live, page) for page in ("press", "moment", "update", "response", "recap")]
    for url, least in (
        (place(live, "petition"), 2),
        (place(live, "action"), 3),
        *((part, 1) for part in parts),
        (petition, 2),
    ):
        page = Html(staff.get(url))
        assert len(page.find(".datetime")) >= least
        assert page.texts(".datetime + .outcry-zone") == ["Times are in Europe/Madrid."] * len(page.find(".datetime"))


@pytest.mark.parametrize("zone", ZONES)
def test_a_round_trip_that_changes_nothing_changes_nothing(staff, zone):
    live = full(zone)
    urls = [
        change(live),
        f"/admin/petitions/petition/{live.petition.pk}/change/",
        f"/admin/campaigns/presskit/{live.press_kit.pk}/change/",
        f"/admin/campaigns/recap/{live.recap.pk}/change/",
        *(page_of(part) for part in (live.moments.get(), live.updates.get(), live.responses.get())),
        *(place(live, page) for page in ("press", "safety", "recap", "petition", "action")),
    ]
    for url in urls:
        before = moments()
        save(staff, url, form_of(staff.get(url)))
        assert moments() == before, url


def test_another_field_of_the_row_changes_and_its_times_stay_to_the_microsecond(staff):
    live = full("Europe/Madrid")
    fields = {
        f"/admin/petitions/petition/{live.petition.pk}/change/": "title",
        page_of(live.updates.get()): "title",
        page_of(live.responses.get()): "where",
    }
    for where, field in fields.items():
        form = form_of(staff.get(where))
        assert field in form
        save(staff, where, form | {field: "Another"})
    live.petition.refresh_from_db()
    assert (live.petition.title, live.updates.get().title, live.responses.get().where) == ("Another",) * 3
    assert live.petition.closes_at == utc("2027-10-31 01:30:00.345678")
    assert live.updates.get().published_at == utc("2027-11-07 05:00:00.345678")
    assert live.responses.get().said_at == utc("2026-10-25 00:30:00.345678")


@pytest.mark.parametrize(
    ("zone", "typed", "before", "after"),
    [
        ("Europe/Madrid", "2027-03-28 02:30", "2027-03-28 01:59", "2027-03-28 03:00"),
        ("America/St_Johns", "2027-03-14 02:30", "2027-03-14 01:59", "2027-03-14 03:00"),
    ],
)
def test_a_time_that_does_not_exist_is_refused_at_the_field(staff, zone, typed, before, after):
    live = factories.campaign(time_zone=zone)
    where = place(live, "update")
    form = form_of(staff.get(where)) | {"title": "News", "text": "Kept"} | at("published_at", typed)
    response = staff.post(where, form)
    message = f"Clocks in {zone} skip this time. The nearest are {before} and {after}."
    assert errors_of(response) == [message]
    kept = form_of(response)
    assert f"{kept['published_at_0']} {kept['published_at_1']}" == typed
    assert not live.updates.exists()
    save(staff, where, kept | at("published_at", after))
    assert live.updates.get().text == "Kept"


@pytest.mark.parametrize(
    ("zone", "typed", "offset", "meant"),
    [
        ("Europe/Madrid", "2027-10-31 02:30", "+02:00", "2027-10-31 00:30"),
        ("Europe/Madrid", "2027-10-31 02:30", "+01:00", "2027-10-31 01:30"),
        ("America/St_Johns", "2027-11-07 01:30", "-03:30", "2027-11-07 05:00"),
    ],
)
def test_a_time_that_comes_twice_is_asked_about_and_the_answer_stays(staff, zone, typed, offset, meant):
    live = factories.campaign(time_zone=zone)
    where = place(live, "update")
    form = form_of(staff.get(where)) | {"title": "News", "text": "x"} | at("published_at", typed)
    refused = staff.post(where, form)
    assert f"This time comes twice in {zone}." in errors_of(refused)[0]
    assert f"{typed[11:]} {offset}" in errors_of(refused)[0]
    save(staff, where, form_of(refused) | at("published_at", f"{typed} {offset}"))
    assert live.updates.get().published_at == utc(meant)
    where = page_of(live.updates.get())
    again = form_of(staff.get(where))
    assert again["published_at_1"] == f"{typed[11:]}:00 {offset}"
    save(staff, where, again | {"title": "Other news"})
    assert live.updates.get().title == "Other news"
    assert live.updates.get().published_at == utc(meant)


def test_the_zone_is_changed_what_was_there_stays_and_what_is_typed_is_in_the_new_one(staff):
    live = factories.campaign(time_zone="UTC")
    Update.objects.create(campaign=live, title="Old", text="x", published_at=utc("2027-01-15 10:00"))
    page = Html(staff.get(place(live, "safety")))
    assert "Times that you typed before stay at their moment." in page.text
    save(staff, place(live, "safety"), form_of(page) | {"time_zone": "Asia/Kathmandu"})
    new = Html(staff.get(place(live, "update")))
    assert set(new.texts(".datetime + .outcry-zone")) == {"Times are in Asia/Kathmandu."}
    add(staff, live, "update", title="New", text="x", **at("published_at", "2027-01-16 10:00"))
    times = dict(live.updates.values_list("title", "published_at"))
    assert times == {"Old": utc("2027-01-15 10:00"), "New": utc("2027-01-16 04:15")}
    shown = [form_of(staff.get(page_of(update)))["published_at_1"] for update in live.updates.all()]
    assert sorted(shown) == ["10:00:00", "15:45:00"]


def test_a_new_campaign_is_in_the_zone_that_is_chosen(staff):
    save(staff, ADD, whole(staff, time_zone="Asia/Kathmandu"))
    assert "Times are in Asia/Kathmandu." in Html(staff.get(change(Campaign.objects.get()))).text


def test_a_far_date_is_asked_about_once_at_its_field(staff, live):
    where = place(live, "moment")
    form = form_of(staff.get(where)) | {"title": "Day"} | at("starts_at", "2062-06-15 10:00")
    refused = Html(staff.post(where, form))
    assert errors_of(refused) == ["Do you mean the year 2062? Then please tick the box here, and save again."]
    box = refused.one("input[name$=_sure]")
    save(staff, where, form_of(refused) | {box["name"]: box["value"]})
    assert live.moments.get().starts_at == utc("2062-06-15 10:00")
    assert not Html(staff.get(page_of(live.moments.get()))).find("input[name$=_sure]")


def test_an_update_is_published_now_by_a_tick(staff, live, client):
    now = {"title": "At once", "text": "x", "publish_now": "on"} | at("published_at", "2027-03-28 x")
    form = form_of(staff.get(place(live, "update"))) | now
    for _ in range(2):  # The second click makes no second one.
        save(staff, place(live, "update"), form)
    assert timedelta(0) <= timezone.now() - live.updates.get().published_at < timedelta(minutes=1)
    assert "At once" in client.get(f"/c/{live.slug}/updates/").content.decode()
    where = page_of(live.updates.get())
    page = Html(staff.get(where))
    assert page.values("input[name='publish_now']", "type") == ["hidden"]
    before = live.updates.get().published_at
    save(staff, where, form_of(page) | {"publish_now": "on", "title": "At last"})
    assert (live.updates.get().title, live.updates.get().published_at) == ("At last", before)


def test_a_moment_is_moved_in_the_zone_of_its_campaign(staff):
    live = factories.campaign(time_zone="Europe/Madrid")
    day = factories.day_of_action(live, starts_at=utc("2027-01-15 09:00"))
    url = f"/admin/campaigns/keymoment/{day.pk}/move/"
    page = Html(staff.get(url))
    assert form_of(page)["starts_at_1"] == "10:00:00"
    assert "Times are in Europe/Madrid." in page.text
    because = form_of(page) | {"because": "Rain"}
    refused = staff.post(url, because | at("starts_at", "2027-03-28 02:30") | {"sure": "yes"})
    assert refused.status_code == 422
    assert "skip this time" in errors_of(refused)[0]
    look = Html(staff.post(url, because | at("starts_at", "2027-07-15 10:00")))
    assert look.one("caption").text == "This would move too (times are in Europe/Madrid)"
    assert look.texts("tbody td")[:2] == ["15 January 2027, 10:00", "15 July 2027, 10:00"]
    assert staff.post(url, form_of(look)).status_code == 302
    day.refresh_from_db()
    assert day.starts_at == utc("2027-07-15 08:00")


def test_a_moment_is_moved_to_the_hour_that_its_time_is_in_utc(staff):
    """What is shown and what is typed are compared in the zone of the campaign."""
    live = factories.campaign(time_zone="Europe/Madrid")
    day = factories.day_of_action(live, starts_at=utc("2027-07-15 10:00"))
    url = f"/admin/campaigns/keymoment/{day.pk}/move/"
    form = form_of(staff.get(url)) | {"because": "Heat", "sure": "yes"}
    assert form["starts_at_1"] == "12:00:00"
    assert staff.post(url, form | at("starts_at", "2027-07-15 10:00")).status_code == 302
    day.refresh_from_db()
    assert day.starts_at == utc("2027-07-15 08:00")


@pytest.mark.parametrize("part", ["keymoment", "update", "response"])
def test_pages_of_what_is_only_read_show_the_zone_too(part):
    live = factories.campaign(time_zone="Asia/Kathmandu")
    when = utc("2027-01-15 04:15")
    rows = {
        "keymoment": lambda: factories.day_of_action(live, starts_at=when),
        "update": lambda: Update.objects.create(campaign=live, title="x", text="x", published_at=when),
        "response": lambda: Response.objects.create(campaign=live, speaker="x", where="x", words="x", said_at=when),
    }
    browser = world.browsers("moderator")["moderator"]
    page = Html(browser.get(page_of(rows[part]())))
    assert page.one("#content-main form > .outcry-zone").text == "Times are in Asia/Kathmandu."
    assert "15 January 2027, 10:00 +0545" in page.text


def test_nothing_of_the_zone_is_left_behind_for_the_next_request(staff):
    live = factories.campaign(time_zone="Asia/Kathmandu")
    staff.get(change(live))
    assert timezone.get_current_timezone_name() == "UTC"
