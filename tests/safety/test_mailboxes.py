"""A mail, a button and a page for one mailbox reach no other one: not by how a domain is read, nor by how it once was."""

import hashlib
import hmac
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campaigns import mailing
from campaigns import tasks as campaign_tasks
from campaigns.models import Pledge, Update
from core.crypto import tokens
from core.models import StaffMail
from core.privacy.address_hashes import address_hash
from core.tasks import send_mails
from petitions import rotation, signing, suppression, tally, tasks
from petitions.models import LinkRequest, Mailing, Signature, Suppression
from tests import factories
from tests.factories import typed

pytestmark = pytest.mark.django_db
SHARP, ITS_ASCII, DOUBLE = "w@weiß.example", "w@xn--wei-7ka.example", "w@weiss.example"
NEW_KEY = b"a-new-key-a-new-key-a-new-key-a-new-key"
# (typed, where the mail goes)
DOMAINS = [
    (SHARP, ITS_ASCII),
    ("w@WEIẞ.example", ITS_ASCII),
    ("ana@βόλος.example", "ana@xn--nxasmm1c.example"),
    ("ana@ΒΌΛΟΣ.example", "ana@xn--nxasmq6b.example"),
    ("ana@نامه\u200cای.example", "ana@xn--mgba3gch31f060k.example"),
    ("ana@ශ්\u200dරී.example", "ana@xn--10cl1a0b660p.example"),
    ("ana@bücher.example", "ana@xn--bcher-kva.example"),
    ("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah"),
]
PASTED = [
    "\ufeffana@example.org", "ana@example.org\u200b", "\u2066ana@example.org\u2069", "\u200fana@example.org", " \u00a0ana@example.org\u3000",
    "ana@example.org.", "ana@example.org,", "ana@example.org;", "ana@example.org。", "“ana@example.org”", "'ana@example.org'", "(ana@example.org)",
    "mailto:ana@example.org", "MailTo: ana@example.org?subject=River", "mailto:%61na@example.org", "<ana@example.org>", "<mailto:ana@example.org>",
    "Ana Lima <ana@example.org>", '"Lima, Ana" <ana@example.org>,', "ana@example.org <mailto:ana@example.org>", "ana＠example.org",
    "ａｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ana@example。org", "ana﹫example.org", "ana@EXAMPLE.org", "a\u00adna@exam\u00adple.org",
]  # fmt: skip
REFUSED = [
    "root@localhost", "root@localhost.", "root@db.localhost", "root@machine.local", "x@[127.0.0.1]", "x@[IPv6:::1]", "x@127.0.0.1", "x@192.0.2.44",
    "x@example", f"{'x' * 65}@example.org", f"x@{'.'.join(['y' * 60] * 5)}.org", "ana@example..org", "ana@-example.org", "ana@exa_mple.org",
    "ana@example.org, bo@example.org", "bo@example.org <ana@example.org>", "mailto:ana@example.org,bo@example.org", "ana bo@example.org",
    "ana@example. org", "\u202eana@example.org", "ana@i❤.example", "ana@℀.example", '"ana"@example.org', "@example.org", "ana@", "mailto:",
]  # fmt: skip


@pytest.fixture
def live(db):
    """What is asked about here is a petition: nobody tweets."""
    return factories.campaign(tweet_action=None)


def old(address):
    """The columns of a row as the first release wrote it."""
    return {"address": address, "address_hash": address_hash(address, rule=1), "hash_rule": 1}


def waiting(petition, **fields):
    return factories.signature(petition, confirmed=False, mailed_at=None, mail_due_at=timezone.now(), **fields)


def sign(client, campaign, email):
    return client.post(f"/c/{campaign.slug}/sign/", typed(email=email))


def confirm(client, row):
    return client.post(f"/confirm/{tokens.make('confirm', row.pk)}/", typed())


def own_page(address):
    asked = LinkRequest.objects.create(
        email=address, address_hash=address_hash(address), hash_rule=2, mailed_at=timezone.now()
    )
    return f"/my/{tokens.make('my', asked.pk)}/"


@pytest.mark.requirement("A9")
@pytest.mark.parametrize(("address", "mailbox"), DOMAINS)
def test_a_confirmation_goes_to_the_mailbox_that_was_typed(client, live, smtp, address, mailbox):
    assert sign(client, live, address).status_code == 303
    assert Signature.objects.get().email == mailbox
    tasks.send_confirmations()
    assert smtp.received[0].rcpt_tos == [mailbox]
    assert f"\r\nTo: {mailbox}\r\n".encode() in smtp.received[0].content


@pytest.mark.requirement("A9")
@pytest.mark.parametrize("address", PASTED)
def test_what_is_pasted_is_cleaned_in_every_form(client, address):
    live = factories.campaign(pledge_threshold=3)
    assert sign(client, live, address).status_code == 303
    assert client.post("/my/", {"email": address}).status_code == 303
    promise = {"email": address, "network": "x", "remind": "day", "consent": "on"}
    assert client.post(f"/c/{live.slug}/pledge/", promise).status_code == 303
    rows = [*Signature.objects.all(), *LinkRequest.objects.all(), *Pledge.objects.all()]
    assert [(row.email, row.hash_rule) for row in rows] == [("ana@example.org", 2)] * 3


@pytest.mark.requirement("A9")
@pytest.mark.parametrize("address", REFUSED)
def test_what_is_no_mailbox_or_could_be_another_one_is_refused_at_its_field(client, live, address):
    for page, fields in ((f"/c/{live.slug}/sign/", typed(email=address)), ("/my/", {"email": address})):
        response = client.post(page, fields)
        assert response.status_code == 422
        field = response.context["form"]["email"]
        assert field.errors
        assert field.value() == address
        assert 'aria-invalid="true"' in str(field)
    assert Signature.objects.count() == LinkRequest.objects.count() == 0


@pytest.mark.requirement("A9")
def test_the_part_before_the_at_has_words_of_its_own(client, live):
    assert "The part before the @ can only have" in sign(client, live, "jörg@example.org").content.decode()
    assert "The part before the @ is too long" in sign(client, live, f"{'x' * 65}@example.org").content.decode()


@pytest.mark.requirement("A9")
def test_two_domains_are_two_mailboxes(client, live):
    for address in (SHARP, DOUBLE, ITS_ASCII, "W+river@weiß.example"):
        sign(client, live, address)
    assert [confirm(client, row).status_code for row in Signature.objects.order_by("pk")] == [303, 303, 200, 200]
    tally.settle_all()
    assert tally.confirmed(live.petition) == 2


@pytest.mark.requirement("A9")
def test_the_first_rule_hashes_as_it_did():
    key = django_settings.HASH_KEYS[1]
    for address, was in (
        (SHARP, DOUBLE),
        ("Ana+x@ΒΌΛΟΣ.example", "ana@xn--nxasmq6b.example"),
        ("a.na@gmail.com", "ana@gmail.com"),
    ):
        assert address_hash(address, 1, rule=1) == hmac.digest(key, f"address\0{was}".encode(), hashlib.sha256)


@pytest.mark.requirement("A9")
def test_what_was_stored_before_is_mailed_by_the_rule_of_today(live, smtp):
    row = waiting(live.petition, **old(SHARP))
    StaffMail.objects.create(to="staff@weiß.example", subject="x", text="x", mail_due_at=timezone.now())
    tasks.send_confirmations()
    send_mails()
    assert [mail.rcpt_tos for mail in smtp.received] == [[ITS_ASCII], ["staff@xn--wei-7ka.example"]]
    row.refresh_from_db()
    assert (row.hash_rule, bytes(row.address_hash)) == (2, address_hash(ITS_ASCII))
    assert bytes(Mailing.objects.get().address_hash) == address_hash(ITS_ASCII)


@pytest.mark.requirement("A9")
def test_what_no_mail_can_reach_gets_none_and_holds_up_nobody(live, smtp):
    never, other = waiting(live.petition, **old("ana@i❤.example")), waiting(live.petition)
    tasks.send_confirmations()
    assert [mail.rcpt_tos for mail in smtp.received] == [[other.email]]
    never.refresh_from_db()
    assert (never.mail_due_at, never.mailed_at) == (None, None)


@pytest.mark.requirement("A9")
def test_the_sender_is_written_in_ascii_too(live, smtp, settings):
    settings.DEFAULT_FROM_EMAIL = "Outcry <we@weiß.example>"
    waiting(live.petition)
    tasks.send_confirmations()
    assert smtp.received[0].mail_from == "we@xn--wei-7ka.example"
    assert b"\r\nFrom: Outcry <we@xn--wei-7ka.example>\r\n" in smtp.received[0].content


@pytest.mark.requirement("A9")
def test_a_link_that_went_to_somebody_else_confirms_nothing(client, live):
    row = factories.signature(live.petition, confirmed=False, **old(SHARP))
    assert client.get(f"/confirm/{tokens.make('confirm', row.pk)}/").status_code == 410
    assert confirm(client, row).status_code == 410
    pledge = factories.pledge(live, confirmed=False, **old(SHARP))
    assert pledge.link_expired
    asked = LinkRequest.objects.create(email=SHARP, address_hash=address_hash(SHARP, rule=1), mailed_at=timezone.now())
    assert client.get(f"/my/{tokens.make('my', asked.pk)}/").status_code == 410
    plain = factories.signature(live.petition, confirmed=False, **old("ana@bücher.example"))
    assert confirm(client, plain).status_code == 303


@pytest.mark.requirement("A9")
def test_two_rules_in_force_do_not_make_two_mailboxes(client, live):
    factories.signature(live.petition, **old(SHARP))
    sign(client, live, SHARP)
    assert b"You have signed already" in confirm(client, Signature.objects.pending().get()).content


@pytest.mark.requirement("A9")
def test_nobody_is_kept_out_by_whom_the_first_rule_put_in_their_place(client, live):
    stranger = factories.signature(live.petition, **old(SHARP))
    sign(client, live, DOUBLE)
    assert confirm(client, Signature.objects.pending().get()).status_code == 303
    stranger.refresh_from_db()
    assert (stranger.hash_rule, bytes(stranger.address_hash)) == (2, address_hash(ITS_ASCII))
    tally.settle_all()
    assert tally.confirmed(live.petition) == 2


@pytest.mark.requirement("A9")
def test_nobody_is_kept_from_taking_part_by_whom_the_first_rule_put_in_their_place(live):
    from campaigns import pledging

    factories.pledge(live, **old(SHARP))
    mine = factories.pledge(live, confirmed=False, address=DOUBLE)
    pledging.confirm(mine)
    assert Pledge.objects.standing().count() == 2
    with pytest.raises(pledging.AlreadyPledged):
        pledging.confirm(factories.pledge(live, confirmed=False, address=ITS_ASCII))


@pytest.mark.requirement("S7")
@pytest.mark.parametrize(("mine", "other"), [(SHARP, DOUBLE), (DOUBLE, SHARP)])
@pytest.mark.parametrize("rule", [1, 2])
def test_nobody_sees_or_erases_what_is_of_another_mailbox(client, live, mine, other, rule):
    kept = old(other) if rule == 1 else {"address": other}
    theirs, pledge = factories.signature(live.petition, **kept), factories.pledge(live, **kept)
    page = own_page(mine)
    assert "We keep nothing under this address" in client.get(page).content.decode()
    assert client.get(f"{page}export.json").json() == {"signatures": [], "others": [], "decided": []}
    assert client.post(f"{page}{theirs.pk}/erase/").status_code == 404
    client.post(f"{page}forget/")
    own = factories.signature(factories.petition(), address=mine)
    signing.erase(own)
    theirs.refresh_from_db()
    assert theirs.email == other
    assert Pledge.objects.filter(pk=pledge.pk).exists()


@pytest.mark.requirement("S7")
def test_what_the_first_rule_hashed_is_still_found_by_its_owner(client, live, smtp):
    factories.signature(live.petition, **old(SHARP))
    factories.pledge(live, **old("Ana+x@bücher.example"))
    client.post("/my/", {"email": SHARP})
    client.post("/my/", {"email": "ana@xn--bcher-kva.example"})
    client.post("/my/", {"email": DOUBLE})
    tasks.send_links()
    assert [mail.rcpt_tos for mail in smtp.received] == [[ITS_ASCII], ["Ana+x@xn--bcher-kva.example"]]
    assert live.petition.title in client.get(own_page(ITS_ASCII)).content.decode()


@pytest.mark.requirement("A4")
def test_not_me_binds_one_mailbox_and_under_the_first_rule_both(live, smtp):
    Suppression.objects.create(address_hash=address_hash(DOUBLE), hash_version=1, hash_rule=2)
    for address in (DOUBLE, SHARP):
        waiting(live.petition, address=address)
    tasks.send_confirmations()
    assert [mail.rcpt_tos for mail in smtp.received] == [[ITS_ASCII]]
    Suppression.objects.update(hash_rule=1)
    for address in (DOUBLE, SHARP):
        waiting(factories.petition(), address=address)
    tasks.send_confirmations()
    assert len(smtp.received) == 1


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("rule", [1, 2])
def test_a_suppression_keeps_the_rule_of_its_mail(live, rule):
    row = factories.signature(live.petition, confirmed=False)
    Mailing.objects.create(row=row.pk, address_hash=address_hash(SHARP, rule=rule), hash_version=1, hash_rule=rule)
    suppression.suppress(row.pk)
    assert Suppression.objects.get().hash_rule == rule
    rotation.hash_anew()
    assert (Suppression.objects.get().hash_rule, Mailing.objects.get().hash_rule) == (rule, rule)


@pytest.mark.requirement("A3")
def test_mails_to_one_mailbox_use_up_nothing_of_another(live, smtp):
    for address in (DOUBLE,) * 3 + (SHARP,):
        waiting(live.petition, address=address)
    tasks.send_confirmations()
    assert sorted(mail.rcpt_tos[0] for mail in smtp.received) == sorted([DOUBLE] * 3 + [ITS_ASCII])


@pytest.mark.requirement("A3")
def test_mails_of_the_first_rule_count(live, smtp):
    for _ in range(3):
        row = factories.signature(live.petition, confirmed=False, **old(SHARP))
        Mailing.objects.create(
            row=row.pk, petition=live.petition, address_hash=row.address_hash, hash_version=1, hash_rule=1
        )
    waiting(live.petition, address=SHARP)
    tasks.send_confirmations()
    assert smtp.received == []


@pytest.mark.requirement("A4")
def test_whoever_never_confirmed_gets_no_news(live, smtp):
    """A mail of the first rule went to another mailbox, and its button was pressed there."""
    now = timezone.now()
    factories.signature(live.petition, updates_at=now, **old(SHARP))
    factories.signature(live.petition, updates_at=now, **old("ana@bücher.example"))
    update = Update.objects.create(campaign=live, title="News", text="x", published_at=now - timedelta(hours=1))
    mailing.begin(update)
    mailing.queue_mails()
    campaign_tasks.send_updates()
    assert [mail.rcpt_tos for mail in smtp.received] == [["ana@xn--bcher-kva.example"]]
    rotation.hash_anew()
    assert [row.updates_at is None for row in Signature.objects.order_by("pk")] == [True, False]


@pytest.mark.requirement("A9")
def test_hash_anew_moves_rows_to_the_rule_of_today(client, live, settings):
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_KEY}
    under_the_first_key = {"hash_version": 1}
    double = factories.signature(
        live.petition, address=DOUBLE, address_hash=address_hash(DOUBLE, 1, rule=1), hash_rule=1, **under_the_first_key
    )
    sharp = factories.signature(live.petition, **old(SHARP) | {"hash_version": 2})
    twice = factories.signature(live.petition, address=ITS_ASCII)
    asked_elsewhere = factories.signature(factories.petition(), confirmed=False, **old(SHARP))
    unreadable = factories.signature(live.petition, **old("ana@i❤.example"))
    LinkRequest.objects.create(email=SHARP, address_hash=address_hash(SHARP, rule=1), mailed_at=timezone.now())
    tally.settle_all()
    call_command("hash_anew")
    tally.settle_all()
    for row in (double, sharp, twice, unreadable):
        row.refresh_from_db()
        assert (row.hash_version, row.hash_rule, bytes(row.address_hash)) == (2, 2, address_hash(row.email))
    assert [row.counts for row in (double, sharp, twice, unreadable)] == [True, True, False, True]
    assert not Signature.objects.filter(pk=asked_elsewhere.pk).exists()
    assert LinkRequest.objects.count() == 0
    assert rotation.hash_anew() == 0


@pytest.mark.requirement("A9")
@pytest.mark.django_db(transaction=True)
def test_two_that_are_confirmed_at_once_under_two_keys_are_one(live, settings):
    first = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_KEY}
    second = factories.signature(live.petition, confirmed=False, address="ana@example.org")
    start, ends = Barrier(2), []

    def press(row):
        start.wait()
        try:
            signing.confirm(row, {"name": "Ana", "country": "ES", "updates": False, "others": False})
            ends.append("confirmed")
        except signing.AlreadyConfirmed:
            ends.append("already")
        finally:
            connection.close()

    pressing = [Thread(target=press, args=[row]) for row in (first, second)]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert sorted(ends) == ["already", "confirmed"]
