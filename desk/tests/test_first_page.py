"""The desk: how each campaign stands, what waits for whom, and what comes next."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.models import User
from actions.models import Charge, SampleTweet, Tweet, Volume
from campaigns.models import Campaign, Delivery, PressKit, Recap, Status, Update
from core.models import StaffMail
from desk import coming
from operations.models import Incident
from petitions import moderation, tally
from petitions.models import Alert, Export, Review, Voice
from tests import factories
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db

DESK = "/admin/"
NOON = datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Asia/Kolkata"))


def desk(client):
    return Html(client.get(DESK)).one("#desk")


def card(client, campaign):
    return desk(client).one(f"article[aria-labelledby=campaign-{campaign.pk}]")


def waits(client, campaign):
    return {link.text: link["href"] for link in card(client, campaign).find(".waits a")}


def post(action, number, **fields):
    defaults = {"post_id": number, "root_id": number, "kind": "matching", "text": "x", "posted_at": timezone.now()}
    return Tweet.objects.create(action=action, **defaults | fields)


def test_today_and_yesterday_are_days_of_the_campaigns_zone(staff, live):
    """In Kolkata a day begins at half past six in the evening, UTC."""
    with time_machine.travel(NOON, tick=False):
        type(live).objects.filter(pk=live.pk).update(time_zone="Asia/Kolkata", launched_at=NOON - timedelta(days=9))
        midnight = NOON.replace(hour=0)
        quarter = timedelta(minutes=15)
        for number, moment in ((2, midnight), (3, midnight - quarter), (4, midnight - timedelta(hours=24) - quarter)):
            factories.signatures(live.petition, number, confirmed_at=moment, signed_at=moment)
        tally.settle_all()
        query = live.tweet_action.queries.get()
        for start, posts in ((midnight + timedelta(minutes=30), 7), (midnight - timedelta(minutes=30), 5)):
            Volume.objects.create(
                query=query, start=start, end=start + timedelta(hours=1), posts=posts, fetched_at=NOON
            )
        said = card(staff, live).text
    assert "9 / 100 signatures: 2 today, 3 yesterday" in said
    assert "12 / 50 tweets: 7 today, 5 yesterday" in said


def test_a_level_that_tells_no_days_tells_staff_none(staff, live):
    type(live).objects.filter(pk=live.pk).update(safety="high")
    factories.signatures(live.petition, 7)
    tally.settle_all()
    said = card(staff, live).text
    assert "0 / 100 signatures" in said
    assert "today" not in said.split("tweets")[0]


def test_everything_that_waits_leads_to_where_one_acts(staff, live):
    action, petition = live.tweet_action, live.petition
    factories.voice(petition, state="waiting")
    factories.voice(petition, state="approved")
    factories.second_look(petition, make_staff("remover@example.org"))
    post(action, 1)
    post(action, 2)
    post(action, 3, kind="target", target=action.target)
    Alert.objects.create(petition=petition, kind="fast")
    Alert.objects.create(petition=petition, kind="fast", seen_at=timezone.now())
    factories.signatures(petition, 2, review=Review.QUARANTINED)
    assert [*waits(staff, live)] == [
        "1 post by the target",
        "1 alert",
        "2 signatures set aside",
        "1 asks for a second look",
        "1 comment to read",
        "2 posts to look at",
    ]
    for words, url in waits(staff, live).items():
        rows = Html(staff.get(url)).find("#result_list tbody tr")
        assert len(rows) == int(words.split()[0]), words


def test_what_waits_for_a_second_person_is_counted(staff, live):
    rows = factories.signatures(live.petition, 30)
    tally.settle_all()
    asker = make_staff("asker@example.org")
    chosen = type(rows[0]).objects.filter(petition=live.petition)
    decision = moderation.remove(live.petition, chosen, "automated", asker)
    assert decision.is_waiting
    [(words, url)] = [row for row in waits(staff, live).items() if "decision" in row[0]]
    assert words == "1 decision to check"
    assert len(Html(staff.get(url)).find("#result_list tbody tr")) == 1


def test_other_campaigns_things_wait_elsewhere(staff, live):
    other = factories.campaign()
    factories.voice(other.petition, state=Voice.State.WAITING)
    post(other.tweet_action, 1, kind="target", target=other.tweet_action.target)
    assert waits(staff, live) == {}
    assert [*waits(staff, other)] == ["1 post by the target", "1 comment to read"]


def test_a_second_target_of_a_campaign_speaks_to_it_too(staff, live):
    second = factories.target(x_handle="second")
    live.tweet_action.more_targets.add(second)
    post(live.tweet_action, 1, kind="target", target=second)
    assert "1 post by the target" in waits(staff, live)


def test_what_comes_next_is_there_in_its_order(staff, live):
    now = timezone.now()
    factories.day_of_action(live, starts_at=now + timedelta(days=3), ends_at=None, title="The day")
    factories.pledge(live, remind="day")
    factories.pledge(live, confirmed=False, remind="hour")
    Update.objects.create(campaign=live, title="Soon", text="x", published_at=now + timedelta(days=1))
    Update.objects.create(campaign=live, title="Draft", text="x")
    Update.objects.create(campaign=live, title="Past", text="x", published_at=now - timedelta(days=1))
    live.petition.closes_at = now + timedelta(days=9)
    live.petition.save()
    assert card(staff, live).texts(".coming a") == ["Update: Soon", "Reminders of: The day", "Moment: The day"]


def test_what_comes_next_leads_to_where_it_is_changed(staff, live, monkeypatch):
    monkeypatch.setattr(coming, "SHOWN", 9)
    at = [timezone.now() + timedelta(days=number) for number in range(1, 8)]
    type(live.petition).objects.filter(pk=live.petition.pk).update(opens_at=at[0], closes_at=at[5])
    type(live.tweet_action).objects.filter(pk=live.tweet_action.pk).update(hashtag_from=at[1])
    moment = factories.day_of_action(live, starts_at=at[2], ends_at=None, title="The day")
    update = Update.objects.create(campaign=live, title="Soon", text="x", published_at=at[3])
    PressKit.objects.create(campaign=live, text="x", contact="x", embargo_until=at[4])
    recap = Recap.objects.create(campaign=live, text="x", published_at=at[6])
    found = {link.text: link["href"] for link in card(staff, live).find(".coming a")}
    own = f"/admin/campaigns/campaign/{live.pk}"
    assert found == {
        "The petition opens": f"{own}/petition/",
        "The hashtag is shown": f"{own}/action/",
        "Moment: The day": f"/admin/campaigns/keymoment/{moment.pk}/change/",
        "Update: Soon": f"/admin/campaigns/update/{update.pk}/change/",
        "The embargo of the press kit ends": f"{own}/press/",
        "The petition closes": f"{own}/petition/",
        "The recap appears": f"/admin/campaigns/recap/{recap.pk}/change/",
    }
    assert {staff.get(url).status_code for url in found.values()} == {200}


def test_a_line_that_the_reader_may_not_open_is_no_link(live):
    """Somebody whom a site has given a role of its own, that may look at campaigns alone."""
    Update.objects.create(campaign=live, title="Soon", text="x", published_at=timezone.now() + timedelta(days=1))
    StaffMail.objects.create(to="a@example.org", subject="x", text="x", mail_due_at=timezone.now())
    role = Group.objects.create(name="guest")
    role.permissions.set(Permission.objects.filter(codename="view_campaign"))
    guest = logged_in(make_staff("guest@example.org", superuser=False, groups=[role]))
    said = desk(guest)
    for words in ("Update: Soon", "X is not connected", "1 mail is waiting", "X has cost"):
        assert words in said.text
    for url in said.values("a[href]", "href"):
        assert guest.get(url).status_code == 200, url
    assert said.texts("a") == [live.headline]


def test_money_and_mails_and_incidents_are_told(staff, live):
    Charge.objects.create(action=live.tweet_action, purpose="counts", reserved=Decimal(9), actual=Decimal("1.5"))
    Charge.objects.create(action=live.tweet_action, purpose="counts", reserved=Decimal(2))
    StaffMail.objects.create(to="a@example.org", subject="x", text="x", mail_due_at=timezone.now())
    Incident.objects.create(name="mail_server", began_at=timezone.now())
    said = desk(staff).text
    assert "X has cost US$3.50 of US$99,999.00 this month." in said
    assert "1 mail is waiting to go out." in said
    assert "X is not connected" in said
    assert desk(staff).find(".flag a")
    links = {link.text: link["href"] for link in desk(staff).find("a[href]")}
    leads = {words: url for words, url in links.items() if words.startswith(("X ", "1 mail"))}
    assert [*leads.values()] == [
        "/admin/actions/endpoint/",
        "/admin/operations/incident/",
        f"/admin/campaigns/campaign/{live.pk}/action/#id_budget",
    ]
    assert {staff.get(url).status_code for url in leads.values()} == {200}
    assert Html(staff.get(f"/admin/campaigns/campaign/{live.pk}/action/")).find("#id_budget")
    moderator = logged_in(make_staff("mod@example.org", superuser=False, groups=[Group.objects.get(name="moderator")]))
    [money] = [link["href"] for link in desk(moderator).find("a[href]") if link.text.startswith("X has cost")]
    rows = Html(moderator.get(money)).find("#result_list tbody tr")
    assert len(rows) == 2
    assert "1 mail is waiting to go out." not in desk(moderator).texts("a")


def test_live_ones_come_first_and_archived_ones_not_at_all(staff, live):
    closed = factories.campaign(status=Status.CLOSED, headline="Closed")
    draft = factories.campaign(status=Status.DRAFT, launched_at=None, headline="Draft")
    factories.campaign(status=Status.ARCHIVED, headline="Archived")
    ids = [article["aria-labelledby"] for article in desk(staff).find("article")]
    assert ids == [f"campaign-{campaign.pk}" for campaign in (live, draft, closed)]


def officer(name, *campaigns):
    """A data officer on the teams of these campaigns alone."""
    person = make_staff(f"{name}@example.org", superuser=False, groups=[Group.objects.get(name="data officer")])
    for campaign in Campaign.objects.exclude(pk__in=[one.pk for one in campaigns]):
        campaign.team.remove(person)
    return person


def export(campaign, asked_by, state="waiting", **fields):
    now = timezone.now()
    begun = {} if state == "waiting" else {"purpose": "names", "began_at": now}
    whole = {"purpose": "news", "reason": "x", "expires_at": now + timedelta(days=1), **begun, **fields}
    return Export.objects.create(petition=campaign.petition, asked_by=asked_by, state=state, **whole)


def test_what_leaves_the_site_waits_on_the_desk_of_a_data_officer(live):
    """One's own requests wait for others, and what others have asked for is theirs to fetch."""
    other, foreign = factories.campaign(headline="Other"), factories.campaign(headline="Foreign")
    me, colleague = officer("me", live, other), officer("colleague", live, other, foreign)
    for asker in (me, colleague):
        export(live, asker)
        export(live, asker, "ready")
        factories.delivery(live, asker, state="ready")
        factories.delivery(live, asker, state="fetched")
    past = timezone.now() - timedelta(minutes=1)
    export(live, colleague, expires_at=past)
    export(live, me, "ready", expires_at=past)
    factories.delivery(live, me, state="ready", expires_at=past)
    export(foreign, colleague)
    factories.signatures(live.petition, 2, review=Review.QUARANTINED)
    browser = logged_in(me)
    found = waits(browser, live)
    assert [*found] == ["1 export to approve", "1 export to fetch", "1 pack to fetch"]
    pages = {words: Html(browser.get(url)) for words, url in found.items()}
    mine = {
        "1 export to approve": Export.objects.get(
            petition=live.petition, state="waiting", asked_by=colleague, expires_at__gt=past
        ),
        "1 export to fetch": Export.objects.get(state="ready", asked_by=me, expires_at__gt=past),
        "1 pack to fetch": Delivery.objects.get(state="ready", asked_by=me, expires_at__gt=past),
    }
    for words, row in mine.items():
        link = f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"
        assert link in " ".join(pages[words].values("#result_list tbody a", "href")), words
    assert len(pages["1 export to approve"].find("#result_list tbody tr")) == 1
    assert not {str(colleague), "Foreign"} & set(pages["1 pack to fetch"].texts("#result_list tbody td"))
    assert len(desk(browser).find("article")) == 1


def test_a_fetched_pack_waits_until_its_handover_is_recorded(live):
    asker = make_staff("asker@example.org")
    now = timezone.now()
    factories.delivery(live, asker, asked_at=now - timedelta(days=2))
    newer = factories.delivery(live, asker, asked_at=now - timedelta(days=1))
    factories.delivery(live, asker, asked_at=now, state="ready")
    organiser = logged_in(make_staff("org@example.org", superuser=False, groups=[Group.objects.get(name="organiser")]))
    words = "1 fetched pack: record the handover"
    rows = Html(organiser.get(waits(organiser, live)[words])).find("#result_list tbody tr")
    step = f"/admin/campaigns/delivery/{newer.pk}/hand_over/"
    assert [step in row.values("a", "href") for row in rows] == [True], "a later one has replaced the first"
    assert words not in desk(logged_in(officer("me", live))).text
    type(live).objects.filter(pk=live.pk).update(safety="high")
    assert words not in waits(organiser, live), "it may not be recorded any more"
    type(live).objects.filter(pk=live.pk).update(safety="standard")
    for days, asked_about in ((58, [newer]), (60, [])):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            assert list(Delivery.objects.to_be_recorded()) == asked_about, days
    Delivery.objects.filter(pk=newer.pk).update(handed_over_at=now)
    assert words not in waits(organiser, live)


def test_a_data_officer_reads_that_nothing_waits(live):
    export(live, make_staff("asker@example.org"))
    assert desk(logged_in(officer("elsewhere"))).text == "No export and no pack is waiting for you."


def test_what_leaves_the_site_waits_on_an_administrators_desk_too(staff, live):
    export(live, make_staff("asker@example.org"))
    assert [*waits(staff, live)] == ["1 export to approve"]


def test_a_moderator_sees_what_waits_for_moderators_and_an_organiser_no_comments(live):
    factories.voice(live.petition, state="waiting")
    moderator = logged_in(make_staff("mod@example.org", superuser=False, groups=[Group.objects.get(name="moderator")]))
    assert "1 comment to read" in waits(moderator, live)
    assert not desk(moderator).find("a[href$='/campaign/add/']")
    organiser = logged_in(make_staff("org@example.org", superuser=False, groups=[Group.objects.get(name="organiser")]))
    assert "comment" not in "".join(waits(organiser, live))


def test_no_markup_of_a_headline_or_title_is_taken_for_ours(staff, live):
    type(live).objects.filter(pk=live.pk).update(headline="<b>bold</b> @xmpl_ministry")
    Update.objects.create(campaign=live, title="<i>x</i>", text="x", published_at=timezone.now() + timedelta(days=1))
    page = card(staff, live)
    assert not page.find("b, i")
    assert "<i>x</i>" in page.text


def filled():
    campaign = factories.campaign()
    factories.day_of_action(campaign)
    factories.voice(campaign.petition, state="waiting")
    SampleTweet.objects.filter(action=campaign.tweet_action).update(text="x")
    post(campaign.tweet_action, campaign.pk * 10)
    post(campaign.tweet_action, campaign.pk * 10 + 1, kind="target", target=campaign.tweet_action.target)
    Alert.objects.create(petition=campaign.petition, kind="fast")
    asker = User.objects.get_or_create(username="asker")[0]
    export(campaign, asker)
    return campaign


def test_fifty_campaigns_cost_as_many_queries_as_one(staff, django_assert_max_num_queries):
    filled()
    staff.get(DESK)
    with django_assert_max_num_queries(19) as one:
        staff.get(DESK)
    for _ in range(51):
        filled()
    with django_assert_max_num_queries(19) as fifty:
        answer = staff.get(DESK)
    assert len(fifty) == len(one)
    page = Html(answer).one("#desk")
    assert len(page.find("article")) == 50
    assert page.find("a[href='/admin/campaigns/campaign/']")


def test_every_list_is_folded_away_below_the_campaigns(staff, live):
    page = Html(staff.get(DESK))
    assert page.one("h1").text == "Your campaigns"
    lists = page.one("details.outcry-lists")
    assert "open" not in lists.attributes
    assert "/admin/campaigns/update/" in {link["href"] for link in lists.find("a")}
