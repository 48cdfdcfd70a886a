"""Of a campaign of another team there is nothing: in no list, filter, choice or figure, and at no address."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.forms import BaseForm, BaseFormSet, ModelChoiceField
from django.urls import resolve
from django.utils import timezone

from accounts import roles
from accounts.models import User
from accounts.rights import BY_TEAMS
from actions.models import Gap, Target, TrackingQuery, Tweet, TweetAction
from campaigns.models import Campaign, Delivery, KeyMoment, Recap, Response, Status, Update
from core.staff.teams import OfTeams
from petitions.models import Alert, Export, Petition, Signature, Voice
from tests import factories, world
from tests.html import Html, form_of
from tests.login import logged_in, make_staff
from tests.safety.test_rights import contents, named, places, table, url, with_a_past

__all__ = ["places"]  # the fixture
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("S17")]
ROLES = [*roles.ROLES]
# What leads from a row to its campaign.
OWNED = (Campaign, Petition, TweetAction, TrackingQuery)


def outsider(role):
    """Somebody with this role who is on no team."""
    user = make_staff(f"outsider-{role.replace(' ', '-')}@example.org", False, groups=[Group.objects.get(name=role)])
    user.campaigns.clear()
    return user


def test_no_admin_of_what_belongs_to_a_campaign_does_without_teams():
    for model, page in admin.site._registry.items():
        belongs = model in OWNED or any(
            field.related_model in OWNED
            for field in model._meta.concrete_fields
            if field.many_to_one or field.one_to_one
        )
        assert belongs is isinstance(page, OfTeams), model
        # No page of its own gets around the guard.
        assert not belongs or type(page).urls is OfTeams.urls, model


@pytest.mark.parametrize("role", ROLES)
def test_every_address_of_another_team_answers_404(places, role):  # noqa: F811
    """Each page and each step of the admin that names a row, whatever the role may do elsewhere; lists are there and empty."""
    browser, seen = logged_in(outsider(role)), 0
    for model, word, method, place, form in places:
        if not isinstance(admin.site._registry[model], OfTeams):
            continue
        answer = getattr(browser, method)(place, form or {})
        match = resolve(place)
        if match.args or match.kwargs:
            assert answer.status_code == 404, (role, method, place)
            seen += 1
        elif word in ("site_switches", "site_languages"):
            assert answer.status_code == 403, (role, place)
        elif "/add/" not in place:
            assert answer.status_code == (200 if "look" in table()[role][named(model)] else 403), place
            if answer.status_code == 200:
                assert answer.context["cl"].result_count == 0, place
    assert seen > 120


@pytest.mark.parametrize("role", ROLES)
def test_no_version_of_what_another_team_has_is_read(live, role):
    versions, browser = with_a_past(world.everything(live)), logged_in(outsider(role))
    theirs = [version for version in versions if isinstance(admin.site._registry[version[0]], OfTeams)]
    assert len(theirs) >= 16
    for model, *version in theirs:
        assert browser.get(url(model, "simple_history", *version)).status_code == 404, (role, model)


@pytest.mark.parametrize("role", [*ROLES, world.ADMINISTRATOR])
def test_no_action_of_a_list_reaches_another_team(live, role):
    """Each action of each list, with the number of a row that the list does not show."""
    things = world.everything(live)
    user = outsider(role) if role in ROLES else make_staff("administrator@example.org")
    browser, before = logged_in(user), contents()
    for model, thing in things.items():
        page = admin.site._registry[model]
        if isinstance(page, OfTeams):
            declining = [f"decline_{reason}" for reason in Voice.Reason.values] if model is Voice else []
            for name in [*(page.actions or ()), *declining, "delete_selected"]:
                sent = {"action": name, "_selected_action": [thing.pk], "post": "yes"}
                assert browser.post(url(model, "changelist"), sent).status_code in (200, 302, 403), (model, name)
    assert (contents() == before) is (role in ROLES)


def test_what_a_target_said_is_of_all_who_address_it(live):
    """X gives a post once: it is stored with the campaign that paid, which the others are not told."""
    said, user = (
        factories.tweet(live.tweet_action, kind="target", target=live.target, text="No."),
        outsider("organiser"),
    )
    browser, place = logged_in(user), url(Tweet, "change", said.pk)
    other = factories.campaign(tweet_action=factories.tweet_action(hashtag="Mine"))
    other.team.add(user)
    log = url(Campaign, "change", other.pk).replace("change/", f"log/{said.pk}/")
    assert (browser.get(place).status_code, browser.get(log).status_code) == (404, 404)
    other.tweet_action.more_targets.add(live.target)
    shown = browser.get(place)
    assert "No." in shown.content.decode()
    assert live.tweet_action.hashtag not in shown.content.decode()
    assert browser.get(url(Tweet, "changelist")).context["cl"].result_count == 1
    assert browser.post(log).status_code == 302
    assert other.responses.get().words == "No."


def test_a_handle_that_another_team_addresses_is_changed_by_administrators(staff, live):
    """Its page would show their texts, and mend their headlines."""
    user, place = outsider("organiser"), url(Target, "change", live.target.pk)
    action = factories.tweet_action(target=live.target)
    mine = factories.campaign(tweet_action=action, headline="Mine: answer, .@xmpl_ministry")
    mine.team.add(user)
    browser = logged_in(user)
    pages = (place, url(Campaign, "target", mine.pk))
    for page in pages:
        answer = browser.post(page, form_of(browser.get(page)) | {"x_handle": "other_office"})
        assert "x_handle" in answer.context["adminform"].form.errors, page
        assert live.headline not in Html(answer).text, page
    assert browser.post(place, form_of(browser.get(place)) | {"name": "Another name"}).status_code == 302
    assert browser.post(url(Target, "delete", live.target.pk), {"post": "yes"}).status_code == 403
    answer = staff.post(place, form_of(staff.get(place)) | {"x_handle": "other_office"})
    assert answer.context["adminform"].form.consequences.changes


def test_whoever_deletes_a_target_reads_nothing_of_another_team(live):
    """A response that was logged long ago keeps it, whomever that campaign addresses now."""
    target, browser = factories.target(name="Former office"), logged_in(outsider("organiser"))
    Response.objects.create(campaign=live, target=target, speaker="Their minister", where="x", words="Theirs")
    answer = browser.post(url(Target, "delete", target.pk), {"post": "yes"})
    assert answer.status_code == 200
    assert "Former office" in Html(answer).text
    assert "Theirs" not in Html(answer).text
    assert "minister" not in Html(answer).text
    assert Target.objects.filter(pk=target.pk).exists()


def test_no_address_tells_a_slug(live):
    kind = ContentType.objects.get_for_model(Campaign).pk
    browser = logged_in(outsider("organiser"))
    assert browser.get(f"/admin/r/{kind}/{live.pk}/").status_code == 404


def test_conditions_know_nothing_of_another_team(live):
    """An alert or a petition of theirs is answered as one that there never was."""
    alert = Alert.objects.create(petition=live.petition, kind="domain", detail="x.example")
    user = outsider("moderator")
    browser, place = logged_in(user), url(Signature, "changelist")
    asked = [{"alert": alert.pk}, {"sort": "own", "petition__id__exact": live.petition_id}]
    for query in asked:
        (name, number) = next((name, value) for name, value in query.items() if name != "sort")
        theirs, none = (browser.get(place, query | {name: pk}) for pk in (number, 10**6))
        assert theirs.status_code == none.status_code
        assert theirs.headers.get("Location") == none.headers.get("Location")
    user.campaigns.add(live)
    assert all(browser.get(place, query).status_code == 200 for query in asked)


def test_whoever_leaves_a_team_comes_back_to_the_desk(live):
    organiser = make_staff("organiser@example.org", False, groups=[Group.objects.get(name="organiser")])
    browser, place = logged_in(organiser), url(Campaign, "team", live.pk)
    answer = browser.post(place, {**form_of(browser.get(place)), "team": []}, follow=True)
    assert answer.redirect_chain == [("/admin/", 302)]
    assert "on no campaign's team yet" in Html(answer).one("#desk").text
    assert browser.get(place).status_code == 404


def test_one_is_taken_off_a_team_by_one_click(live):
    """In a box of names a click without the Ctrl key would take off all others."""
    make_staff("second@example.org", False)
    page = Html(world.browsers("organiser")["organiser"].get(url(Campaign, "team", live.pk)))
    assert len(page.find("input[type=checkbox][name=team][checked]")) == live.team.count() >= 2


@pytest.mark.parametrize("role", [*ROLES, world.ADMINISTRATOR])
def test_whoever_is_on_the_team_finds_it(live, role):
    browser = world.browsers(role)[role]
    assert browser.get(url(Petition, "change", live.petition_id)).status_code == 200
    assert browser.get(url(Petition, "changelist")).context["cl"].result_count == 1


@pytest.mark.parametrize("role", ROLES)
def test_no_page_names_a_campaign_of_another_team(live, role):
    """Not the first page, no list, none of its filters and no form that makes something."""
    world.everything(live)
    mine = factories.campaign(slug="mine", status=Status.DRAFT, launched_at=None)
    Petition.objects.filter(pk=live.petition_id).update(title="Their petition")
    Campaign.objects.filter(pk=live.pk).update(slug="their-slug", headline="Their headline")
    user = outsider(role)
    mine.team.add(user)
    browser = logged_in(user)
    lists = [url(model, "changelist") for model, page in admin.site._registry.items() if isinstance(page, OfTeams)]
    making = [url(model, "add") for model in (Campaign, Export, Delivery, Target)]
    for place in ["/admin/", *lists, *making, "/admin/search/?s=their&extended=1"]:
        answer = browser.get(place)
        assert answer.status_code in (200, 403), place
        for words in ("Their petition", "their-slug", "Their headline"):
            assert words not in answer.content.decode(), place


def test_the_first_page_shows_those_of_ones_teams(live):
    user, mine = outsider("organiser"), factories.campaign(headline="Mine: answer, .@xmpl_ministry")
    mine.team.add(user)
    cards = Html(logged_in(user).get("/admin/")).find("#desk article")
    assert [card["aria-labelledby"] for card in cards] == [f"campaign-{mine.pk}"]


def test_voices_that_wait_elsewhere_are_not_counted(live):
    factories.voice(live.petition, "waiting")
    user = outsider("moderator")
    link = "a[href$='/petitions/voice/']"
    assert "1" not in Html(logged_in(user).get("/admin/")).find(link)[0].text
    user.campaigns.add(live)
    assert "1" in Html(logged_in(user).get("/admin/")).find(link)[0].text


def test_nothing_of_another_team_is_found_by_typing(live):
    user = outsider("organiser")
    question = "/admin/autocomplete/?app_label=campaigns&model_name=response&field_name=demand&term=publish"
    assert logged_in(user).get(question).json()["results"] == []
    user.campaigns.add(live)
    assert len(logged_in(user).get(question).json()["results"]) == 1


def of_another_team():
    """A campaign with all that a form could choose from."""
    theirs = factories.campaign(headline="Theirs")
    moment = factories.day_of_action(theirs)
    response = Response.objects.create(campaign=theirs, speaker="Minister", where="x", words="Theirs")
    recap = Recap.objects.create(campaign=theirs, text="Theirs", published_at=timezone.now())
    row = factories.signature(theirs.petition)
    Alert.objects.create(petition=theirs.petition, kind="domain", detail="x.example")
    Update.objects.create(campaign=theirs, title="News", text="Theirs")
    factories.voice(theirs.petition, "waiting")
    return theirs, (moment, response, recap, row)


def choices(answer):
    """Each field of each form that the page has, where it lets choose among rows: inlines and their empty form as well."""
    # Of one template it is no list, and of none it is nothing.
    layers = answer.context if isinstance(answer.context, list) else [answer.context] if answer.context else []
    waiting, seen = [value for layer in layers for value in layer.flatten().values()], {}
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        # Kept, so that no other one gets its number.
        seen[id(thing)] = thing
        if isinstance(thing, BaseForm):
            # `id` is the number of a row of an inline, which takes none but its own (Django's BaseModelFormSet).
            fields = [field for name, field in thing.fields.items() if name != "id"]
            yield from (field for field in fields if isinstance(field, ModelChoiceField))
        elif isinstance(thing, BaseFormSet):
            waiting += [*thing.forms, thing.empty_form]
        elif isinstance(thing, AdminForm):
            waiting.append(thing.form)
        elif isinstance(thing, InlineAdminFormSet):
            waiting.append(thing.formset)
        elif isinstance(thing, list | tuple):
            waiting += [*thing]
        elif hasattr(thing, "forms"):
            waiting += thing.forms


@pytest.mark.parametrize("role", ROLES)
def test_no_form_takes_what_another_team_has(places, role):  # noqa: F811
    """Whatever is sent in place of what its fields offer: of another team's rows none is among those that they take."""
    browser, looked_at = logged_in(make_staff("insider@example.org", False, groups=[Group.objects.get(name=role)])), 0
    theirs, _ = of_another_team()
    theirs.team.clear()
    for model, _word, method, place, _form in places:
        if method != "get" or ("look" not in table()[role][named(model)] and "/add/" not in place):
            continue
        answer = browser.get(place)
        for field in choices(answer) if answer.status_code == 200 else ():
            page, rows = admin.site._registry.get(field.queryset.model), field.queryset.order_by()
            looked_at += 1
            if isinstance(page, OfTeams):
                seen = page.model._default_manager.filter(page.theirs(answer.wsgi_request)).values("pk")
                assert not rows.exclude(pk__in=seen).exists(), (place, field.label)
    assert looked_at > 15 or role != "organiser", looked_at


def test_nothing_of_another_team_is_found_by_any_field(live):
    """Each field of each model that somebody could name in the address of the search as one types."""
    theirs, _ = of_another_team()
    user, found = outsider("organiser"), 0
    mine = factories.campaign()
    theirs.team.clear()
    mine.team.set([user])
    browser = logged_in(user)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            page = admin.site._registry.get(field.related_model)
            if not isinstance(page, OfTeams) or not hasattr(field, "attname"):
                continue
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
            for owner in ({}, {"campaign": theirs.pk}, {"action": theirs.tweet_action_id}):
                answer = browser.get("/admin/autocomplete/", {**asked, **owner, "term": ""})
                if answer.status_code == 200:
                    numbers = {row["id"] for row in answer.json()["results"]}
                    seen = page.model._default_manager.filter(page.theirs(answer.wsgi_request))
                    assert numbers <= {str(pk) for pk in seen.values_list("pk", flat=True)}, (asked, owner)
                    found += 1
    assert found > 12


def test_a_list_that_all_share_is_no_way_to_ask_about_another_team(live):
    """Targets are of no team; which campaign, post or delivery leads to one is."""
    browser = logged_in(outsider("organiser"))
    place = url(Target, "changelist")
    assert browser.get(place, {"q": "ministry"}).context["cl"].result_count == 1
    for asked in ({"actions": live.tweet_action_id}, {"actions__isnull": "0"}, {"responses__isnull": "1"}):
        answer = browser.get(place, asked)
        assert answer.status_code in (302, 400), asked


def test_a_petition_of_another_team_is_not_taken_by_a_form(live, settings):
    settings.EXPORT_RECIPIENTS = ["age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"]
    user, mine = outsider("data officer"), factories.campaign()
    mine.team.add(user)
    browser, place = logged_in(user), "/admin/petitions/export/add/"
    assert Html(browser.get(place)).values("#id_petition option[value]:not([value=''])", "value") == [
        str(mine.petition_id)
    ]
    form = {"petition": live.petition_id, "purpose": "names", "format": "csv", "reason": "x"}
    answer = browser.post(place, form_of(browser.get(place)) | form)
    assert answer.status_code in (200, 422)
    assert "petition" in answer.context["adminform"].form.errors


def test_drafts_of_another_team_have_no_preview():
    draft = factories.campaign(status=Status.DRAFT, launched_at=None)
    user = outsider("organiser")
    place = f"/admin/preview/c/{draft.slug}/"
    assert logged_in(user).get(place).status_code == 404
    user.campaigns.add(draft)
    assert logged_in(user).get(place).status_code == 200


def test_what_no_campaign_runs_is_everybodys(live):
    alone = factories.petition()
    row = factories.signature(alone)
    browser = logged_in(outsider("moderator"))
    assert browser.get(url(Signature, "change", row.pk)).status_code == 200
    assert browser.get(url(Signature, "changelist")).context["cl"].result_count == 1
    gap = Gap.objects.create(target=factories.target(), after_id=1, before_id=2)
    assert browser.get(url(Gap, "change", gap.pk)).status_code == 200


def test_whoever_makes_a_campaign_is_on_its_team(live):
    organiser = make_staff("organiser@example.org", False, groups=[Group.objects.get(name="organiser")])
    browser = logged_in(organiser)
    place = url(Campaign, "add")
    form = {"headline": "Answer, .@xmpl_ministry", "goal_statement": "An answer", "organiser": "x", "slug": "answer"}
    assert browser.post(place, form_of(browser.get(place)) | form).status_code == 302
    assert list(Campaign.objects.get(slug="answer").team.all()) == [organiser]
    copy = url(Campaign, "copy", live.pk)
    assert browser.post(copy, form_of(browser.get(copy)) | {"slug": "copied"}).status_code == 302
    assert list(Campaign.objects.get(slug="copied").team.all()) == [organiser]


def test_the_team_is_chosen_on_a_page_of_the_campaign(live):
    organiser = make_staff("organiser@example.org", False, groups=[Group.objects.get(name="organiser")])
    guest, browser, place = outsider("moderator"), logged_in(organiser), url(Campaign, "team", live.pk)
    chosen = {"team": [organiser.pk, guest.pk]}
    assert "outsider-moderator@example.org" in browser.get(place).content.decode()
    assert browser.post(place, form_of(browser.get(place)) | chosen).status_code == 302
    assert set(live.team.all()) == {organiser, guest}
    assert logged_in(guest).get(place).status_code == 200
    assert logged_in(guest).post(place, chosen).status_code == 403
    supporter = User.objects.create_user("x-1")
    answer = browser.post(place, form_of(browser.get(place)) | {"team": [supporter.pk]})
    assert answer.status_code in (200, 422)
    assert set(live.team.all()) == {organiser, guest}


def test_moments_of_another_team_are_not_moved(live):
    moment = factories.day_of_action(live)
    browser = logged_in(outsider("organiser"))
    place = url(KeyMoment, "change", moment.pk).replace("change/", "move/")
    assert browser.post(place, {"sure": "yes", "because": "x"}).status_code == 404
    moment.refresh_from_db()
    assert moment.moved_from is None


def test_numbers_that_are_none_answer_404(live):
    browser = logged_in(outsider("organiser"))
    for number in ("x", "9" * 30, "0", "_5F"):
        assert browser.get(f"/admin/campaigns/campaign/{number}/change/").status_code == 404


def test_a_list_takes_few_queries(live, django_assert_max_num_queries):
    world.everything(live)
    browser = world.browsers("organiser")["organiser"]
    for model in (Campaign, Signature, Petition):
        with django_assert_max_num_queries(24):
            assert browser.get(url(model, "changelist")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_takes_no_campaign_from_anybody():
    """Everybody who is on the staff by then goes on seeing what there is."""
    executor = MigrationExecutor(connection)
    executor.migrate([("campaigns", "0008_switches")])
    before = executor.loader.project_state([("campaigns", "0008_switches")]).apps
    try:
        staff = make_old(before, "staff", is_staff=True, email="a@example.org")
        make_old(before, "x-1", is_staff=False)
        make_old(before, "left", is_staff=True, is_active=False, email="b@example.org")
        campaign = before.get_model("campaigns", "Campaign").objects.create(
            slug="old", headline="x", goal_statement="x"
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert list(Campaign.objects.get(pk=campaign.pk).team.values_list("pk", flat=True)) == [staff.pk]
    # As a release does that knows no teams.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user")
        cursor.execute("DELETE FROM campaigns_campaign WHERE id = %s", [campaign.pk])
    assert Campaign.team.through.objects.count() == 0


def make_old(apps, username, **fields):
    return apps.get_model("accounts", "User").objects.create(username=username, **fields)


def test_the_page_of_roles_says_what_goes_by_teams():
    (line,) = [
        line for line in (Path(settings.BASE_DIR) / "docs/roles.md").read_text().splitlines() if BY_TEAMS in line
    ]
    pages = {model for model, page in admin.site._registry.items() if isinstance(page, OfTeams)}
    assert {name.strip("` .") for name in line.removeprefix(BY_TEAMS).split(",")} == {*map(named, pages)}
