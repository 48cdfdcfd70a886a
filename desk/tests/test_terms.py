"""X is asked nothing before somebody says, by name, that they have read what it wants; and for posts only with its approval."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from actions import asking, permitting
from actions.models import Purpose, TweetAction
from actions.x.answers import Reads
from campaigns import copying
from campaigns.models import Status
from desk.tests.test_campaign_page import ADD, change, go_live, read_terms, save, whole
from tests import factories
from tests.html import Html, errors_of, form_of

pytestmark = pytest.mark.django_db
POSTS = {Purpose.SAMPLE, Purpose.LINKS, Purpose.CARDS, Purpose.REPLIES}


@pytest.fixture
def launched(staff):
    campaign = factories.campaign(status=Status.DRAFT, launched_at=None)
    go_live(staff, campaign)
    return campaign


def place(campaign):
    return f"/admin/campaigns/campaign/{campaign.pk}/terms/"


def asked(campaign):
    """For what X is asked."""
    action, answered = TweetAction.objects.get(campaign=campaign), []

    class Answer:
        reads = Reads(requests=1)

    for purpose in Purpose:
        payer = asking.Payer(action, purpose, Decimal("0.005"))
        asking.ask("counts", payer, lambda x, purpose=purpose: answered.append(purpose) or Answer())
    return set(answered)


def test_what_was_live_before_goes_on(live, settings):
    settings.X_BEARER_TOKEN = "key"
    assert asked(live) == set(Purpose)


def test_what_goes_live_now_is_asked_step_by_step(staff, launched, settings):
    settings.X_BEARER_TOKEN = "key"
    assert asked(launched) == {Purpose.COMPLIANCE}
    assert not TweetAction.objects.get().is_tracking
    read_terms(staff, launched)
    action = TweetAction.objects.get()
    assert asked(launched) == {Purpose.COUNTS, Purpose.COMPLIANCE}
    assert action.is_tracking
    assert action.queries.get(until=None).query == action.query
    read_terms(staff, launched, approval="X-2026-17")
    assert asked(launched) == set(Purpose)


def test_name_date_and_approval_are_kept_with_who_noted_them(staff, launched):
    read_terms(staff, launched, name="Noa Example", approval="X-2026-17")
    action = TweetAction.objects.get()
    assert (action.terms_read_by, action.x_approval) == ("Noa Example", "X-2026-17")
    assert timezone.now() - action.terms_read_at < timedelta(minutes=1)
    version = action.history.filter(terms_read_by="Noa Example").first()
    assert version.history_user.email == "staff@example.org"
    page = Html(staff.get(place(launched)))
    assert "Read by Noa Example on" in page.text
    assert page.one("[name=approval]")["value"] == "X-2026-17"


def test_who_has_opened_it_before_takes_no_approval_back(staff, launched):
    opened = form_of(staff.get(place(launched)))
    read_terms(staff, launched, approval="X-2026-17")
    assert staff.post(place(launched), opened | {"name": "Ana Example", "has_read": "on"}).status_code == 302
    action = TweetAction.objects.get()
    assert (action.terms_read_by, action.x_approval) == ("Ana Example", "X-2026-17")


@pytest.mark.parametrize("field", ["name", "has_read"])
def test_without_a_name_or_the_tick_nothing_is_noted(staff, launched, field):
    said = {"name": "Sam Example", "has_read": "on"} | {field: ""}
    answer = staff.post(place(launched), said)
    assert answer.status_code == 422
    assert errors_of(answer)
    assert TweetAction.objects.get().terms_read_at is None


def test_it_is_read_before_a_draft_goes_live_and_by_nobody_for_a_copy(staff, settings):
    settings.X_BEARER_TOKEN = "key"
    draft = factories.campaign(status=Status.DRAFT, launched_at=None)
    steps = f"/admin/campaigns/campaign/{draft.pk}/live/"
    assert Html(staff.get(steps)).one("#terms a")["href"] == place(draft)
    assert place(draft) in Html(staff.get(change(draft).replace("change", "x"))).values(
        "#content-main a, .outcry-progress a", "href"
    )
    read_terms(staff, draft)
    assert Html(staff.get(steps)).one("#terms")["class"] == "met"
    assert not TweetAction.objects.get().is_tracking
    copied = copying.copy(draft, "again").tweet_action
    assert (copied.terms_read_at, copied.terms_read_by, copied.x_approval) == (None, "", "")


def test_without_a_tweet_action_there_is_nothing_to_read(staff):
    assert staff.get(place(factories.campaign(tweet_action=None))).status_code == 404


def test_an_action_that_is_made_in_the_form_wants_it_whenever_it_is_added(staff):
    save(staff, ADD, whole(staff))
    action = TweetAction.objects.get()
    assert action.terms_wanted
    assert not permitting.may_count(action)
    assert not any(permitting.may_ask(action, purpose) for purpose in POSTS)
