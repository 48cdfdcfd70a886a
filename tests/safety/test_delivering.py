"""The petition is handed to its target: those alone who agreed are named, and anybody can check what it was."""

import hashlib
import json
from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import recovering
from campaigns.delivering import fetching, pack, recording
from campaigns.models import Delivery, KeyMoment, NameForTarget, SealedPack
from core.crypto import ed25519
from core.drawing import pdf
from operations.recovery import steps
from petitions import signing, tally
from petitions.models import Review, Signature
from tests import factories, world
from tests.at_once import at_once
from tests.deliveries import LIST, asked, fetched, names, page, recorded, sheet, written
from tests.exports import officer
from tests.html import Html, form_of
from tests.login import make_staff

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.mark.requirement("S16")
def test_a_pack_names_those_alone_who_agreed_and_says_how_many_signed(live, identity, drawn):
    for name in ("Zoé", "Ärne", "Bo"):
        factories.name_for_target(live, name)
    factories.signatures(live.petition, 3, name="Never Asked", show_name_at=timezone.now(), updates_at=timezone.now())
    out, erased = factories.name_for_target(live, "Set Aside"), factories.name_for_target(live, "Gone For Good")
    Signature.objects.filter(pk=out.signature_id).update(review=Review.QUARANTINED)
    signing.erase(erased.signature)
    other = factories.name_for_target(live, "For Another")
    NameForTarget.objects.filter(pk=other.pk).update(target=factories.target(name="Another office"))
    tally.settle_all()
    browser = officer()
    delivery = asked(browser, live)
    assert browser.post(page(delivery, "fetch")).status_code == 302, "nothing to fetch yet"
    written(delivery)
    assert (delivery.state, delivery.signatures, delivery.names) == (State.READY, 7, 3)
    files = fetched(browser, delivery, identity)
    assert names(files) == ["Ärne", "Bo", "Zoé"]
    assert sheet(files)[:2] == [["what", "which", "number"], ["signatures", "", "7"]]
    (html,) = drawn
    assert Html(html).texts(".names li") == ["Ärne", "Bo", "Zoé"]
    assert not SealedPack.objects.exists()
    again = browser.post(page(delivery, "fetch"))
    assert again.status_code == 302


@pytest.mark.requirement("S16")
def test_nothing_of_x_is_in_it(live, identity, drawn):
    factories.name_for_target(live)
    delivery = asked(officer(), live)
    written(delivery)
    for word in ("@", "xmpl_ministry", "#", "x.com", "witter", "OpenTheRiverReport"):
        assert word not in Html(drawn[0]).one("main").text, word
    assert Html(drawn[0]).one("main img")["src"].startswith("data:image/svg+xml;base64,")


@pytest.mark.requirement("S16")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_at_higher_levels_it_has_counts_alone(identity, drawn, level):
    campaign = factories.campaign(safety=level)
    for _ in range(12):
        factories.name_for_target(campaign, "Nobody Sees Me")
    tally.settle_all()
    browser = officer()
    delivery = asked(browser, campaign)
    written(delivery)
    assert (delivery.state, delivery.names) == (State.READY, 0)
    assert delivery.signatures == (12 if level == "elevated" else 0), "in steps, of the last full hour"
    assert "Nobody Sees Me" not in drawn[0]
    assert names(fetched(browser, delivery, identity)) == []


@pytest.mark.requirement("S16")
def test_who_leaves_before_it_is_fetched_is_not_in_it(live, identity, drawn):
    staying, leaving = factories.name_for_target(live, "Stays"), factories.name_for_target(live, "Leaves")
    browser = officer()
    delivery = asked(browser, live)
    written(delivery)
    signing.keep_name(Signature.objects.filter(pk=leaving.signature_id))
    assert browser.post(page(delivery, "fetch")).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, SealedPack.objects.count()) == (State.WRITING, 0)
    written(delivery)
    assert names(fetched(browser, delivery, identity)) == ["Stays"]
    assert list(delivery.people.all()) == [staying]


@pytest.mark.requirement("S16")
def test_who_leaves_while_it_is_written_is_not_in_it(live, identity, monkeypatch):
    staying, leaving = factories.name_for_target(live, "Stays"), factories.name_for_target(live, "Leaves")
    delivery = asked(officer(), live)

    def render(html, longest):
        signing.keep_name(Signature.objects.filter(pk=leaving.signature_id))
        return b"%PDF"

    monkeypatch.setattr(pdf, "render", render)
    monkeypatch.setattr(pdf, "available", lambda: True)
    written(delivery)
    assert (delivery.state, delivery.people.count(), SealedPack.objects.count()) == (State.WRITING, 0, 0)
    written(delivery)
    assert (delivery.state, delivery.names, list(delivery.people.all())) == (State.READY, 1, [staying])


@pytest.mark.requirement("S7")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("order", "writes"), [(["fetch", "take back"], Delivery), (["take back", "fetch"], NameForTarget)]
)
def test_whoever_takes_a_name_back_and_whoever_fetches_it_wait_for_each_other(identity, drawn, order, writes):
    """Either the pack goes without the name, or the signer is told that it has left us."""
    live = factories.campaign()
    given = factories.name_for_target(live, "Leaves")
    delivery = asked(officer(), live)
    written(delivery)

    def press(verb):
        if verb == "take back":
            signing.keep_name(Signature.objects.filter(pk=given.signature_id))
            return "taken back"
        try:
            fetching.fetch(Delivery.objects.get(pk=delivery.pk), delivery.asked_by)
        except fetching.Stale:
            return "stale"
        return "fetched"

    answers = at_once(press, order, writes=writes)
    if order[0] == "fetch":
        assert answers == ["fetched", "taken back"]
        assert NameForTarget.objects.get().taken_back_at
    else:
        assert answers == ["taken back", "stale"]
        assert not NameForTarget.objects.exists()


@pytest.mark.requirement("S16")
def test_a_level_that_is_raised_meanwhile_takes_the_names_out(live, identity, drawn):
    factories.name_for_target(live, "Was Safe Then")
    browser = officer()
    delivery = asked(browser, live)
    written(delivery)
    type(live).objects.filter(pk=live.pk).update(safety="elevated")
    assert browser.post(page(delivery, "fetch")).status_code == 302
    written(delivery)
    assert names(fetched(browser, delivery, identity)) == []


@pytest.mark.requirement("S16")
def test_a_level_that_is_raised_meanwhile_takes_countries_and_exact_totals_out(live, identity, drawn):
    """No name in it need have left for that."""
    factories.signatures(live.petition, 12)
    tally.settle_all()
    browser = officer()
    delivery = asked(browser, live)
    written(delivery)
    assert (delivery.signatures, delivery.names) == (12, 0)
    type(live).objects.filter(pk=live.pk).update(safety="high")
    assert browser.post(page(delivery, "fetch")).status_code == 302
    written(delivery)
    assert (delivery.state, delivery.signatures) == (State.READY, 0)


@pytest.mark.requirement("S16")
def test_what_was_fetched_before_the_level_was_raised_is_never_published(client, staff, live, identity, drawn):
    delivery = factories.delivery(live, make_staff("carrier@example.org"), signatures=12)
    type(live).objects.filter(pk=live.pk).update(safety="high")
    shown = Html(staff.get(page(delivery)))
    assert "The safety level was raised after it was written" in shown.text
    assert page(delivery, "hand_over") not in shown.values("a", "href")
    at = timezone.now() - timedelta(hours=1)
    with pytest.raises(recording.NotToBeRecorded):
        recording.record(delivery, at, "")
    delivery.refresh_from_db()
    assert delivery.handed_over_at is None
    assert client.get(f"/c/{live.slug}/delivered/{delivery.pk}/").status_code == 404


@pytest.mark.requirement("S16")
def test_it_is_fetched_by_whoever_asked_sealed_and_while_it_lives(live, identity, drawn):
    factories.name_for_target(live, "Quetzal Hidden")
    browser, other = officer("first"), officer("second")
    delivery = asked(browser, live)
    written(delivery)
    assert b"Quetzal" not in bytes(delivery.pack.content)
    assert browser.get(page(delivery, "fetch")).status_code == 200
    assert other.post(page(delivery, "fetch")).status_code == 302
    assert officer("organiser", "organiser").post(page(delivery, "fetch")).status_code == 403
    delivery.refresh_from_db()
    assert delivery.state == State.READY
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.post(page(delivery, "fetch")).status_code == 302
    written(delivery)
    assert (delivery.state, SealedPack.objects.count()) == (State.EXPIRED, 0)


@pytest.mark.requirement("S16")
def test_who_may_ask_for_a_delivery(live, identity):
    for role, browser in world.browsers().items():
        status = 200 if role in ("data officer", world.ADMINISTRATOR) else 403
        assert browser.get(f"{LIST}add/").status_code == status, role
        assert browser.post(f"{LIST}add/", {"campaign": live.pk}).status_code == (302 if status == 200 else 403), role
    assert Delivery.objects.count() == 2


def test_without_a_recipient_or_a_target_there_is_none(live, settings):
    browser = officer()
    settings.EXPORT_RECIPIENTS = []
    answer = browser.post(f"{LIST}add/", {"campaign": live.pk})
    assert "EXPORT_RECIPIENTS" in answer.content.decode()
    settings.EXPORT_RECIPIENTS = ["age1x"]
    nowhere = factories.campaign(tweet_action=None)
    assert "needs a petition and a target" in browser.post(f"{LIST}add/", {"campaign": nowhere.pk}).content.decode()
    assert not Delivery.objects.exists()


@pytest.mark.requirement("S16")
def test_no_backup_holds_a_pack(live):
    assert "campaigns_sealedpack" in steps.tables_left_out()
    ready = factories.delivery(live, make_staff(), state=State.READY)
    recovering.end_deliveries()
    ready.refresh_from_db()
    assert ready.state == State.EXPIRED


def test_the_database_knows_what_was_delivered(live):
    by = make_staff()
    now = timezone.now()
    for fields in ({"statement": ""}, {"safety": ""}, {"state": "writing", "handed_over_at": now}, {"receipt": "R-1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.delivery(live, by, **fields)


@pytest.fixture
def pinned(settings):
    key = ed25519.current()
    settings.SNAPSHOT_KEYS = {bytes(key.public): key.since.date()}


@pytest.mark.requirement("S16")
def test_anybody_checks_what_was_handed_over_and_one_byte_shows(client, live, identity, drawn, pinned):
    factories.name_for_target(live, "Ana Secret")
    tally.settle_all()
    browser, organiser = officer(), officer("organiser", "organiser")
    delivery = asked(browser, live)
    written(delivery)
    where = f"/c/{live.slug}/delivered/{delivery.pk}/"
    assert recorded(organiser, delivery).status_code == 302
    files = fetched(browser, delivery, identity)
    assert client.get(where).status_code == client.get(f"{where[:-1]}.json").status_code == 404, "not recorded yet"
    recorded(organiser, delivery)
    shown = Html(client.get(where))
    for said in ("Ministry of Examples", "R-77", "sha256sum", "signed with a key of this site"):
        assert said in shown.text, said
    assert "Ana Secret" not in shown.text
    assert not shown.find("[type=file]")
    for name in (f"{live.slug}-{delivery.pk}.pdf", f"{live.slug}-{delivery.pk}.xlsx"):
        digest = hashlib.sha256(files[name]).hexdigest()
        assert digest in shown.text
        assert f"{digest}  {name}" in files["SHA256SUMS"].decode().splitlines()
        for line in (digest.upper(), f"{digest}  {name}", f"{digest.upper()} *{name}\n", f" \\{digest}  a\\\\b.pdf"):
            assert client.post(where, {"sha256": line}).status_code == 200, line
            assert name in Html(client.post(where, {"sha256": line})).one(".notice").text, line
        same = client.post(where, {"sha256": digest.upper()})
        assert f"Yes: this is {name}" in Html(same).text
        assert same["Cache-Control"] == "no-store"
        changed = hashlib.sha256(files[name][:-1] + b"!").hexdigest()
        assert "No: this is none" in Html(client.post(where, {"sha256": changed})).text
    assert client.post(where, {"sha256": "abc"}).status_code == 422
    assert client.post(where, {"sha256": "x"}, headers={"Origin": "https://evil.example"}).status_code == 403
    answer = client.get(f"{where[:-1]}.json")
    assert answer.content == files["statement.json"]
    told = json.loads(answer.content)
    assert (told["for"], told["names"], told["signatures"]) == ("Ministry of Examples", 1, 1)
    public, signed = bytes.fromhex(answer["Signature-Key"]), bytes.fromhex(answer["Signature-Ed25519"])
    assert ed25519.verifies(public, answer.content, signed)
    assert signed.hex() == files["statement.json.ed25519"].decode().strip()
    Delivery.objects.update(statement=delivery.statement.replace("Ministry", "Minister"))
    assert "has not published the key" in Html(client.get(where)).text


def test_the_handover_is_a_key_moment_once_with_its_receipt(client, live, identity):
    browser = officer("organiser", "organiser")
    delivery = factories.delivery(live, make_staff())
    late = (timezone.now() + timedelta(days=2)).date().isoformat()
    assert recorded(browser, delivery, handed_over_at_0=late).status_code == 422
    assert recorded(browser, delivery).status_code == recorded(browser, delivery).status_code == 302
    moment = KeyMoment.objects.get()
    assert moment.title == "The petition was handed over: Ministry of Examples"
    assert "R-77" in moment.text
    assert f"/c/{live.slug}/delivered/{delivery.pk}/" in moment.text
    delivery.refresh_from_db()
    assert (delivery.moment, moment.starts_at, delivery.receipt) == (moment, delivery.handed_over_at, "R-77")
    assert "R-77" in Html(client.get(live.get_absolute_url())).text
    assert "R-77" in Html(client.get(f"/c/{live.slug}/progress/")).text


def test_a_handover_lies_between_the_pack_and_now(live):
    browser = officer("organiser", "organiser")
    delivery = factories.delivery(live, make_staff(), written_at=datetime(2026, 3, 5, 9, 30, 40, tzinfo=live.zone))
    for day, at in (("2026-03-04", "23:00"), ("2026-03-05", "09:29")):
        answer = recorded(browser, delivery, handed_over_at_0=day, handed_over_at_1=at, receipt="R-78")
        assert answer.status_code == 422
        assert "The pack was written after that: 5 March 2026, 09:30" in Html(answer).text
        typed = form_of(answer)
        assert (typed["handed_over_at_0"], typed["handed_over_at_1"], typed["receipt"]) == (day, at, "R-78")
    assert not KeyMoment.objects.exists()
    assert recorded(browser, delivery, handed_over_at_0="2026-03-05", handed_over_at_1="09:30").status_code == 302
    delivery.refresh_from_db()
    assert delivery.handed_over_at == datetime(2026, 3, 5, 9, 30, tzinfo=live.zone)


def test_the_receipt_often_comes_later_and_every_change_of_it_is_logged(client, live):
    browser, carrier = officer("organiser", "organiser"), make_staff()
    delivery = factories.delivery(live, carrier)
    step, where = page(delivery, "receipt"), f"/c/{live.slug}/delivered/{delivery.pk}/"
    assert browser.post(step, {"receipt": "R-1"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.receipt == "", "not handed over yet"
    recorded(browser, delivery, receipt="")
    assert "Receipt number" not in Html(client.get(where)).text
    moment = KeyMoment.objects.get()
    for number, offered in (("R-78", "Add the receipt number"), ("R-79", "Correct the receipt number")):
        assert offered in Html(browser.get(page(delivery))).text
        form = form_of(browser.get(step))
        assert browser.post(step, form | {"receipt": number}).status_code == 302
        assert number in Html(client.get(where)).text
        moment.refresh_from_db()
        assert f"Receipt number: {number}." in moment.text
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))[-2:]
    assert [json.loads(one)[0]["changed"]["fields"] for one in said] == [
        ["receipt: – → R-78"],
        ["receipt: R-78 → R-79"],
    ]
    stale = browser.post(step, form | {"receipt": "R-80"})
    assert stale.status_code == 422 and "“R-79”" in Html(stale).text, "made from a page that had R-78"
    entries = LogEntry.objects.count()
    browser.post(step, form_of(browser.get(step)))
    assert LogEntry.objects.count() == entries, "nothing was changed"


def test_a_later_receipt_leaves_a_moment_that_staff_have_rewritten(live):
    delivery = factories.delivery(live, make_staff())
    moment = recording.record(delivery, timezone.now(), "")
    KeyMoment.objects.filter(pk=moment.pk).update(text="We carried twelve boxes.")
    recording.note_receipt(delivery, "R-78")
    moment.refresh_from_db()
    assert moment.text == "We carried twelve boxes."


@pytest.mark.requirement("S16")
def test_staff_see_when_somebody_has_left_a_fetched_pack(live):
    given = factories.name_for_target(live)
    delivery = factories.delivery(live, make_staff(), names=1)
    delivery.people.add(given)
    browser = officer("organiser", "organiser")
    assert "Do not use it" not in browser.get(page(delivery)).content.decode()
    signing.withdraw(given.signature)
    assert "Do not use it" in browser.get(page(delivery)).content.decode()


def test_the_pdf_is_one(live, monkeypatch):
    """Cover, text and names on paper; with more names than a page is drawn in time, the sheet alone has them."""
    if not pdf.available():
        pytest.skip("no Pango here")
    # How long it takes where much else goes on is not the question here.
    monkeypatch.setattr(pdf, "UNHURRIED", 400)
    delivery = factories.delivery(live, make_staff())
    few = pack.contents(delivery, timezone.now(), ["Ana Example", "Bo"])
    document = pypdfium2.PdfDocument(pdf.render(pack.page(few), pdf.UNHURRIED))
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    for said in (
        "Open the river report",
        "Ministry of Examples",
        "Publish it.",
        "Ana Example",
        f"/delivered/{delivery.pk}/",
    ):
        assert said in text, said
    many = pack.contents(delivery, timezone.now(), ["Ana Example"] * (pack.PRINTED + 1))
    assert "Ana Example" not in pack.page(many)
    assert "in the spreadsheet (XLSX)" in pack.page(many)
