"""Erasing leaves nothing, nobody moves the clock of retention by hand, and strangers' forms keep nobody from signing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaigns import status
from campaigns.models import Campaign, Status
from core.crypto import tokens
from core.privacy.address_hashes import address_hash
from petitions import caps, closing, moderation, tasks
from petitions.models import LinkRequest, Mailing, Petition, Signature, StandingDecision
from tests import factories
from tests.factories import typed
from tests.html import form_of
from tests.login import make_staff
from tests.safety.test_privacy import dump, traces

pytestmark = pytest.mark.django_db
ANA = "ana@hidden-domain.example"


def own_page(address=ANA):
    asked = LinkRequest.objects.create(email=address, address_hash=address_hash(address), mailed_at=timezone.now())
    return f"/my/{tokens.make('my', asked.pk)}/"


def mailed_page(client, smtp, address=ANA):
    """As its owner does it: asked for on the page, found in the mail."""
    client.post("/my/", {"email": address})
    tasks.send_links()
    text = smtp.received[-1].content.decode().replace("=\r\n", "")
    return re.search(r"http://testserver(/my/[^/]+/)", text).group(1)


@pytest.mark.requirement("S7")
def test_erasing_the_last_signature_takes_every_trace_of_the_address(client, live, smtp):
    """Nothing but the tally is left: no link, no note of a mail, no pledge, no fingerprint."""
    live.pledge_threshold = 1
    live.save()
    for _ in range(2):
        client.post(f"/c/{live.slug}/sign/", typed(email=ANA))
    tasks.send_confirmations()
    first, second = Signature.objects.order_by("pk")
    client.post(f"/confirm/{tokens.make('confirm', first.pk)}/", typed(email=ANA))
    pledge = factories.pledge(live, address=ANA)
    caps.note(pledge)
    client.post("/my/", {"email": ANA})
    page = mailed_page(client, smtp)
    assert client.post(f"{page}{first.pk}/erase/").url.startswith(page), "another one is kept: the link still works"
    goodbye = client.post(f"{page}{second.pk}/erase/", follow=True)
    assert "We have forgotten you" in goodbye.content.decode()
    assert goodbye["Cache-Control"] == "no-store"
    assert client.get(page).status_code == client.get(f"{page}export.json").status_code == 410
    assert LinkRequest.objects.count() == Mailing.objects.count() == StandingDecision.objects.count() == 0
    everything = dump()
    for trace in (*traces("hidden-domain"), address_hash(ANA), address_hash(ANA).hex().encode()):
        assert trace not in everything


@pytest.mark.requirement("S7")
def test_taking_back_the_last_pledge_takes_the_link_too(client, live):
    factories.pledge(live, address=ANA)
    page = own_page()
    assert "We have forgotten you" in client.post(f"{page}forget/", follow=True).content.decode()
    assert LinkRequest.objects.count() == 0


@pytest.mark.requirement("S7")
def test_who_is_bound_by_a_decision_is_told_so(client, live, smtp):
    row = factories.signature(live.petition, address=ANA)
    factories.signature(live.petition)
    moderation.remove(live.petition, Signature.objects.filter(pk=row.pk), "abuse", make_staff())
    page = mailed_page(client, smtp)
    shown = client.get(page).content.decode()
    assert "A moderator has removed your signature here." in shown
    assert "until 182 days after the petition closes" in shown
    (decided,) = client.get(f"{page}export.json").json()["decided"]
    assert (decided["petition"], decided["review"], decided["until"]) == (live.petition.title, "removed", None)
    assert "One thing stays" in client.post(f"{page}{row.pk}/erase/", follow=True).content.decode()
    assert LinkRequest.objects.count() == 0
    again = client.get(mailed_page(client, smtp)).content.decode()
    assert "A moderator has removed your signature here." in again
    assert "a fingerprint of your address for that petition" in client.get("/data/").content.decode()


@pytest.mark.requirement("S7")
def test_whoever_is_bound_by_nothing_is_told_nothing(client, live):
    row = factories.signature(live.petition, address=ANA)
    page = own_page()
    assert "moderator" not in client.get(page).content.decode()
    assert "One thing stays" not in client.post(f"{page}{row.pk}/erase/", follow=True).content.decode()


# When a petition closed.


def close(live):
    live.status = Status.CLOSED
    live.save()
    status.apply(live, before=Status.LIVE)


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("moved", [timedelta(days=-100), timedelta(days=100), None])
def test_when_a_petition_closed_is_moved_by_nobody(live, moved):
    close(live)
    closed = live.petition.closes_at
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Petition.objects.update(closes_at=moved and closed + moved)


@pytest.mark.requirement("S6")
def test_retention_does_not_run_out_early_by_closing_in_the_past(live):
    now = timezone.now()
    Petition.objects.update(closes_at=now + timedelta(days=9))
    Petition.objects.update(closes_at=now + timedelta(days=3))
    Petition.objects.update(opens_at=now - timedelta(days=400))
    with pytest.raises(IntegrityError, match="in the past"), transaction.atomic():
        Petition.objects.update(closes_at=now - timedelta(days=200))


@pytest.mark.requirement("S6")
def test_only_the_verbs_move_a_closing_and_for_one_petition(live):
    other = factories.petition()
    for petition in (live.petition, other):
        closing.close(petition)
    closing.reopen(other)
    live.petition.refresh_from_db()
    assert (live.petition.is_closed, other.is_closed) == (True, False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('outcry.closing', %s, true)", [str(other.pk)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Petition.objects.filter(pk=live.petition_id).update(closes_at=None)


@pytest.mark.requirement("S6")
def test_a_closed_campaign_is_opened_again_and_closed_again(live):
    close(live)
    live.status = Status.LIVE
    live.save()
    status.apply(live, before=Status.CLOSED)
    assert live.petition.is_open
    close(live)
    live.petition.refresh_from_db()
    assert live.petition.is_closed


@pytest.mark.requirement("S6")
def test_the_form_of_a_campaign_says_it_and_keeps_it(staff, live):
    where = f"/admin/campaigns/campaign/{live.pk}/petition/"
    form = form_of(staff.get(where))
    field = "closes_at"
    long_ago = timezone.now() - timedelta(hours=5)
    past = {f"{field}_0": f"{long_ago:%Y-%m-%d}", f"{field}_1": f"{long_ago:%H:%M:%S}"}
    answer = staff.post(where, form | past)
    assert answer.status_code == 200
    assert "Please choose a time that is still to come." in answer.content.decode()
    close(live)
    closed = live.petition.closes_at
    page = staff.get(where).content.decode()
    assert f"{field}_0" not in form_of(page)
    assert "Once it has closed, this stays: from here we count how long we know who signed." in page
    staff.post(where, form | past)
    staff.post(f"/admin/campaigns/campaign/{live.pk}/put-away/")
    assert Campaign.objects.get(pk=live.pk).status == Status.ARCHIVED
    live.petition.refresh_from_db()
    assert live.petition.closes_at == closed


@pytest.mark.requirement("S6")
def test_whose_opening_was_put_off_after_people_signed_is_closed_all_the_same(staff, live):
    factories.signature(live.petition)
    where = f"/admin/campaigns/campaign/{live.pk}/petition/"
    form = form_of(staff.get(where))
    staff.post(where, form | {"opens_at_0": "2199-01-01"})
    staff.post(where.replace("petition/", "close/"))
    live.petition.refresh_from_db()
    assert live.petition.is_closed
    planned = factories.campaign(petition=factories.petition(opens_at=timezone.now() + timedelta(days=9)))
    close(planned)
    assert planned.petition.opens_at > timezone.now(), "nobody has signed: when it was to open is kept"


# Strangers have used up the mails.


def use_up(client, live, address=ANA):
    for _ in range(5):
        client.post(f"/c/{live.slug}/sign/", typed(email=address, name="Typed by a stranger"))
    tasks.send_confirmations()
    Signature.objects.update(mailed_at=None, mail_due_at=None)


@pytest.mark.requirement("A3")
def test_who_gets_no_mail_any_more_confirms_on_the_own_page(client, live, smtp):
    use_up(client, live)
    client.post(f"/c/{live.slug}/sign/", typed(email=ANA, name="Ana herself", comment="Because"))
    tasks.send_confirmations()
    mine = Signature.objects.order_by("pk").last()
    assert mine.mailed_at is None
    page = mailed_page(client, smtp)
    shown = client.get(page).content.decode()
    assert f"{page}{mine.pk}/confirm/" in shown
    form = client.get(f"{page}{mine.pk}/confirm/").content.decode()
    assert 'value="Ana herself"' in form
    assert "checked" not in form
    wrong = client.post(f"{page}{mine.pk}/confirm/", typed(name="", comment="Kept words"))
    assert wrong.status_code == 422
    assert "Kept words" in wrong.content.decode()
    answer = client.post(f"{page}{mine.pk}/confirm/", typed(name="Ana", country="FR", updates="on"))
    assert answer.url == f"/c/{live.slug}/act/?confirmed=1"
    mine.refresh_from_db()
    assert (mine.name, mine.country, mine.counts, mine.show_name_at) == ("Ana", "FR", True, None)
    assert mine.updates_at
    other = Signature.objects.pending().first()
    assert b"You have signed already" in client.post(f"{page}{other.pk}/confirm/", typed()).content


@pytest.mark.requirement("A3")
def test_what_had_no_mail_is_confirmed_no_later_than_a_week_after_the_closing(client, live, smtp):
    mine = factories.signature(live.petition, confirmed=False, address=ANA, mailed_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        closing.close(live.petition)
    for days, code in ((7, 200), (9, 410)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            page = mailed_page(client, smtp)
            assert client.get(f"{page}{mine.pk}/confirm/").status_code == code


@pytest.mark.requirement("A3")
def test_the_link_to_the_own_page_confirms_for_a_day_and_for_its_address_only(client, live):
    mine = factories.signature(live.petition, confirmed=False, address=ANA, mailed_at=None)
    other = factories.signature(live.petition, confirmed=False, address="other@example.org", mailed_at=None)
    page = own_page()
    assert client.post(f"{page}{other.pk}/confirm/", typed()).status_code == 404
    assert client.post(f"/my/forged/{mine.pk}/confirm/", typed()).status_code == 410
    assert (
        client.post(f"{page}{mine.pk}/confirm/", typed(), headers={"sec-fetch-site": "cross-site"}).status_code == 403
    )
    assert client.get(f"{page}{mine.pk}/confirm/")["Referrer-Policy"] == "no-referrer"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert client.post(f"{page}{mine.pk}/confirm/", typed()).status_code == 410
    mine.refresh_from_db()
    assert mine.confirmed_at is None
    expired = factories.signature(
        live.petition, confirmed=False, address=ANA, mailed_at=timezone.now() - timedelta(days=8)
    )
    assert f"{expired.pk}/confirm/" not in client.get(page).content.decode()
    assert client.post(f"{page}{expired.pk}/confirm/", typed()).status_code == 410


@pytest.mark.requirement("A3")
def test_three_links_a_day_whatever_strangers_did(client, live, smtp):
    use_up(client, live)
    before = len(smtp.received)
    for _ in range(5):
        client.post("/my/", {"email": ANA})
        tasks.send_links()
    assert len(smtp.received) == before + 3


@pytest.mark.requirement("A4")
def test_whoever_wants_no_mail_gets_no_link_for_what_others_type(client, live, smtp):
    client.post(f"/c/{live.slug}/sign/", typed(email=ANA))
    tasks.send_confirmations()
    client.post("/my/", {"email": ANA})
    client.post(f"/not-me/{tokens.make('not-me', Signature.objects.get().pk)}/")
    assert LinkRequest.objects.count() == 0
    client.post(f"/c/{live.slug}/sign/", typed(email=ANA))
    client.post("/my/", {"email": ANA})
    tasks.send_links()
    assert len(smtp.received) == 1
    factories.signature(live.petition, address=ANA)
    client.post("/my/", {"email": ANA})
    tasks.send_links()
    assert len(smtp.received) == 2


@pytest.mark.requirement("S7")
def test_the_link_goes_to_the_address_that_was_confirmed(client, live, smtp):
    """Not to another spelling of it that a stranger has typed since."""
    factories.signature(live.petition, address="ana@example.org")
    factories.signature(live.petition, confirmed=False, address="ana+stranger@example.org")
    client.post("/my/", {"email": "ana+stranger@example.org"})
    tasks.send_links()
    assert [envelope.rcpt_tos for envelope in smtp.received] == [["ana@example.org"]]
