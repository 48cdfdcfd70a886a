"""Staff see a draft's public pages before anybody else does; nobody else sees them, and nothing is counted."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from actions.models import OpeningTally
from campaigns.models import Campaign, PressKit, Recap, Status, Update
from core.web.kept_pages import HAND
from desk.tests.test_campaign_page import change
from tests import factories
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
PAGES = ("", "act/", "progress/", "updates/", "wall/", "voices/", "press/", "recap/")


@pytest.fixture
def draft():
    made = factories.campaign(status=Status.DRAFT, launched_at=None, headline="Not yet, .@xmpl_ministry!")
    PressKit.objects.create(campaign=made, text="x", contact="x")
    Recap.objects.create(campaign=made, text="x", published_at=timezone.now())
    Update.objects.create(campaign=made, title="News", text="x", published_at=timezone.now())
    return made


def preview(campaign, page="", language=""):
    return f"/admin/preview{language}/c/{campaign.slug}/{page}"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_draft_is_marked_inert_and_kept_by_nobody(staff, client, draft, page):
    answer = staff.get(preview(draft, page))
    shown = Html(answer)
    assert answer.status_code == 200
    assert "Draft: only staff see this" in shown.one("header .notice").text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert HAND not in answer.wsgi_request.META
    assert all("inert" in form.attributes for form in shown.find("form"))
    assert not shown.find("script[src]")
    assert not [
        link for link in shown.values("[href]", "href") if "/c/" in link and not link.startswith("/admin/preview/")
    ]
    assert client.get(f"/c/{draft.slug}/{page}").status_code == 404


def test_it_looks_as_on_its_first_day_and_stays_a_draft(staff, draft):
    before = draft.history.count()
    assert Html(staff.get(preview(draft))).find("form[action$='/sign/'] [name=email]")
    act = Html(staff.get(preview(draft, "act/")))
    assert "Sample 0" in act.one("#id_text").text
    draft.refresh_from_db()
    assert (draft.status, draft.launched_at, draft.history.count()) == (Status.DRAFT, None, before)
    assert not OpeningTally.objects.exists()


def test_tabs_and_languages_stay_in_the_preview(staff, draft):
    links = Html(staff.get(preview(draft))).values("header a, footer a", "href")
    assert preview(draft, "progress/") in links
    assert preview(draft, language="/es") in links
    assert Html(staff.get(preview(draft, language="/es"))).one("html")["lang"] == "es"


@pytest.mark.parametrize(
    "page", ["act/go/x/", "sign/", "progress.json", "progress.pdf", "pledge/", "figures.csv", "embed/", "nowhere/"]
)
def test_what_does_something_or_is_kept_has_no_preview(staff, draft, page):
    assert staff.get(preview(draft, page)).status_code == 404
    assert staff.post(preview(draft, page)).status_code == 405


def test_nothing_is_sent_there(staff, draft):
    for page in PAGES:
        assert staff.post(preview(draft, page), {"email": "a@example.org"}).status_code == 405
    assert not draft.petition.signatures.exists()


def test_who_may_look_at_campaigns_may_look_at_previews(client, draft):
    assert client.get(preview(draft)).status_code == 302
    for role, status in (("organiser", 200), ("moderator", 200), ("data officer", 403)):
        address = f"{role.replace(' ', '-')}@example.org"
        browser = logged_in(make_staff(address, superuser=False, groups=[Group.objects.get(name=role)]))
        assert browser.get(preview(draft)).status_code == status, role
    without_factor = logged_in(make_staff("new@example.org", second_factor=False))
    assert without_factor.get(preview(draft)).status_code == 302


def test_what_is_public_is_looked_at_where_it_is(staff, live):
    answer = staff.get(preview(live))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/c/{live.slug}/")
    assert staff.get("/admin/preview/c/nowhere/").status_code == 404
    assert staff.get("/admin/preview/").status_code == 404


@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("es", "/es"), ("fa", "")])
def test_view_on_site_leads_to_the_preview_in_its_own_language(staff, draft, language, prefix):
    Campaign.objects.update(language=language)
    links = Html(staff.get(change(draft))).values("a", "href")
    assert preview(draft, language=prefix) in links
    step = Html(staff.get(f"/admin/campaigns/campaign/{draft.pk}/live/"))
    assert preview(draft, language=prefix) in step.values("a", "href")
    assert staff.get(preview(draft, language=prefix)).status_code == 200
