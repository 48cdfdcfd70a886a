"""One page shows staff all that a draft will show and send: pages, mails, picture, report; and leaves no trace."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import Campaign, Status, Update
from core.mail import writers
from core.models import QueuedMail
from petitions.models import LinkRequest
from progress.models import ShareImage
from tests import factories
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    made = factories.campaign(status=Status.DRAFT, launched_at=None, pledge_threshold=5, organiser="River Friends")
    factories.day_of_action(made)
    made.translations.create(language="es", headline="¡Publíquenlo, .@xmpl_ministry!", goal_statement="Es público.")
    Update.objects.create(campaign=made, title="We have begun", text="At last.", published_at=None)
    return made


def place(campaign, rest=""):
    return f"/admin/campaigns/campaign/{campaign.pk}/previews/{rest}"


def mails(page):
    return [link.partition("mail=")[2] for link in page.values(".outcry-mail ul a", "href")]


def test_it_lists_every_mail_and_shows_each_by_day_by_night_and_as_text(staff, draft):
    page = Html(staff.get(place(draft)))
    assert "Draft: only staff see this." in page.one("[role=note]").text
    moment, update = draft.moments.get(), draft.updates.get()
    keys = ["signature", "pledge", f"moment-{moment.pk}", f"update-{update.pk}", "own-page"]
    assert mails(page) == keys
    said = ["Open the river report", "The report is public.", "Everybody tweets", "We have begun", "your own page"]
    for key, words in zip(keys, said, strict=True):
        shown = Html(staff.get(place(draft), {"mail": key}))
        assert words in " ".join(shown.one("pre").text.split()), key
        for frame in shown.values("iframe", "src"):
            sheet = staff.get(frame)
            assert sheet.status_code == 200
            assert words in Html(sheet).text, key
            assert "Draft: only staff see this." in Html(sheet).text
            assert "sandbox" in sheet.headers["Content-Security-Policy"]
            assert "no-store" in sheet.headers["Cache-Control"]


def test_every_mail_with_a_specimen_is_listed(draft):
    """A kind of mail that is added is seen here too: each has a specimen, and no other mail is a campaign's."""
    kinds = {"Signature", "Pledge", "Reminder", "UpdateMail", "LinkRequest"}
    staff_only = {"ResetRequest", "Invitation", "StaffMail"}
    assert {model.__name__ for model in _all(QueuedMail)} == kinds | staff_only
    assert len(writers._specimens) == len(kinds)


def _all(model):
    for each in model.__subclasses__():
        yield from [each] if not each._meta.abstract else _all(each)


def test_in_each_language_of_the_campaign(staff, draft):
    page = Html(staff.get(place(draft), {"language": "es", "mail": "pledge"}))
    assert "Es público." in page.one("pre").text
    assert all(frame.endswith("/es/") for frame in page.values("iframe", "src"))
    assert "/admin/preview/es/c/" in page.values("section a", "href")[0]
    assert [link for link in page.values("a", "href") if link.startswith("?language=fr")] == []
    assert staff.get(place(draft, "signature/day/fr/")).status_code == 404


def test_who_does_not_pledge_gets_no_mail_about_it(staff, draft):
    Campaign.objects.update(pledge_threshold=None)
    assert mails(Html(staff.get(place(draft)))) == ["signature", f"update-{draft.updates.get().pk}", "own-page"]
    assert staff.get(place(draft, "pledge/day/en/")).status_code == 404


@pytest.mark.requirement("A33")
def test_picture_and_report_are_drawn_and_marked(staff, draft, monkeypatch):
    drawn = []
    monkeypatch.setattr("core.drawing.pdf.Press._set", lambda self, html, **more: drawn.append(html) or b"drawn")
    page = Html(staff.get(place(draft)))
    picture, report = page.one("section img")["src"], place(draft, "report/en/")
    assert report in page.values("a", "href")
    for where, kind in ((picture, "image/png"), (report, "application/pdf")):
        answer = staff.get(where)
        assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, kind, b"drawn")
        assert "no-store" in answer.headers["Cache-Control"]
    assert "Draft" in Html(drawn[-2]).one(".top").text
    assert "Draft: only staff see this." in Html(drawn[-1]).one(".running").text


def test_nothing_is_sent_stored_or_counted(staff, draft, monkeypatch):
    monkeypatch.setattr("core.drawing.pdf.Press._set", lambda self, html, **more: b"drawn")
    rows = [*_all(QueuedMail), ShareImage, Campaign.history.model]
    before = [model._base_manager.count() for model in rows]
    whole = Campaign.objects.filter(pk=draft.pk).values().get()
    for rest in ("", "image/en/", "report/en/", "signature/day/en/", "own-page/night/es/"):
        assert staff.get(place(draft, rest)).status_code == 200
        assert staff.post(place(draft, rest), {"do": "begin"}).status_code == 405
    assert [model._base_manager.count() for model in rows] == before
    assert Campaign.objects.filter(pk=draft.pk).values().get() == whole
    assert cache.get(f"report:{draft.pk}:live:standard:en") is None
    assert not LinkRequest.objects.exists()
    assert not mail.outbox


def test_who_may_look_at_campaigns_may_look_at_all_of_it(client, draft):
    places = [place(draft, rest) for rest in ("", "signature/day/en/", "nothing/en/")]
    assert [client.get(where).status_code for where in places] == [302] * 3
    for role, statuses in (("moderator", [200, 200, 404]), ("data officer", [403] * 3)):
        address = f"{role.replace(' ', '-')}@example.org"
        browser = logged_in(make_staff(address, superuser=False, groups=[Group.objects.get(name=role)]))
        assert [browser.get(where).status_code for where in places] == statuses, role


def test_once_it_is_public_picture_and_report_are_looked_at_where_they_are(staff, live):
    page = Html(staff.get(place(live)))
    assert not page.find("[role=note]")
    assert not page.find("section img")
    assert staff.get(place(live, "image/en/")).status_code == 404
    assert staff.get(place(live, "report/en/")).status_code == 404
    assert "Draft" not in Html(staff.get(place(live, "signature/day/en/"))).text


def test_going_live_and_the_preview_lead_there(staff, draft):
    step = Html(staff.get(f"/admin/campaigns/campaign/{draft.pk}/live/"))
    page = Html(staff.get(f"/admin/preview/c/{draft.slug}/"))
    assert place(draft) in step.values("a", "href")
    assert place(draft) in page.values("header a", "href")


def test_a_reminder_says_when_in_the_zone_of_the_campaign(staff, draft):
    Campaign.objects.update(time_zone="Asia/Tokyo")
    moment = draft.moments.get()
    moment.starts_at = timezone.now().replace(hour=20, minute=0) + timedelta(days=3)
    moment.ends_at = moment.starts_at + timedelta(hours=5)
    moment.save()
    text = Html(staff.get(place(draft), {"mail": f"moment-{moment.pk}"})).one("pre").text
    assert "05:00 JST" in text
