"""An update as its readers will get it: seen, sent to oneself, mailed to some, later, stopped."""

import base64
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from campaigns import mailing, tasks
from campaigns.models import CampaignTranslation, Update
from core.drawing import pdf
from petitions import signing
from tests import factories
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def update(live):
    for number in range(4):
        address = f"asked-{number}@example.org"
        factories.signature(live.petition, address=address, updates_at=timezone.now(), language="ar")
    factories.signature(live.petition, address="ana@example.org", updates_at=timezone.now())
    return Update.objects.create(campaign=live, title="They answered", text="**At last.**", published_at=timezone.now())


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(mailing, "FEWEST", 2)


def page(update):
    return f"/admin/campaigns/update/{update.pk}/mail/"


def look(update, part="day", language="en"):
    return f"/admin/campaigns/update/{update.pk}/preview/{part}/{language}/"


def test_one_sees_the_mail_by_day_by_night_and_as_text_in_each_language(staff, live, update):
    CampaignTranslation.objects.create(original=live, language="ar", headline="انشروا التقرير")
    shown = Html(staff.get(page(update) + "?language=ar"))
    assert shown.values(".outcry-sheets iframe", "src") == [look(update, part, "ar") for part in ("day", "night")]
    assert all("sandbox" in frame.attributes for frame in shown.find(".outcry-sheets iframe"))
    text = shown.one(".outcry-sheets pre")
    assert "At last." in text.text and text["lang"] == "ar"
    assert 'lang="ar" dir="rtl"' in staff.get(look(update, language="ar")).content.decode()
    assert 'lang="en"' in staff.get(look(update, language="xx")).content.decode()
    styles = [Html(staff.get(look(update, part))).one("style").text for part in ("day", "night", "any")]
    kinds = "@media not all {", "@media all {", "@media (prefers-color-scheme: dark) {"
    assert [style.startswith(kind) for style, kind in zip(styles, kinds, strict=True)] == [True] * 3


def test_what_is_seen_is_what_is_sent(staff, update):
    seen = Html(staff.get(look(update))).one("main, body").text
    mailing.begin(update)
    tasks.send_updates()
    [sent] = [made for made in mail.outbox if made.to == ["ana@example.org"]]
    assert Html(sent.alternatives[0][0]).one("main, body").text == seen


def test_a_mail_that_is_looked_at_runs_nothing_and_asks_for_nothing(staff, update):
    response = staff.get(look(update))
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    for source in Html(response).values("[src]", "src"):
        assert source.startswith("data:image/png;base64,")
        assert base64.b64decode(source.partition(",")[2]).startswith(b"\x89PNG")
    assert bool(Html(response).values("[src]", "src")) is pdf.available()


def test_it_is_sent_to_oneself_before_it_is_published(staff, live, update):
    Update.objects.update(published_at=None)
    assert "This is a draft" in staff.get(page(update)).content.decode()
    CampaignTranslation.objects.create(original=live, language="ar", headline="انشروا التقرير")
    told = staff.post(page(update), {"do": "test", "language": "ar"}, follow=True).content.decode()
    assert "Sent to staff@example.org." in told
    [made] = mail.outbox
    assert made.to == ["staff@example.org"]
    assert "They answered" in made.subject and made.subject != "They answered"
    assert 'dir="rtl"' in made.alternatives[0][0]
    assert "List-Unsubscribe" not in made.extra_headers
    update.refresh_from_db()
    assert (update.mailing_at, update.mails.count()) == (None, 0)


def test_a_mail_server_that_takes_nothing_is_told_of(staff, update, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "did not accept it" in staff.post(page(update), {"do": "test"}, follow=True).content.decode()


def test_it_goes_to_those_of_one_language_later(staff, update, few):
    form = Html(staff.get(page(update)))
    assert form.texts("#id_language option") == ["every language", "العربيّة (4)"]
    later = (timezone.now() + timedelta(hours=2)).replace(microsecond=0)
    when = {"at_0": f"{later:%Y-%m-%d}", "at_1": f"{later:%H:%M:%S}"}
    response = staff.post(page(update), {"do": "begin", "language": "ar", **when}, follow=True)
    assert "at the time you chose" in response.content.decode()
    update.refresh_from_db()
    assert (update.mailing_at, update.mailed_language) == (later, "ar")
    assert "Waiting: 0" in staff.get(page(update)).content.decode()
    assert "Stopped." in staff.post(page(update), {"do": "stop"}, follow=True).content.decode()
    assert "nothing to stop" in staff.post(page(update), {"do": "stop"}, follow=True).content.decode()


@pytest.mark.parametrize("chosen", [{"language": "en"}, {"language": "xx"}, {"at_0": "x", "at_1": "y"}])
def test_what_can_not_be_is_said_at_the_field(staff, update, few, chosen):
    response = staff.post(page(update), {"do": "begin", **chosen})
    assert response.status_code == 422
    assert Html(response).find(".errorlist")
    update.refresh_from_db()
    assert update.mailing_at is None


def test_a_choice_that_is_gone_since_is_refused_and_not_widened_to_all(staff, update, monkeypatch):
    monkeypatch.setattr(mailing, "FEWEST", 4)
    assert staff.get(page(update)).status_code == 200
    # One of them wants no news any more, before the button is pressed.
    signing.unsubscribe(update.campaign.petition.signatures.filter(language="ar"))
    response = staff.post(page(update), {"do": "begin", "language": "ar"})
    assert response.status_code == 422
    update.refresh_from_db()
    assert update.mailing_at is None


def test_two_who_press_at_once_mail_it_once(staff, update):
    assert staff.post(page(update), {"do": "begin"}).status_code == 302
    assert "only once" in staff.post(page(update), {"do": "begin"}, follow=True).content.decode()
    tasks.send_updates()
    assert len(mail.outbox) == 5


def test_only_those_who_may_edit_campaigns_look_test_and_stop(update):
    moderator = make_staff("mo@example.org", groups=[Group.objects.get(name="moderator")], superuser=False)
    browser = logged_in(moderator)
    assert browser.get(look(update)).status_code == 403
    for verb in ("begin", "test", "stop"):
        assert browser.post(page(update), {"do": verb}).status_code == 403
    assert mail.outbox == []
