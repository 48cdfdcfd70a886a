"""How staff pause something: one step with a reason, seen on the desk by everybody, kept in the log."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import switching
from campaigns.models import SwitchState
from core import switches
from core.switches import TOLD, Switch
from tests import factories
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
SITE = "/admin/campaigns/campaign/switches/"


def place(campaign):
    return f"/admin/campaigns/campaign/{campaign.pk}/switches/"


def throw(browser, where, switch=Switch.MAP, reason="It is slow"):
    return browser.post(where, form_of(browser.get(f"{where}?switch={switch.value}")) | {"reason": reason})


def card(browser, campaign):
    return Html(browser.get("/admin/")).one(f"article[aria-labelledby=campaign-{campaign.pk}]")


def test_the_desk_says_what_is_off_since_when_by_whom_why_and_what_visitors_read(staff, live):
    other = factories.campaign()
    with time_machine.travel(timezone.now().replace(day=5, hour=9, minute=30), tick=False):
        throw(staff, place(live))
        said = card(staff, live).one(".off")
        assert f"{timezone.now():%-d %B %Y}, 09:30 UTC, by staff@example.org: It is slow" in said.text
        assert said.texts("q") == [str(TOLD[Switch.MAP])]
        assert said.texts("strong") == ["Map"]
        assert card(staff, other).find(".off") == []
        again = said.one("a")["href"]
        assert form_of(staff.get(again))["to"] == "on"
        assert staff.post(place(live), form_of(staff.get(again)) | {"reason": "Fast again"}).status_code == 302
        assert card(staff, live).find(".off") == []


def test_what_is_off_everywhere_stands_on_top_and_on_every_page_of_a_campaign(staff, live):
    throw(staff, SITE, Switch.MAIL)
    desk = Html(staff.get("/admin/"))
    assert [found.texts("strong") for found in desk.find("#desk > .off")] == [["Mails"]]
    assert card(staff, live).find(".off") == []
    page = Html(staff.get(f"/admin/campaigns/campaign/{live.pk}/petition/"))
    assert page.one(".outcry-head .off strong").text == "Mails"
    listed = Html(staff.get(place(live)))
    assert "Off for the whole site" in listed.one("#switch-mail + dd").text
    assert "Off for the whole site" not in listed.one("#switch-map + dd").text


def test_the_page_offers_each_switch_as_it_stands(staff, live):
    throw(staff, place(live))
    page = Html(staff.get(place(live)))
    assert len(page.find("dl.switches dt")) == len(Switch)
    offers = {link["href"]: link.text.split(":")[0].strip() for link in page.find("dl.switches a")}
    assert offers.pop("?switch=map") == "Switch on again"
    assert set(offers.values()) == {"Switch off"}


def test_a_reason_is_wanted_and_a_second_press_changes_nothing_back(staff, live):
    form = form_of(staff.get(f"{place(live)}?switch=map"))
    refused = staff.post(place(live), form)
    assert refused.status_code == 422 and errors_of(refused)
    assert SwitchState.objects.count() == 0
    for _ in range(2):
        staff.post(place(live), form | {"reason": "It is slow"})
    state = SwitchState.objects.get()
    assert (state.is_off, state.reason, state.by.email) == (True, "It is slow", "staff@example.org")
    assert LogEntry.objects.count() == 1
    assert staff.post(place(live), form | {"switch": "moon", "reason": "x"}).status_code == 422


def test_the_log_has_both_for_campaign_and_site(staff, live):
    for where in (place(live), SITE):
        throw(staff, where)
        throw(staff, where, reason="Fast again")
    said = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert said == ["Changed map: off and It is slow.", "Changed map: on and Fast again."] * 2
    page = Html(staff.get("/admin/admin/logentry/"))
    assert len(page.find("#result_list tbody tr")) == 4


def test_the_site_is_the_administrators(live):
    organiser = logged_in(make_staff("o@example.org", superuser=False, groups=[Group.objects.get(name="organiser")]))
    assert organiser.get(SITE).status_code == organiser.post(SITE, {}).status_code == 403
    assert SITE not in Html(organiser.get("/admin/")).values("a", "href")
    assert throw(organiser, place(live)).status_code == 302
    moderator = logged_in(make_staff("m@example.org", superuser=False, groups=[Group.objects.get(name="moderator")]))
    assert moderator.get(place(live)).status_code == 403
    assert "It is slow" in card(moderator, live).text
    assert card(moderator, live).find(".off a") == []


def test_there_is_one_state_of_a_switch_and_none_of_an_unknown_one(live):
    by = make_staff("a@example.org")
    fields = {"is_off": True, "by": by, "reason": "x"}
    for campaign in (live, None):
        SwitchState.objects.create(campaign=campaign, switch=Switch.MAP, **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            SwitchState.objects.create(campaign=campaign, switch=Switch.MAP, **fields)
    with pytest.raises(IntegrityError, match="switch_is_known"), transaction.atomic():
        SwitchState.objects.create(campaign=live, switch="moon", **fields)


def test_what_was_on_for_a_month_is_not_read_any_more(live):
    by = make_staff("a@example.org")
    for is_off in (True, False):
        switching.switch(live, Switch.CONFIRMING, is_off, by, "x")
    assert switches.where_off(Switch.CONFIRMING, timedelta(days=7)) == {live.pk}
    assert switches.where_off(Switch.CONFIRMING) == frozenset()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        switches.look()
    assert switches.Known.states == ()
