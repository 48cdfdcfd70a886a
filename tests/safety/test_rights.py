"""Who may do what in the admin, tried as each kind of staff (docs/roles.md)."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import rights, roles
from accounts.models import User
from actions.models import SampleTweet, Target, Tweet
from campaigns.models import Campaign, Delivery, KeyMoment, PressKit, Recap, Response, Update
from core.crypto import tokens
from core.staff.history import ReadOnlyHistory
from desk.timeline import MoveForm
from petitions.models import Decision, Export, PaperBatch, Signature
from tests import factories, world
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def contents():
    """Everything that the database holds, but sessions and what counts logins."""
    tables = [name for name in connection.introspection.table_names() if "session" not in name]
    with connection.cursor() as cursor:
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def with_a_past(things):
    """Those that keep a history, each with an older version in which something else stood: (model, pk, version)."""
    found = []
    for model, thing in things.items():
        if hasattr(model, "history"):
            words = next(field for field in ("headline", "title", "text", "name", "words") if hasattr(thing, field))
            was = getattr(thing, words)
            setattr(thing, words, f"Formerly {was}")
            thing.save()
            setattr(thing, words, was)
            thing.save()
            found += [(model, thing.pk, version.history_id) for version in thing.history.all()[:2]]
    return found


@pytest.mark.requirement("A24")
def test_history_is_read_by_many_and_written_by_nobody(live):
    """Every version of every object, as each role, with the form that the page itself gives, and by the names of other buttons."""
    things = world.everything(live)
    versions, browsers = with_a_past(things), world.browsers()
    assert len(versions) >= 18
    # The two versions of an object share the list of both.
    places = dict.fromkeys(url(model, "history", pk) for model, pk, _ in versions)
    places |= dict.fromkeys(url(model, "simple_history", *version) for model, *version in versions)
    before = contents()
    for role, browser in browsers.items():
        for place in places:
            page = browser.get(place)
            assert page.status_code in (200, 403), (role, place)
            form = form_of(page) if page.status_code == 200 else {}
            buttons = {f"_{verb}" for verb in ("save", "change_history", "continue", "saveasnew")}
            assert buttons.isdisjoint(Html(page).values("[name]", "name"))
            for extra in ({}, {"_save": "1"}, {"_change_history": "1"}, {"_saveasnew": "1"}):
                for query in ("", "?_change_history=1"):
                    assert browser.post(place + query, form | extra).status_code in (403, 405), (role, place)
    assert contents() == before


@pytest.mark.requirement("A24")
def test_every_admin_with_a_history_keeps_it_read_only():
    for model, page in admin.site._registry.items():
        if hasattr(page, "history_form_view"):
            assert isinstance(page, ReadOnlyHistory), model
            assert type(page).history_form_view is ReadOnlyHistory.history_form_view, model


@pytest.mark.requirement("A24")
def test_a_version_shows_what_stood_there_and_nothing_to_fill_in(staff, live):
    live.petition.text = "Publish all of it."
    live.petition.save()
    oldest = live.petition.history.last()
    page = staff.get(url(type(live.petition), "simple_history", live.petition.pk, oldest.history_id))
    text = page.content.decode()
    assert "Publish it." in text
    assert 'name="text"' not in text


@pytest.mark.requirement("A24")
def test_the_database_knows_what_stays(live):
    live.launched_at = None
    with pytest.raises(IntegrityError, match="stays launched"), transaction.atomic():
        live.save()
    petition = factories.petition()
    petition.text = "Still free to be written."
    petition.save()
    factories.signature(petition, confirmed=False)
    petition.text = "Something else"
    with pytest.raises(IntegrityError, match="put their name to"), transaction.atomic():
        petition.save()


@pytest.mark.requirement("A24")
def test_who_changed_something_is_not_deleted_with_the_history_of_it(staff):
    """The lines of the history go with the account in Django, and older versions lose its name: it is made inactive instead."""
    organiser = make_staff("organiser@example.org", superuser=False, groups=[Group.objects.get(name="organiser")])
    target = factories.target()
    where = url(Target, "change", target.pk)
    browser = logged_in(organiser)
    browser.post(where, form_of(browser.get(where)) | {"name": "Another ministry"})
    assert LogEntry.objects.filter(user=organiser).count() == 1
    assert staff.post(url(User, "delete", organiser.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [organiser.pk], "post": "yes"}
    staff.post(url(User, "changelist"), chosen)
    assert LogEntry.objects.filter(user=organiser).count() == 1
    newcomer = make_staff("newcomer@example.org", superuser=False)
    staff.post(url(User, "delete", newcomer.pk), {"post": "yes"})
    assert not User.objects.filter(pk=newcomer.pk).exists()


def table():
    """docs/roles.md as it is read: {role: {"app/model": {"look", …}}}."""
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in (Path(settings.BASE_DIR) / "docs/roles.md").read_text().splitlines()
        if line.startswith("| ")
    ]
    (_, *roles), *rows = rows
    return {
        role: {name: set(cells[number].split(", ")) - {"–"} for name, *cells in rows}
        for number, role in enumerate(roles)
    } | {world.NONE: {name: set() for name, *_ in rows}}


def named(model):
    return model._meta.label_lower.replace(".", "/")


@pytest.mark.requirement("S17")
def test_the_table_of_roles_is_what_the_code_says():
    assert (Path(settings.BASE_DIR) / "docs/roles.md").read_text() == rights.page(), (
        "python manage.py roles > docs/roles.md"
    )
    assert set(table()) == {*roles.ROLES, world.ADMINISTRATOR, world.NONE}


# Pages of a campaign: those that whoever may see it may look at, and those on which something is made.
LOOKED_AT = (
    "petition",
    "action",
    "target",
    "texts",
    "parts",
    "x",
    "timeline",
    "afterwards",
    "press",
    "paper",
    "safety",
    "team",
)
MADE = ("moment", "update", "response", "recap")
STEPS = {
    "announce",
    "recall",
    "live",
    "close",
    "put_away",
    "terms",
    "log",
    "languages",
    "copy",
    "archive",
    "previews",
    "previews_drawn",
    "previews_mail",
    "report",
    "report_csv",
    "report_pdf",
    "retire",
    "sheet",
    "switches",
    "site_switches",
    "site_languages",
    "move",
    "mail",
    "preview",
    "withdraw",
    "reveal",
    "progress",
    *LOOKED_AT,
    *MADE,
    "fetch",
    "transfer",
    "aggregates",
    "choose",
    "names",
    "hand_over",
    "receipt",
    "correct",
    "check",
    "scan",
    "open",
    "discard",
}


@pytest.mark.requirement("S17")
def test_every_step_of_the_admin_is_in_the_table():
    """A URL that the admin answers beside those of Django belongs to a page that the walk below opens."""
    usual = {"changelist", "add", "history", "delete", "change", "simple_history", "autocomplete", "password_change"}
    steps = set()
    for model, page in admin.site._registry.items():
        own = {
            str(entry.name).removeprefix(f"{named(model).replace('/', '_')}_")
            for entry in page.get_urls()
            if entry.name
        }
        steps |= own - usual - {"auth_user_password_change"}
    assert steps == STEPS


def decides(model):
    """Whether the page of a row has the buttons that decide on it; its list then has no actions."""
    return getattr(admin.site._registry[model], "decides", False)


@pytest.fixture
def places(live, settings):
    """(model, word of the table, method, URL, form): every URL of the admin, and what is sent there."""
    settings.EXPORT_RECIPIENTS = ["age1x"]
    things = world.everything(live)
    # Where somebody may delete, there is something that may go: nobody saw it, and nothing hangs on it.
    draft = factories.campaign(status="draft", launched_at=None)
    free = {
        type(row): row
        for row in (
            draft,
            factories.target(),
            draft.tweet_action.samples.get(),
            world.make_staff("gone@example.org"),
            Group.objects.create(name="x"),
            Recap.objects.create(campaign=draft, text="x"),
            PressKit.objects.create(campaign=draft, text="x", contact="x"),
            factories.day_of_action(draft),
            Update.objects.create(campaign=draft, title="x", text="x"),
            Response.objects.create(campaign=draft, speaker="x", where="x", words="x"),
        )
    }
    found = []
    for model, thing in things.items():
        change = url(model, "change", thing.pk)
        found += [(model, "look", "get", url(model, "changelist"), {}), (model, "look", "get", change, {})]
        found += [
            (model, "look", "get", url(model, "history", thing.pk), {}),
            (
                (model, "decide", "post", change, {"verb": "approve"})
                if decides(model)
                else (model, "change", "post", change, None)
            ),
        ]
        found += [(model, "add", method, url(model, "add"), {}) for method in ("get", "post")]
        gone = url(model, "delete", free.get(model, thing).pk)
        found += [(model, "delete", "get", gone, {}), (model, "delete", "post", gone, {"post": "yes"})]
    sheet = factories.scan(things[PaperBatch])
    said, over = things[Tweet], factories.campaign(status="closed")
    later = {"starts_at_0": "2030-01-01", "starts_at_1": "10:00:00", "because": "x", "sure": "yes"}
    later["made_from"] = MoveForm(things[KeyMoment]).made_from
    ready = factories.campaign(status="draft", launched_at=None)
    planned, announced = (
        factories.campaign(status=status, launched_at=None, pledge_threshold=5) for status in ("draft", "interest")
    )
    steps = [
        (planned, "announce", "announce", dict.fromkeys(("moments", "safety"), "on")),
        (announced, "recall", "recall", {}),
        (ready, "live", "live", dict.fromkeys(("samples", "x", "safety"), "on")),
        (live, "close", "close", {}),
        (over, "put_away", "put-away", {}),
        (live, "terms", "terms", {"name": "Sam", "has_read": "on"}),
        (live, "log", f"log/{said.pk}", {}),
        (live, "languages", "languages", {}),
        (live, "copy", "copy", {"slug": "copied"}),
        (over, "archive", "archive", None),
        (ready, "previews", "previews", None),
        (ready, "previews_drawn", "previews/image/en", None),
        (ready, "previews_mail", "previews/signature/day/en", None),
        *((live, page, page, None) for page in (*LOOKED_AT, *MADE)),
        (live, "report", "report", None),
        (live, "report_csv", "report.csv", None),
        (live, "report_pdf", "report.pdf", None),
        (live, "retire", f"retire/{things[SampleTweet].pk}", {}),
        (live, "sheet", "sheet.pdf", None),
        (live, "switches", "switches", {"switch": "map", "to": "off", "reason": "x"}),
        (things[KeyMoment], "move", "move", later),
        (things[Update], "mail", "mail", {"do": "begin"}),
        (things[Update], "preview", "preview/day/en", None),
        (things[Signature], "reveal", "reveal", {"reason": "x"}),
        (things[Decision], "progress", "progress", None),
        (things[Export], "fetch", "fetch", {"part": "1"}),
        (things[Export], "progress", "progress", None),
        (things[Delivery], "fetch", "fetch", {}),
        (things[Delivery], "progress", "progress", None),
        (
            things[Delivery],
            "hand_over",
            "hand_over",
            {"handed_over_at_0": f"{timezone.now():%Y-%m-%d}", "handed_over_at_1": f"{timezone.now():%H:%M}"},
        ),
        (things[Delivery], "receipt", "receipt", {"receipt": "R-1"}),
        (things[PaperBatch], "correct", "correct", None),
        (things[PaperBatch], "check", "check", {"counted": "120"}),
        (things[PaperBatch], "withdraw", "withdraw", {"because": "x"}),
        (things[PaperBatch], "scan", "scan", {}),
        (things[PaperBatch], "open", f"open/{sheet.pk}", {"reason": "x"}),
        (things[PaperBatch], "discard", f"discard/{sheet.pk}", {}),
        (live.petition, "aggregates", "aggregates", None),
        (live.petition, "choose", "choose", {"what": "quarantine"}),
        (live.petition, "names", "names", {"pattern": "Quet*", "reason": "x"}),
        (things[User], "transfer", "transfer", {"to": free[User].pk}),
        *((things[model], "withdraw", "withdraw", {"because": "x"}) for model in (Response, Update, KeyMoment)),
    ]
    assert {word for _, word, _, _ in steps} == STEPS - {"site_switches", "site_languages"}
    everywhere, spoken = url(Campaign, "site_switches"), url(Campaign, "site_languages")
    found += [
        (Campaign, "site_languages", "get", spoken, {}),
        (Campaign, "site_languages", "post", spoken, {"do": "blank", "code": "sw"}),
        (Campaign, "site_switches", "get", everywhere, {}),
        (Campaign, "site_switches", "post", everywhere, {"switch": "map", "to": "off", "reason": "x"}),
    ]
    for thing, word, end, form in steps:
        place = url(type(thing), "change", thing.pk).replace("change/", end if "." in end else f"{end}/")
        found += [(type(thing), word, "get", place, {})] + (
            [(type(thing), word, "post", place, form)] if form is not None else []
        )
    return found


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("role", [*roles.ROLES, world.ADMINISTRATOR, world.NONE])
def test_every_url_of_the_admin_answers_as_the_table_says(places, role):
    browser, may = world.browsers(role)[role], table()[role]
    opened = {}
    for model, word, method, place, form in places:
        allowed = word in may[named(model)]
        sent = form
        if form is None:
            sent = form_of(opened[place] if place in opened else browser.get(place)) if allowed else {"name": "x"}
        with transaction.atomic():
            answer = getattr(browser, method)(place, sent)
            transaction.set_rollback(True)
        if method == "get":
            opened[place] = answer
        expected = (
            ({200} if method == "get" or word in ("languages", "site_languages", "reveal", "names", "open") else {302})
            if allowed
            else {403}
        )
        if allowed and word in ("add", "scan"):
            # Of what was left out the form tells.
            expected = {200, 422}
        if allowed and word in ("previews_drawn", "sheet"):
            # Drawing takes long where much else goes on.
            expected = {200, 503}
        assert answer.status_code in expected, (role, method, place, answer.status_code)


@pytest.mark.requirement("S17")
@pytest.mark.parametrize("role", [*roles.ROLES, world.ADMINISTRATOR, world.NONE])
def test_what_a_role_may_not_do_is_not_offered(live, role):
    """From the first page on, every link that the role is shown leads somewhere; no page offers to save where nothing may be."""
    things = world.everything(live)
    factories.campaign(status="draft", launched_at=None)
    over, may, browser = factories.campaign(status="closed"), table()[role], world.browsers(role)[role]
    PressKit.objects.create(campaign=over, text="x", contact="x")
    waiting, seen, opened = ["/admin/"], set(), {}
    while waiting:
        place = waiting.pop()
        answer = browser.get(place, follow=True)
        is_drawn = any(part in place for part in ("/previews/image/", "/previews/report/", "/sheet.pdf"))
        assert answer.status_code in ((200, 503) if is_drawn else (200,)), (role, place, answer.status_code)
        if not place.startswith("/admin/") or "html" not in answer.headers["Content-Type"]:
            continue
        opened[place] = answer
        for link in Html(answer).values("[href]", "href"):
            short = urlsplit(link.removeprefix("http://testserver")).path
            if short.startswith(("/admin/", "/c/", "/accounts/")) and short not in seen and "logout" not in short:
                seen.add(short)
                waiting.append(link.removeprefix("http://testserver"))
    if role == world.NONE:
        return
    for model, thing in things.items():
        rights, name = may[named(model)], named(model)
        assert (url(model, "changelist") in seen) is ("look" in rights), name
        if "look" in rights:
            change, changelist = url(model, "change", thing.pk), url(model, "changelist")
            page = (opened.get(change) or browser.get(change)).content.decode()
            assert ('name="_save"' in page) is ("change" in rights), (role, name)
            listed = (opened.get(changelist) or browser.get(changelist)).content.decode()
            acts = bool({"decide", "delete"} & rights) and not decides(model)
            assert ('name="action"' in listed) is acts, (role, name)


@pytest.mark.requirement("S17")
def test_only_who_may_change_the_press_kit_sees_its_early_url(live):
    things = world.everything(live)
    kit = things[PressKit]
    secret = reverse("press_early", args=[live.slug, tokens.make("press", kit.key)])
    places = [url(model, page, things[model].pk) for model in (Campaign, PressKit) for page in ("change", "history")]
    press = url(Campaign, "press", live.pk)
    for role, browser in world.browsers().items():
        for place in (*places, press):
            shown = browser.get(place).content.decode()
            expected = place == press and role in ("organiser", "press", world.ADMINISTRATOR)
            assert (secret in shown) is expected, (role, place)
            assert str(kit.key) not in shown


@pytest.mark.requirement("S17")
def test_without_a_role_one_page_says_whom_to_ask(live, settings):
    browser = world.browsers(world.NONE)[world.NONE]
    for place, status in (("/admin/", 200), ("/admin/petitions/signature/", 403), ("/admin/nowhere/", 403)):
        page = browser.get(place)
        assert page.status_code == status
        assert "You have no role yet" in page.content.decode()
        assert f"mailto:{settings.CONTACT}" in page.content.decode()
    settings.CONTACT = ""
    assert "whoever invited you" in browser.get("/admin/").content.decode()
    assert browser.post("/accounts/logout/").status_code == 302
