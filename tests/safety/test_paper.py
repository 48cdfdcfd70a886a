"""Signatures on paper: one person enters them, another one counts again; apart from all others, and at the level standard alone."""

import io
import json
import re
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from campaigns import paper_sheet
from campaigns.models import Campaign
from core.drawing import pdf, qr
from operations.recovery import sealing, steps
from petitions import closing, reveal, tally, tasks
from petitions.models import PaperBatch, PaperScan, Reveal
from petitions.paper import checking, entering, scanning
from progress.figures import public_figures
from tests import factories, world
from tests.at_once import at_once
from tests.exports import officer, opened
from tests.html import Html, errors_of, form_of
from tests.login import make_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/petitions/paperbatch/"


def person(name):
    return make_staff(f"{name}@example.org", superuser=False)


def page(batch, step="change"):
    return f"{LIST}{batch.pk}/{step}/"


def entered(browser, petition, **fields):
    """What the form makes of it."""
    before = set(PaperBatch.objects.values_list("pk", flat=True))
    today = timezone.now().date().isoformat()
    said = {"petition": str(petition.pk), "count": "120", "place": "Market square", "collected_on": today} | fields
    response = browser.post(f"{LIST}add/", form_of(browser.get(f"{LIST}add/")) | said)
    assert response.status_code == 302, errors_of(response)
    return PaperBatch.objects.exclude(pk__in=before).get()


def counted(browser, batch, number):
    response = browser.post(page(batch, "check"), {"counted": str(number)}, follow=True)
    batch.refresh_from_db()
    return Html(response).text


def said_in_log(batch):
    entries = LogEntry.objects.filter(object_id=str(batch.pk), content_type__model="paperbatch").order_by("pk")
    return [
        part["changed"]["fields"] for entry in entries for part in json.loads(entry.change_message) if "changed" in part
    ]


@pytest.mark.requirement("S17")
def test_what_one_person_has_entered_another_one_counts_again(live):
    browsers = world.browsers("organiser", "moderator")
    batch = entered(browsers["organiser"], live.petition)
    assert (batch.count, batch.place, batch.entered_by.email) == (120, "Market square", "organiser@example.org")
    assert "Somebody else must count it" in counted(browsers["organiser"], batch, 120)
    assert "differs from the number that was entered" in counted(browsers["moderator"], batch, 119)
    assert batch.is_waiting
    assert "120" not in Html(browsers["moderator"].get(page(batch, "check"))).one(".outcry-step").text
    assert "counts in public from now on" in counted(browsers["moderator"], batch, 120)
    assert batch.checked_by.email == "moderator@example.org"
    assert "in the meantime" in counted(browsers["moderator"], batch, 120)
    assert said_in_log(batch) == [["checked_at"]]


@pytest.mark.requirement("S17")
def test_another_organiser_counts_it_again_and_nobody_else(live):
    first, second = officer("first", "organiser"), officer("second", "organiser")
    batch = entered(first, live.petition)
    for role, browser in world.browsers("data officer", "analyst", world.NONE).items():
        assert browser.get(page(batch, "check")).status_code == 403, role
        assert browser.post(page(batch, "check"), {"counted": "120"}).status_code == 403, role
    assert page(batch, "check") not in Html(first.get(page(batch))).values("a", "href")
    assert page(batch, "check") in Html(second.get(page(batch))).values("a", "href")
    counted(second, batch, 120)
    assert batch.checked_by.email == "second@example.org"


@pytest.mark.requirement("S17")
def test_whoever_corrects_a_batch_does_not_check_it(live):
    first, second = officer("first", "organiser"), officer("second", "organiser")
    batch = entered(first, live.petition)
    form = form_of(second.get(page(batch, "correct"))) | {"count": "1200"}
    assert second.post(page(batch, "correct"), form).status_code == 302
    batch.refresh_from_db()
    assert (batch.count, batch.entered_by.email) == (1_200, "second@example.org")
    assert said_in_log(batch) == [["count: 120 → 1200"]]
    assert "Somebody else must count it" in counted(second, batch, 1_200)
    assert "counts in public from now on" in counted(first, batch, 1_200)


def test_whoever_counts_again_sees_no_number_before(live):
    first, second = officer("first", "organiser"), officer("second", "organiser")
    batch = entered(first, live.petition, count="4321")
    places = [LIST, page(batch), page(batch, "check"), f"/admin/campaigns/campaign/{live.pk}/paper/"]
    assert re.search("4.?321", Html(first.get(page(batch))).text)
    assert not any(re.search("4.?321", Html(second.get(place)).text) for place in places)
    counted(second, batch, 4321)
    assert all(re.search("4.?321", Html(second.get(place)).text) for place in places if "check" not in place)


@pytest.mark.requirement("A30")
def test_of_two_who_correct_a_batch_the_second_is_told(live):
    first, second = officer("first", "organiser"), officer("second", "organiser")
    batch = entered(first, live.petition)
    mine, theirs = (form_of(browser.get(page(batch, "correct"))) for browser in (first, second))
    second.post(page(batch, "correct"), theirs | {"count": "121"})
    late = first.post(page(batch, "correct"), mine | {"count": "122"})
    assert late.status_code == 422
    assert "Meanwhile, somebody else has changed this to “121”. Save again to keep yours." in errors_of(late)
    first.post(page(batch, "correct"), mine | {"place": "Town hall"})
    batch.refresh_from_db()
    assert (batch.count, batch.place) == (121, "Town hall")


def test_what_was_checked_is_not_corrected_but_withdrawn_with_a_reason(live):
    browser, checker = officer("first", "organiser"), officer("second", "organiser")
    batch = entered(browser, live.petition)
    form = form_of(browser.get(page(batch, "correct")))
    counted(checker, batch, 120)
    assert browser.post(page(batch, "correct"), form | {"count": "12"}).status_code == 302
    batch.refresh_from_db()
    assert batch.count == 120
    assert browser.post(page(batch, "withdraw"), {"because": " "}).status_code == 422
    assert browser.post(page(batch, "withdraw"), {"because": "Photocopied sheets"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.withdrawn_by.email, batch.withdrawn_because) == ("first@example.org", "Photocopied sheets")
    again = browser.post(page(batch, "withdraw"), {"because": "Another reason"}, follow=True)
    assert "in the meantime" in Html(again).text
    batch.refresh_from_db()
    assert batch.withdrawn_because == "Photocopied sheets"
    assert "Photocopied sheets" in Html(browser.get(page(batch))).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("count", "0"), ("count", "10001"), ("count", "-5"), ("place", " "), ("collected_on", "2999-01-01")],
)
def test_what_can_not_be_is_refused(live, field, value):
    browser = officer("first", "organiser")
    batch = entered(browser, live.petition)
    wrong = form_of(browser.get(page(batch, "correct"))) | {field: value}
    assert browser.post(page(batch, "correct"), wrong).status_code == 422
    typed = {"petition": live.petition.pk, "count": "1", "place": "x", "collected_on": "2026-01-01"} | {field: value}
    answer = browser.post(f"{LIST}add/", typed)
    assert answer.status_code in (200, 422)
    assert PaperBatch.objects.get().count == 120


@pytest.mark.requirement("S17")
def test_the_database_knows_what_a_batch_may_say(live):
    first, second, now = person("first"), person("second"), timezone.now()
    wrong = [
        {"count": 0},
        {"count": 10_001},
        {"place": ""},
        {"checked_by": first, "checked_at": now},
        {"checked_by": second},
        {"checked_at": now},
        {"withdrawn_at": now, "withdrawn_by": second},
        {"withdrawn_because": "x"},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.paper(live.petition, first, **fields)
    for count in (1, 10_000):
        factories.paper(live.petition, first, second, count=count)
    checked = PaperBatch.objects.filter(count=10_000)
    for fields in (
        {"count": 9_999},
        {"place": "Elsewhere"},
        {"checked_at": None, "checked_by": None},
        {"entered_by": second},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            checked.update(**fields)
    assert checked.update(withdrawn_at=now, withdrawn_by=first, withdrawn_because="Twice") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        checked.update(withdrawn_because="Another reason")


@pytest.mark.requirement("S17")
@pytest.mark.django_db(transaction=True)
def test_what_is_corrected_and_checked_at_once_counts_as_it_was_seen(live):
    first, second = person("first"), person("second")
    batch = factories.paper(live.petition, first)

    def act(number):
        try:
            if number % 2:
                checking.check(batch, 120, second)
            else:
                entering.correct(batch, 1_200, "Market square", batch.collected_on, first)
        except (entering.Decided, checking.Differs):
            return None
        return number

    at_once(act, range(6), writes=PaperBatch)
    batch.refresh_from_db()
    assert batch.count == (120 if batch.checked_at else 1_200)


@pytest.mark.parametrize("level", ["elevated", "high"])
def test_at_higher_levels_there_is_none(level):
    campaign = factories.campaign(safety=level)
    batch = factories.paper(campaign.petition, person("first"), person("second"))
    browser = officer("organiser", "organiser")
    assert str(campaign.petition.pk) not in Html(browser.get(f"{LIST}add/")).values(
        "select[name=petition] option", "value"
    )
    typed = {"petition": campaign.petition.pk, "count": "1", "place": "x", "collected_on": "2026-01-01"}
    assert browser.post(f"{LIST}add/", typed).status_code in (200, 422)
    assert PaperBatch.objects.count() == 1
    assert page(batch) not in Html(browser.get(LIST)).values("a", "href")
    for step in ("change", "correct", "check", "withdraw"):
        assert browser.get(page(batch, step)).status_code == 404, step
        assert browser.post(page(batch, step), {"because": "x"}).status_code == 404, step
    with pytest.raises(entering.NotHere):
        entering.enter(campaign.petition, 1, "x", timezone.now().date(), person("third"))
    with pytest.raises(entering.NotHere):
        checking.withdraw(batch, "x", person("fourth"))


def test_what_waits_to_be_counted_again_stands_on_the_desk(live):
    factories.paper(live.petition, person("first"))
    factories.paper(live.petition, person("second"), person("third"))
    browser = officer("organiser", "organiser")
    (where,) = {
        link["href"] for link in Html(browser.get("/admin/")).find("a") if "1 batch of paper to count" in link.text
    }
    assert len(Html(browser.get(where)).find("#result_list tbody tr")) == 1
    Campaign.objects.filter(pk=live.pk).update(safety="elevated")
    assert "batch of paper" not in Html(browser.get("/admin/")).text


def test_the_list_asks_as_much_for_many(staff, live, django_assert_max_num_queries):
    first, second = person("first"), person("second")
    for number in range(2):
        factories.paper(live.petition, first, second, collected_on=timezone.now().date() - timedelta(days=number))
    with django_assert_max_num_queries(24) as few:
        staff.get(LIST)
    for _ in range(30):
        factories.paper(live.petition, first, second)
    with django_assert_max_num_queries(len(few)):
        assert len(staff.get(LIST).content) < 150_000


def figures_of(client, campaign):
    cache.clear()
    return client.get(f"/c/{campaign.slug}/progress.json").json()


@pytest.mark.requirement("S11")
def test_only_what_was_counted_twice_is_public_and_it_moves_nothing_else(client, live):
    factories.signatures(live.petition, 30)
    tally.settle_all()
    first, second = person("first"), person("second")
    before = figures_of(client, live)
    assert before["signatures"]["paper"] == 0
    assert not Html(client.get(f"/c/{live.slug}/progress/")).find("[aria-labelledby=paper]")
    batches = [factories.paper(live.petition, first, count=count) for count in (120, 45, 1_000)]
    assert figures_of(client, live)["signatures"]["paper"] == 0, "nobody has checked them"
    checking.check(batches[0], 120, second)
    checking.check(batches[1], 45, second)
    after = figures_of(client, live)
    assert after["signatures"].pop("paper") == 165
    for data in (before, after):
        data.pop("as_of")
        data["signatures"].pop("confirmed_as_of")
        data["tweets"].pop("taken_part_as_of")
    before["signatures"].pop("paper")
    assert before == after
    assert (after["signatures"]["confirmed"], after["signatures"]["percent"]) == (30, 30)
    checking.withdraw(batches[0], "Photocopies", second)
    assert figures_of(client, live)["signatures"]["paper"] == 45
    (shown,) = Html(client.get(f"/c/{live.slug}/progress/")).find("[aria-labelledby=paper]")
    assert shown.texts("dd.num") == ["45"]
    assert shown.texts("dd.quiet") == ["120 withdrawn since"]
    assert "They do not count towards the goal." in shown.text
    assert "signatures on paper" in Html(client.get(f"/c/{live.slug}/progress/")).texts("[aria-labelledby=how] dt")
    rows = client.get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in rows if row.startswith("signatures.paper,")] == ["45"]
    assert client.get(f"/petitions/{live.petition.pk}.json").json()["data"]["attributes"]["signature_count"] == 30


def test_meter_and_milestones_know_nothing_of_paper(client, live):
    factories.signatures(live.petition, 7)
    tally.settle_all()
    where = f"/c/{live.slug}/progress/"
    factories.paper(live.petition, person("first"), person("second"), count=5_000)
    page = Html(client.get(where))
    assert page.texts("[data-figure='signatures.confirmed']")[0] == "7"
    figures = public_figures(Campaign.objects.whole().get(pk=live.pk))
    assert (figures.paper, figures.signatures.count, figures.signatures.tenths) == (5_000, 7, 0)
    assert "5,000" not in page.without("[aria-labelledby=paper]").text


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_at_higher_levels_nobody_reads_of_it(client, level):
    campaign = factories.campaign(safety=level)
    factories.paper(campaign.petition, person("first"), person("second"), count=777)
    factories.paper(campaign.petition, person("third"), person("fourth"), count=888)
    assert figures_of(client, campaign)["signatures"]["paper"] is None
    for place in ("", "progress/", "figures.csv"):
        text = client.get(f"/c/{campaign.slug}/{place}").content.decode("utf-8-sig")
        assert "777" not in text and "1,665" not in text and "on paper" not in text.lower(), place


@pytest.mark.requirement("S11")
def test_a_level_that_is_raised_takes_paper_away(client, live):
    factories.paper(live.petition, person("first"), person("second"))
    assert figures_of(client, live)["signatures"]["paper"] == 120
    Campaign.objects.filter(pk=live.pk).update(safety="elevated")
    assert figures_of(client, live)["signatures"]["paper"] is None


SHEET = "/admin/campaigns/campaign/{}/sheet.pdf"


def sheet(campaign):
    return Html(paper_sheet.page(Campaign.objects.whole().get(pk=campaign.pk)))


def test_the_sheet_has_the_petition_lines_to_sign_and_what_becomes_of_it(live, settings):
    settings.CONTACT = "help@example.org"
    page = sheet(live)
    assert page.texts("h1") == ["Open the river report"]
    assert page.texts(".prose") == ["Publish it."]
    assert "Petition to Ministry of Examples" in page.text
    assert page.texts("table.lines th") == ["Name", "Country, or postal code", "Signature by hand", "Date"]
    assert len(page.find("table.lines tbody tr")) == 10
    assert len(page.find("table.lines tbody td")) == 40
    fate, asked = page.texts(".fate ul")
    for said in (
        "a second person counts them again",
        "Whoever holds this sheet can read your name",
        "help@example.org",
    ):
        assert said in fate, said
    # What no software can see to is asked of people, and promised to nobody.
    for said in ("Lock it away", "Destroy it at the latest 182 days after the petition closes"):
        assert said in asked, said
        assert said.lower() not in fate.lower()


def test_the_code_on_the_sheet_leads_to_the_campaign_and_says_paper(client, live, monkeypatch):
    coded = []
    monkeypatch.setattr(qr, "svg", lambda address: coded.append(address) or b"<svg/>")
    page = sheet(live)
    assert coded == [f"{settings.SITE_URL}/c/{live.slug}/from/paper/"]
    assert page.one("img.code")["src"] == "data:image/svg+xml;base64,PHN2Zy8+"
    assert page.one("img.code")["alt"] == coded[0]
    path = coded[0].removeprefix(settings.SITE_URL)
    form = form_of(client.get(path), 'form[action$="/sign/"]') | factories.typed()
    assert client.post(f"/c/{live.slug}/sign/", form).status_code == 303
    assert live.petition.signatures.get().source == "paper"


@pytest.mark.parametrize(
    ("language", "name", "lang"), [("es", "Nombre", "es"), ("ar", "الاسم", "ar"), ("de", "Name", "en")]
)
def test_the_sheet_speaks_the_language_of_the_campaign(live, language, name, lang):
    Campaign.objects.filter(pk=live.pk).update(language=language)
    page = sheet(live)
    assert page.one("html")["lang"] == lang
    assert page.one("html")["dir"] == ("rtl" if language == "ar" else "ltr")
    assert page.texts("table.lines th")[0] == name


def test_the_page_of_the_campaign_leads_to_sheet_and_batches(live):
    first, second = person("first"), person("second")
    standing, waiting = factories.paper(live.petition, first, second), factories.paper(live.petition, first, count=7)
    place = f"/admin/campaigns/campaign/{live.pk}/paper/"
    for role, browser in world.browsers("organiser", "moderator", "analyst").items():
        shown = Html(browser.get(place))
        links = shown.values("a", "href")
        assert SHEET.format(live.pk) in links
        assert "Counted in public: 120." in shown.text
        assert [page(batch) in links for batch in (standing, waiting)] == [role != "analyst"] * 2
        assert (f"{LIST}add/?petition={live.petition.pk}" in links) is (role == "organiser")
        if role == "organiser":
            form = form_of(browser.get(f"{LIST}add/?petition={live.petition.pk}"))
            assert form["petition"] == str(live.petition.pk)


@pytest.mark.parametrize("fields", [{"safety": "elevated"}, {"safety": "high"}, {"petition": None}])
def test_where_there_is_no_paper_there_is_no_page_and_no_sheet(staff, fields):
    campaign = factories.campaign(**fields)
    place = f"/admin/campaigns/campaign/{campaign.pk}/paper/"
    assert staff.get(place).status_code == staff.get(SHEET.format(campaign.pk)).status_code == 404
    assert place not in Html(staff.get(f"/admin/campaigns/campaign/{campaign.pk}/timeline/")).values("a", "href")


def test_the_sheet_is_a_pdf_of_one_page(live, monkeypatch):
    if not pdf.available():
        pytest.skip("no Pango here")
    monkeypatch.setattr(pdf, "LONGEST", 400)
    answer = officer("organiser", "organiser").get(SHEET.format(live.pk))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    for said in (
        "Open the river report",
        "Signature by hand",
        f"/c/{live.slug}/from/paper/",
        "What happens to this sheet",
    ):
        assert said in text, said


@pytest.fixture
def identity(settings):
    identity, recipient = sealing.new_identity()
    settings.EXPORT_RECIPIENTS = [recipient]
    return identity


def picture(kind="JPEG", size=(300, 200)):
    """With words in its metadata, as a telephone writes where it was."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "Quetzal street 5"
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return SimpleUploadedFile(f"quetzal.{kind.lower()}", out.getvalue())


def scanned(browser, batch, file=None):
    before = set(PaperScan.objects.values_list("pk", flat=True))
    response = browser.post(page(batch, "scan"), {"picture": file or picture()})
    assert response.status_code == 302, errors_of(response)
    return PaperScan.objects.exclude(pk__in=before).get()


def of_sheet(batch, scan, step="open"):
    return f"{LIST}{batch.pk}/{step}/{scan.pk}/"


@pytest.mark.requirement("A22")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_sheet_is_drawn_anew_and_sealed_before_it_is_stored(live, identity, kind):
    batch = factories.paper(live.petition, person("first"))
    scan = scanned(officer("organiser", "organiser"), batch, picture(kind))
    assert bytes(scan.content).startswith(b"age-encryption.org/v1\n")
    answer = officer().post(of_sheet(batch, scan), {"reason": "Asked by letter"})
    assert b"Quetzal" not in answer.content
    with Image.open(io.BytesIO(opened(answer, identity))) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (300, 200), {})


@pytest.mark.requirement("A22")
@pytest.mark.parametrize("content", [b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b""])
def test_what_is_no_picture_is_refused(live, identity, content):
    batch = factories.paper(live.petition, person("first"))
    browser = officer("organiser", "organiser")
    answer = browser.post(page(batch, "scan"), {"picture": SimpleUploadedFile("sheet.pdf", content)})
    assert (answer.status_code, PaperScan.objects.count()) == (422, 0)


@pytest.mark.requirement("S4")
def test_a_sheet_touches_no_disk_before_it_is_sealed(live, identity, monkeypatch):
    def write(*_args, **_kwargs):
        raise AssertionError("in clear on a disk")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", write)
    noise = SimpleUploadedFile("large.png", picture("PNG").read() + b"\0" * 9_000_000)
    scanned(officer("organiser", "organiser"), factories.paper(live.petition, person("first")), noise)


@pytest.mark.requirement("A20")
def test_a_sheet_is_opened_by_a_data_officer_for_a_reason_that_stays(live, identity):
    batch = factories.paper(live.petition, person("first"), person("second"))
    scan = factories.scan(batch)
    for role, browser in world.browsers().items():
        may = role in ("data officer", world.ADMINISTRATOR)
        if role in ("organiser", "moderator") or may:
            assert (of_sheet(batch, scan) in Html(browser.get(page(batch))).values("a", "href")) is may, role
        assert browser.get(of_sheet(batch, scan)).status_code == (200 if may else 403), role
        assert browser.post(of_sheet(batch, scan), {"reason": " "}).status_code == (422 if may else 403), role
        assert Reveal.objects.count() == 0
        answer = browser.post(of_sheet(batch, scan), {"reason": "Somebody asks to be crossed out"})
        assert (answer.status_code, answer.content == b"sealed") == ((200, True) if may else (403, False)), role
        if may:
            assert "no-store" in answer["Cache-Control"]
            record = Reveal.objects.get()
            assert (record.row, record.kind, record.petition) == (scan.pk, "sheet", live.petition)
            assert record.reason == "Somebody asks to be crossed out"
            assert LogEntry.objects.filter(object_id=str(batch.pk), user=record.by).count() == 1
            assert "sheet of paper" in Html(browser.get("/admin/petitions/reveal/")).text
            record.delete()


@pytest.mark.requirement("A20")
def test_rows_and_sheets_are_thirty_an_hour_together(live, identity):
    browser, batch = officer(), factories.paper(live.petition, person("first"))
    scan, by = factories.scan(batch), User.objects.get(email="officer@example.org")
    for number in range(reveal.MOST - 1):
        kind = ("signature", "sheet")[number % 2]
        Reveal.objects.create(row=scan.pk, petition=live.petition, by=by, reason="x", kind=kind)
    assert browser.post(of_sheet(batch, scan), {"reason": "The thirtieth"}).status_code == 200
    late = browser.post(of_sheet(batch, scan), {"reason": "One too many"})
    assert late.status_code == 429
    assert b"sealed" not in late.content
    row = factories.signature(live.petition)
    assert browser.post(f"/admin/petitions/signature/{row.pk}/reveal/", {"reason": "x"}).status_code == 429
    assert Reveal.objects.count() == reveal.MOST


def test_without_somebody_to_seal_for_no_pictures_are_offered(live, settings):
    settings.EXPORT_RECIPIENTS = []
    batch, browser = factories.paper(live.petition, person("first")), officer("organiser", "organiser")
    assert page(batch, "scan") not in Html(browser.get(page(batch))).values("a", "href")
    assert browser.get(page(batch, "scan")).status_code == 404
    assert browser.post(page(batch, "scan"), {"picture": picture()}).status_code == 404
    assert "picture" not in sheet(live).one("main").text
    settings.EXPORT_RECIPIENTS = ["age1x"]
    assert page(batch, "scan") in Html(browser.get(page(batch))).values("a", "href")
    assert "We may keep a picture of this sheet, encrypted." in sheet(live).one("main").text


def test_a_batch_has_no_more_sheets_than_signatures_and_none_once_it_is_withdrawn(live, identity):
    batch, browser = (
        factories.paper(live.petition, person("first"), person("second"), count=2),
        officer("third", "organiser"),
    )
    for _ in range(2):
        scanned(browser, batch)
    assert (
        "have more sheets than signatures"
        in Html(browser.post(page(batch, "scan"), {"picture": picture()}, follow=True)).text
    )
    assert batch.scans.count() == 2
    browser.post(page(batch, "withdraw"), {"because": "Photocopies"})
    assert batch.scans.count() == 0
    browser.post(page(batch, "scan"), {"picture": picture()})
    assert batch.scans.count() == 0


def test_a_picture_is_deleted_and_the_number_stays(live, identity):
    batch = factories.paper(live.petition, person("first"), person("second"))
    scan, other = factories.scan(batch), factories.scan(batch)
    assert officer("moderator", "moderator").post(of_sheet(batch, scan, "discard")).status_code == 403
    browser = officer()
    assert browser.get(of_sheet(batch, scan, "discard")).status_code == 200
    assert batch.scans.count() == 2
    assert browser.post(of_sheet(batch, scan, "discard")).status_code == 302
    assert list(batch.scans.all()) == [other]
    assert browser.post(of_sheet(batch, scan), {"reason": "x"}).status_code == 404
    assert Reveal.objects.count() == 0
    batch.refresh_from_db()
    assert batch.count == 120


@pytest.mark.requirement("S6")
def test_pictures_go_when_we_forget_who_signed(live, identity):
    scan = factories.scan(factories.paper(live.petition, person("first"), person("second")))
    closing.close(live.petition)
    closed = timezone.now()
    for days, stands in ((181, True), (183, False)):
        with time_machine.travel(closed + timedelta(days=days)):
            tasks.forget()
            assert PaperScan.objects.filter(pk=scan.pk).exists() is stands, days
    assert PaperBatch.objects.get().count == 120


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_pictures_go_at_once_when_the_level_is_raised(live, identity, level):
    kept = factories.scan(factories.paper(factories.campaign().petition, person("third")))
    batch = factories.paper(live.petition, person("first"), person("second"))
    scan = factories.scan(batch)
    Campaign.objects.filter(pk=live.pk).update(safety=level)
    assert officer().post(of_sheet(batch, scan), {"reason": "x"}).status_code == 404
    assert scanning.open_one(scan, "x", User.objects.get(email="officer@example.org")) is None
    tasks.forget()
    assert list(PaperScan.objects.all()) == [kept]
    assert Reveal.objects.count() == 0


@pytest.mark.requirement("S6")
def test_no_backup_holds_a_picture():
    assert "petitions_paperscan" in steps.tables_left_out()


def test_the_page_about_data_says_what_is_kept_of_paper(client, settings):
    settings.EXPORT_RECIPIENTS = []
    assert "how many lines there are, without your name" in Html(client.get("/data/")).text
    assert "picture of the sheet" not in Html(client.get("/data/")).text
    settings.EXPORT_RECIPIENTS = ["age1x"]
    cache.clear()
    assert "picture of the sheet" in Html(client.get("/data/")).text
