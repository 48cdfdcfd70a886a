"""Who signed leaves the site for a purpose that they agreed to, sealed, once, and on record (S16)."""

import csv
import tempfile
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from core.models import StaffMail
from operations.recovery import sealing, steps
from petitions import recovering, signing, tally
from petitions.exports import asking, tracing, writing
from petitions.models import Export, ExportPart, Review, Signature
from tests import factories, world
from tests.exports import LIST, asked, begun, cells, fetch, officer, opened, page, table, written
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
State = Export.State


@pytest.fixture
def identity(settings):
    """What opens exports; the site knows only whom to seal them for."""
    identity, recipient = sealing.new_identity()
    settings.EXPORT_RECIPIENTS = [recipient]
    return identity


@pytest.fixture
def petition(live):
    """Of a campaign at the standard safety level."""
    return live.petition


def agreed(petition, number, *consents, **fields):
    now = timezone.now() - timedelta(minutes=1)
    given = dict.fromkeys((f"{consent}_at" for consent in consents), now)
    return factories.signatures(petition, number, **{"confirmed_at": now} | given | fields)


def told(response):
    """What the page after it says."""
    return " ".join(str(message) for message in response.wsgi_request._messages) or response.content.decode()


@pytest.mark.requirement("S16")
@pytest.mark.requirement("S17")
def test_no_address_leaves_before_a_second_person_has_approved(petition, identity):
    agreed(petition, 6, "updates")
    first, second = officer("first"), officer("second")
    export = asked(first, petition)
    written(export)
    assert (export.state, export.parts.count()) == (State.WAITING, 0)
    assert 'value="approve"' not in first.get(page(export)).content.decode()
    first.post(page(export), {"verb": "approve"})
    first.post(page(export), {"verb": "decline", "answer": "No"})
    written(export)
    assert (export.state, export.parts.count(), export.decided_by) == (State.WAITING, 0, None)
    for role in ("organiser", "moderator", "analyst"):
        assert officer(role, role).post(page(export), {"verb": "approve"}).status_code == 403
    assert Html(second.get(page(export))).find("input[value=approve]")
    second.post(page(export), {"verb": "approve"})
    written(export)
    assert (export.state, export.decided_by.email) == (State.READY, "second@example.org")
    assert len(cells(first, export, identity)) == 6


@pytest.mark.requirement("S16")
@pytest.mark.requirement("S17")
def test_the_database_begins_no_export_of_addresses_without_another_person(petition):
    by, now = make_staff(), timezone.now()
    row = {"petition": petition, "reason": "x", "asked_by": by, "expires_at": now + Export.LIVES}
    for others in ({}, {"decided_by": by, "decided_at": now}):
        for purpose in ("news", "others"):
            with pytest.raises(IntegrityError, match="needs_another_person"), transaction.atomic():
                Export.objects.create(purpose=purpose, state="writing", began_at=now, **row, **others)
    with pytest.raises(IntegrityError, match="has_a_reason"), transaction.atomic():
        Export.objects.create(**row | {"reason": ""}, purpose="names")
    with pytest.raises(IntegrityError, match="is_known"), transaction.atomic():
        Export.objects.create(**row, purpose="court")
    Export.objects.create(purpose="names", state="writing", began_at=now, **row)


@pytest.mark.requirement("S16")
def test_a_request_is_declined_with_a_reason_called_back_or_expires_unapproved(petition, identity):
    agreed(petition, 2, "updates")
    first, second = officer("first"), officer("second")
    declined, withdrawn, expired = asked(first, petition), asked(first, petition), asked(first, petition)
    assert second.post(page(declined), {"verb": "decline", "answer": " "}).status_code == 422
    second.post(page(declined), {"verb": "decline", "answer": "Use our own mails"})
    assert "Use our own mails" in first.get(page(declined)).content.decode()
    second.post(page(withdrawn), {"verb": "withdraw"})
    withdrawn.refresh_from_db()
    assert withdrawn.state == State.WAITING
    first.post(page(withdrawn), {"verb": "withdraw"})
    with time_machine.travel(timezone.now() + Export.WAITS):
        late = logged_in(make_staff("late@example.org"))
        assert "expired" in Html(late.get(page(expired))).text
        late.post(page(expired), {"verb": "approve"})
        for export in (declined, withdrawn, expired):
            written(export)
    assert [one.state for one in (declined, withdrawn, expired)] == [State.DECLINED, State.WITHDRAWN, State.EXPIRED]
    assert ExportPart.objects.count() == 0


COVERED = {
    "news": ("updates", "email,language"),
    "others": ("others", "email,language"),
    "names": ("show_name", "name,comment"),
}


@pytest.mark.requirement("S16")
@pytest.mark.parametrize("purpose", COVERED)
def test_only_who_agreed_to_it_is_in_it_and_only_what_they_agreed_to(petition, identity, purpose):
    consent, columns = COVERED[purpose]
    facts = {"name": "Ana of the river", "comment": "My river"}
    (wanted,) = agreed(petition, 1, consent, address="ana@example.org", language="es", **facts)
    others = {"updates", "others", "show_name"} - {consent}
    agreed(petition, 3, *others)
    agreed(petition, 1, *others | {consent}, review=Review.QUARANTINED)
    factories.signatures(petition, 2, confirmed=False, **{f"{consent}_at": timezone.now()})
    agreed(factories.campaign().petition, 2, consent)
    gone = agreed(petition, 3, consent)
    signing.withdraw(gone[0])
    signing.erase(gone[1])
    (signing.hide if purpose == "names" else signing.unsubscribe)(Signature.objects.filter(pk=gone[2].pk))
    browser, export = begun(petition, purpose)
    header, *rows = table(opened(fetch(browser, export), identity))
    assert ",".join(header) == columns
    expected = ["Ana of the river", "My river"] if purpose == "names" else ["ana@example.org", "es"]
    assert rows == [expected], wanted


@pytest.mark.requirement("S16")
def test_who_confirms_after_it_was_begun_is_not_in_it(petition, identity):
    agreed(petition, 2, "updates")
    first = officer("first")
    export = asked(first, petition)
    officer("second").post(page(export), {"verb": "approve"})
    agreed(petition, 2, "updates", confirmed_at=timezone.now() + timedelta(seconds=1))
    written(export)
    assert len(cells(first, export, identity)) == 2


@pytest.mark.requirement("S16")
@pytest.mark.parametrize(
    ("level", "may"), [("standard", "news others names"), ("elevated", "news others"), ("high", "")]
)
def test_the_safety_level_says_what_may_be_taken_out(live, identity, level, may):
    type(live).objects.filter(pk=live.pk).update(safety=level)
    browser, petition = officer(), live.petition
    agreed(petition, 2, "updates", "others", "show_name")
    for purpose in Export.Purpose.values:
        form = {"petition": petition.pk, "purpose": purpose, "format": "csv", "reason": "x"}
        answer = browser.post(f"{LIST}add/", form)
        assert answer.status_code == (302 if purpose in may.split() else 200), purpose
        assert ("nobody can export this" in answer.content.decode()) is (purpose not in may.split())
    assert Export.objects.count() == len(may.split())


@pytest.mark.requirement("S16")
def test_a_level_that_is_raised_meanwhile_ends_it(live, identity):
    petition = live.petition
    agreed(petition, 2, "updates")
    browser, ready = begun(petition)
    waiting, approved = asked(browser, petition), asked(browser, petition)
    asking.approve(approved, make_staff("another@example.org"))
    type(live).objects.filter(pk=live.pk).update(safety="high")
    fetch(browser, ready)
    officer("second").post(page(waiting), {"verb": "approve"})
    assert ExportPart.objects.exclude(fetched_at=None).count() == 0
    for export in (ready, waiting, approved):
        written(export)
        assert export.state == State.EXPIRED
    assert ExportPart.objects.exclude(content=None).count() == 0


@pytest.mark.requirement("S16")
def test_without_a_recipient_nothing_is_exported(petition, settings):
    settings.EXPORT_RECIPIENTS = []
    browser = officer()
    answer = browser.post(f"{LIST}add/", {"petition": petition.pk, "purpose": "names", "format": "csv", "reason": "x"})
    assert "EXPORT_RECIPIENTS" in answer.content.decode()
    answer = browser.post(f"{LIST}add/", {"petition": petition.pk, "purpose": "names", "format": "csv", "reason": ""})
    assert answer.status_code == 200
    assert Export.objects.count() == 0


@pytest.mark.requirement("S16")
def test_a_part_is_given_out_once_to_whoever_asked_and_never_by_a_get(petition, identity):
    agreed(petition, 3, "updates")
    browser, export = begun(petition)
    where = f"{LIST}{export.pk}/fetch/"
    other = logged_in(make_staff("administrator@example.org"))
    for stranger, status in ((Client(), 302), (officer("x", "organiser"), 403), (officer("y"), 302), (other, 302)):
        assert stranger.post(where, {"part": "1"}).status_code == status
    for _ in range(2):
        assert not browser.get(where).content.startswith(b"age-")
        assert browser.get(where, {"part": "1"}).status_code == 200
    for nonsense in ("0", "2", "", "x", "-1", "9" * 30):
        assert browser.post(where, {"part": nonsense}).status_code == 302
    assert ExportPart.objects.get().content
    answer = fetch(browser, export)
    assert len(table(opened(answer, identity))) == 4
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert fetch(browser, export).status_code == 302
    part = ExportPart.objects.get()
    assert (part.content, part.fetched_by) == (None, export.asked_by)
    export.refresh_from_db()
    assert export.state == State.FETCHED
    with pytest.raises(IntegrityError, match="is_spent"), transaction.atomic():
        ExportPart.objects.update(content=b"x")


@pytest.mark.requirement("S16")
@pytest.mark.requirement("S17")
def test_without_a_second_factor_nothing_is_fetched(petition, identity):
    agreed(petition, 3, "updates")
    browser, export = begun(petition)
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user=export.asked_by).delete()
    answer = fetch(browser, export)
    assert answer.status_code == 302
    assert not answer.headers["Location"].startswith("/admin/")
    assert ExportPart.objects.get().content


@pytest.mark.requirement("S16")
def test_what_nobody_fetched_is_forgotten(petition, identity):
    agreed(petition, 3, "updates")
    browser, export = begun(petition)
    with time_machine.travel(timezone.now() + Export.LIVES - timedelta(minutes=1), tick=False):
        written(export)
        assert export.state == State.READY
    with time_machine.travel(timezone.now() + Export.LIVES, tick=False):
        late = logged_in(export.asked_by)
        assert fetch(late, export).status_code == 302
        assert ExportPart.objects.get().fetched_at is None
        written(export)
    assert (export.state, ExportPart.objects.get().content) == (State.EXPIRED, None)
    assert export.reason in browser.get(LIST).content.decode()


@pytest.mark.requirement("S16")
def test_whoever_leaves_before_it_is_fetched_is_not_in_it(petition, identity, monkeypatch):
    monkeypatch.setattr(writing, "PART", 4)
    # Parts go by id, and ids of one millisecond are in no order.
    rows = sorted(agreed(petition, 10, "updates"), key=lambda row: row.pk)
    browser, export = begun(petition)
    assert export.parts.count() == 3
    signing.unsubscribe(Signature.objects.filter(pk=rows[1].pk))
    signing.erase(rows[2])
    Signature.objects.filter(pk=rows[9].pk).update(review=Review.REMOVED)
    assert fetch(browser, export, 1).status_code == 302
    assert fetch(browser, export, 2).status_code == 302
    written(export)
    assert export.state == State.READY
    assert sorted(cells(browser, export, identity)) == sorted(row.email for row in (rows[0], *rows[3:9]))


@pytest.mark.requirement("S16")
def test_what_was_interrupted_goes_on_at_the_next_part(petition, identity, monkeypatch, settings):
    monkeypatch.setattr(writing, "PART", 4)
    rows = agreed(petition, 10, "updates")
    first = officer("first")
    export = asked(first, petition)
    asking.approve(export, make_staff("second@example.org"))
    writing.write_next(export)
    # Nothing but the database knows of it from here on, as after a kill; the next part fails halfway.
    kept, good = export.parts.get(), settings.EXPORT_RECIPIENTS
    settings.EXPORT_RECIPIENTS = [good[0][:-1] + ("q" if good[0][-1] != "q" else "p")]
    written(export)
    assert (export.state, export.parts.count()) == (State.WRITING, 1)
    assert Html(first.get(page(export))).one("progress").attributes["value"] == "4"
    far = first.get(page(export).replace("change", "progress")).json()
    assert far == {"said": "is being written", "changed": "4", "done": 4, "total": 10, "is_under_way": True}
    settings.EXPORT_RECIPIENTS = good
    written(export)
    assert export.state == State.READY
    assert [part.rows for part in export.parts.all()] == [4, 4, 2]
    assert bytes(export.parts.get(number=1).content) == bytes(kept.content)
    assert sorted(cells(first, export, identity)) == sorted(row.email for row in rows)


@pytest.mark.requirement("S16")
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_part_is_anywhere_in_clear(petition, identity, format, monkeypatch):
    """Neither in the database nor on the disk: whatever would open a file for what is written is refused."""
    agreed(petition, 1, "updates", address="quetzal@hidden-domain.example")

    def refused(*args, **options):
        raise AssertionError("a file on the disk")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refused)
    browser, export = begun(petition, format=format)
    assert export.state == State.READY
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e::text || p::text || encode(p.content, 'escape') FROM petitions_export e, petitions_exportpart p"
        )
        kept = str(cursor.fetchall())
    assert "age-encryption.org" in kept
    assert "quetzal" not in kept and "hidden-domain" not in kept
    assert b"quetzal" not in fetch(browser, export).content


@pytest.mark.requirement("S16")
def test_every_export_is_on_record_and_nobody_writes_there(petition, identity):
    agreed(petition, 3, "updates")
    browser, export = begun(petition)
    fetch(browser, export)
    entries = LogEntry.objects.filter(content_type__model="export", object_id=str(export.pk)).order_by("pk")
    assert [(entry.user.email, entry.get_change_message()) for entry in entries] == [
        ("officer-0@example.org", "Added."),
        ("second-0@example.org", "Changed state."),
        ("officer-0@example.org", "Changed part 1."),
    ]
    administrator = logged_in(make_staff("administrator@example.org"))
    assert export.reason in administrator.get(page(export)).content.decode()
    assert export.reason in officer("organiser", "organiser").get(LIST).content.decode()
    assert administrator.post(f"{LIST}{export.pk}/delete/", {"post": "yes"}).status_code == 403
    administrator.post(page(export), {"reason": "Another", "_save": "1"})
    export.refresh_from_db()
    assert export.reason == "For the newsletter"


@pytest.mark.requirement("S16")
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_leaked_file_tells_which_export_it_is_from(petition, identity, format, tmp_path):
    """Half of its lines, or the addresses alone, are enough; and nobody in it is invented."""
    rows = agreed(petition, 80, "updates")
    exports = [begun(petition, format=format) for _ in range(3)]
    browser, leaked = exports[1]
    whole = tmp_path / f"whole.{format}"
    whole.write_bytes(opened(fetch(browser, leaked), identity))
    lines = tracing.read(whole)
    assert sorted(line[0] for line in lines[1:]) == sorted(row.email for row in rows)
    part = tmp_path / "part.csv"
    with part.open("w") as file:
        csv.writer(file).writerows([line[0]] for line in lines[::2])
    for file in (whole, part):
        said = StringIO()
        call_command("trace_export", str(file), stdout=said)
        first, *others = said.getvalue().splitlines()
        assert first.startswith("1.00 ") and f"{leaked}, asked for by officer-1" in first
        assert len(others) == 2
        assert all(0.25 < float(line[:4]) < 0.75 for line in others), others


@pytest.mark.requirement("S16")
def test_no_backup_holds_a_part_and_what_was_written_ends_with_a_restore(petition, identity):
    assert "petitions_exportpart" in steps.tables_left_out()
    agreed(petition, 3, "updates")
    browser, ready = begun(petition)
    waiting = asked(browser, petition)
    ExportPart.objects.all().delete()
    recovering.end_exports()
    ready.refresh_from_db()
    waiting.refresh_from_db()
    assert (ready.state, waiting.state) == (State.EXPIRED, State.WAITING)


@pytest.mark.requirement("S16")
def test_who_may_ask_for_an_export(petition, identity):
    for role, browser in world.browsers().items():
        status = 200 if role in ("data officer", world.ADMINISTRATOR) else 403
        assert browser.get(f"{LIST}add/").status_code == status, role
        form = {"petition": petition.pk, "purpose": "news", "format": "csv", "reason": "x"}
        assert browser.post(f"{LIST}add/", form).status_code == (302 if status == 200 else 403), role
    assert Export.objects.count() == 2


@pytest.mark.requirement("S16")
@pytest.mark.requirement("S11")
def test_analysts_take_out_cells_of_five_or_more_and_nobody(live):
    petition = live.petition
    for country, number in (("ES", 9), ("FR", 7), ("DE", 3), ("IT", 2)):
        factories.signatures(petition, number, country=country, confirmed_at=timezone.now() - timedelta(hours=30))
    tally.settle_all()
    factories.told(petition)
    where = f"/admin/petitions/petition/{petition.pk}/aggregates/"
    browser = officer("analyst", "analyst")
    assert where in browser.get("/admin/petitions/petition/").content.decode()
    header, *rows = table(browser.get(where).content)
    assert header == ["what", "of", "from_utc", "until_utc", "signatures"]
    told = {(row[0], row[1]): int(row[4]) for row in rows if row[0] == "country"}
    assert told == {("country", "ES"): 9, ("country", "FR"): 7, ("country", "others"): 5}
    assert {row[0] for row in rows} == {"total", "day", "country", "source"}
    assert all(int(row[4]) >= 5 for row in rows if row[0] != "total")
    assert "example.org" not in browser.get(where).content.decode()
    assert officer("moderator", "moderator").get(where).status_code == 403
    for place in (LIST, "/admin/petitions/signature/", "/admin/petitions/reveal/"):
        assert browser.get(place).status_code == 403
    type(live).objects.filter(pk=live.pk).update(safety="high")
    assert [row[0] for row in table(browser.get(where).content)] == ["what", "total"]


@pytest.mark.requirement("S19")
def test_the_data_page_says_whether_lists_are_taken_out(client, identity, settings):
    assert "gone from here after 3 days" in Html(client.get("/data/")).text
    settings.EXPORT_RECIPIENTS = []
    assert "Nobody exports lists of names or addresses" in Html(client.get("/data/")).text


@pytest.mark.requirement("S16")
def test_whoever_may_approve_an_export_is_called_by_mail_once(live, identity):
    asker, colleague = officer("asker"), officer("colleague")
    officer("organiser", "organiser")
    foreign = make_staff("foreign@example.org", superuser=False, groups=[Group.objects.get(name="data officer")])
    live.team.remove(foreign)
    export = asked(asker, live.petition, reason="For Ana Secret")
    [mail] = StaffMail.objects.all()
    assert mail.to == "colleague@example.org"
    assert mail.text.endswith(page(export))
    for said in ("Ana Secret", "asker", str(live.petition)):
        assert said not in mail.subject + mail.text, said
    colleague.post(page(export), {"verb": "approve"})
    asked(asker, live.petition, "names")
    assert StaffMail.objects.count() == 1, "names alone need no second person"
