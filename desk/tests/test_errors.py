"""What is wrong is said at its field, in the tab that is open, and on top with the way there; histories hold what was changed."""

import pytest

from actions.models import Target
from desk.tests.test_campaign_page import ADD, added, change, place, save, whole
from tests import factories
from tests.html import Html, form_of

pytestmark = pytest.mark.django_db


def listed(response):
    """(anchor, tab, words) of each line of the list on top; each anchor is an id of the page."""
    page = Html(response)
    links = page.find(".outcry-errors a")
    ids = page.values("[id]", "id")
    assert {link["href"] for link in links} <= {f"#{one}" for one in ids}
    assert len(set(ids)) == len(ids)
    return [(link["href"][1:], link["x-on:click"], link.text) for link in links]


def test_nothing_is_listed_while_nothing_is_wrong(staff, live):
    assert listed(staff.get(change(live))) == []


def test_what_is_wrong_with_a_row_is_listed_and_stands_at_its_fields(staff, live):
    form = form_of(staff.get(change(live)))
    added(form, "pictures", kind="logo", alt="", focus_x="x", focus_y="50")
    response = staff.post(change(live), form)
    open_tab = "activeTab = 'general'"
    lines = [line for line in listed(response) if line[0] in ("id_pictures-0-alt", "id_pictures-0-focus_x")]
    assert [line[:2] for line in lines] == [("id_pictures-0-alt", open_tab), ("id_pictures-0-focus_x", open_tab)]
    assert lines[0][2] == "Campaign picture 1 · What can be seen: This field is required."
    assert lines[1][2].endswith(": Enter a whole number.")
    page = Html(response)
    assert page.one(".outcry-errors")["x-init"] == open_tab
    at_fields = page.one("#pictures-group")
    assert {"This field is required.", "Enter a whole number."} <= set(at_fields.texts(".errorlist"))


def test_what_is_wrong_with_an_update_is_listed_on_its_page(staff, live):
    typed = {"title": "", "text": "Typed", "published_at_0": "2027-01-15", "published_at_1": "x"}
    response = staff.post(place(live, "update"), form_of(staff.get(place(live, "update"))) | typed)
    assert [(anchor, words) for anchor, _, words in listed(response)] == [
        ("id_title", "Title: This field is required."),
        ("id_published_at_0", "Published: Enter a valid time."),
    ]
    assert Html(response).texts("form .errorlist") == ["This field is required.", "Enter a valid time."]


def test_errors_stand_in_the_order_of_the_page_and_the_first_tab_is_open(staff, live):
    form = form_of(staff.get(change(live))) | {"goal_statement": ""}
    added(form, "demands", title="", outcome="open", since="2026-06-15", position="1")
    row = f"demands-{int(form['demands-TOTAL_FORMS']) - 1}"
    added(form, "pictures", kind="logo", alt="", focus_x="50", focus_y="50")
    response = staff.post(change(live), form)
    general = "activeTab = 'general'"
    lines = [line[:2] for line in listed(response)]
    assert lines[0] == ("id_goal_statement", general)
    assert {(f"id_{row}-title", general), ("id_pictures-0-alt", general)} <= set(lines[1:])
    assert Html(response).one(".outcry-errors")["x-init"] == general


def test_what_is_wrong_with_rows_together_leads_to_them(staff, live):
    form = form_of(staff.get(place(live, "parts")))
    for _ in range(2):
        added(form, "parts", kind="ask", language="en", text="Publish it all .{target}")
    assert {line[0] for line in listed(staff.post(place(live, "parts"), form))} == {"parts-group"}


def test_the_list_is_there_on_the_page_of_a_target_too(staff, live):
    url = f"/admin/actions/target/{live.target.pk}/change/"
    response = staff.post(url, form_of(staff.get(url)) | {"reason": ""})
    assert [line[0] for line in listed(response)] == ["id_reason"]


def test_a_row_that_is_to_be_deleted_has_no_errors(staff):
    live = factories.campaign(status="draft", launched_at=None)
    live.history.all().delete()
    form = form_of(staff.get(change(live))) | {"demands-0-title": "", "goal_statement": "", "demands-0-DELETE": "on"}
    assert [line[0] for line in listed(staff.post(change(live), form))] == ["id_goal_statement"]


def test_one_change_is_one_entry_with_from_what_to_what_and_by_whom(staff, live):
    before = live.history.count()
    save(staff, change(live), form_of(staff.get(change(live))))
    assert live.history.count() == before
    refused = staff.post(change(live), form_of(staff.get(change(live))) | {"goal_statement": ""})
    assert refused.status_code == 200
    assert live.history.count() == before
    save(staff, change(live), form_of(staff.get(change(live))) | {"goal_statement": "A new goal"})
    assert live.history.count() == before + 1
    rows = Html(staff.get(f"/admin/campaigns/campaign/{live.pk}/history/")).find("#change-history tbody tr")
    # Between them stands an arrow, drawn from a font by its name.
    assert rows[0].text.endswith("Changed staff None Goal: The report is public. arrow_right_alt A new goal")


def test_a_part_that_is_added_has_one_entry(staff):
    save(staff, ADD, whole(staff))
    action = Target.objects.get().actions.get()
    for part in (action.campaign.petition, action.target, action.campaign.demands.get(), action.samples.get()):
        assert [entry.history_type for entry in part.history.all()] == ["+"], part
