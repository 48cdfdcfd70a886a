"""Signatures found by conditions, and what becomes of all that match."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.privacy import domains
from petitions import alerts, choosing, name_count, tally, tasks
from petitions.models import Alert, Decision, Signature
from petitions.selection import PROVIDERS
from petitions.tests.test_jobs import crowd, told
from tests import factories
from tests.html import Html, errors_of, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = {"since": "2026-03-04T00:00", "until": "2026-03-05T00:00"}


@pytest.fixture
def moderator(db):
    return make_staff("m@example.org", superuser=False, groups=[Group.objects.get(name="moderator")])


@pytest.fixture
def browser(moderator):
    return logged_in(moderator)


def signed(live, who, confirmed=True, **fields):
    """One signature, whose bearer is called `who` here."""
    at = fields.get("signed_at", NOON)
    fields = {"name": who, "signed_at": at, "confirmed_at": at if confirmed else None, **fields}
    return factories.signature(live.petition, confirmed, f"{who}@example.org", **fields)


def listed(browser, live, **conditions):
    """The names of all that the list shows."""
    query = {"petition__id__exact": live.petition.pk, **conditions}
    answer = browser.get(reverse("admin:petitions_signature_changelist", query=query))
    assert answer.status_code == 200, answer.get("Location")
    keys = Html(answer).values("input[name=_selected_action]", "value")
    return {row.name for row in Signature.objects.filter(pk__in=keys)}


def page(live, step="choose", **conditions):
    return reverse(f"admin:petitions_petition_{step}", args=[live.petition.pk], query=conditions)


def facts(answer):
    shown = Html(answer)
    return dict(zip(shown.texts("dt"), shown.texts("dd"), strict=True))


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"country": "no"}, {"abroad"}),
        ({"sort": "provider"}, {"provided"}),
        ({"sort": "relay"}, {"relayed"}),
        ({"sort": "disposable"}, {"thrown"}),
        ({"sort": "own"}, {"owned"}),
        ({"since": "2026-03-05T00:00"}, {"later"}),
        ({"until": "2026-03-04T12:00"}, {"earlier"}),
        ({"filled": "fast"}, {"fast", "timeless"}),
        ({"filled": "quick"}, {"quick"}),
        ({"source": "street"}, {"met"}),
        ({"review__exact": "quarantined"}, {"aside"}),
        ({"confirmed_at__isempty": "1"}, {"unconfirmed"}),
        ({"confirmed_since": "2026-03-09T00:00"}, {"late"}),
        ({"clients": "2", **DAY}, {"twin", "other"}),
        ({"country": "NO", "filled": "fast"}, set()),
    ],
)
def test_each_condition_finds_what_it_says_and_all_of_them_together(live, browser, conditions, found):
    plain = {"domain": "", "country": "DE"}
    signed(live, "abroad", domain="", country="NO", client_hash=b"1" * 16)
    signed(live, "provided", **plain | {"domain": sorted(PROVIDERS)[0]}, client_hash=b"2" * 16)
    signed(live, "relayed", **plain | {"domain": "duck.com"}, client_hash=b"3" * 16)
    signed(live, "thrown", **plain | {"domain": domains.label("x@mailinator.com")}, client_hash=b"4" * 16)
    signed(live, "owned", **plain | {"domain": domains.label("x@example.org")}, client_hash=b"5" * 16)
    signed(live, "later", **plain, signed_at=NOON + timedelta(days=2), client_hash=b"a" * 16)
    signed(live, "earlier", **plain, signed_at=NOON - timedelta(days=2), client_hash=b"a" * 16)
    signed(live, "fast", **plain, seconds=1, client_hash=b"6" * 16)
    signed(live, "timeless", **plain, seconds=None, client_hash=b"7" * 16)
    signed(live, "quick", **plain, seconds=2, client_hash=b"8" * 16)
    signed(live, "met", **plain, source="street", client_hash=b"9" * 16)
    signed(live, "aside", **plain, review="quarantined", client_hash=b"b" * 16)
    signed(live, "unconfirmed", **plain, confirmed=False, client_hash=b"c" * 16)
    signed(live, "late", **plain, confirmed_at=NOON + timedelta(days=6), client_hash=b"d" * 16)
    for name in ("twin", "other"):
        signed(live, name, **plain, client_hash=b"e" * 16)
    assert listed(browser, live, **conditions) == found


@pytest.mark.parametrize(
    "wrong", [{"clients": "5"}, {"clients": "5", "since": "2026-03-01T00:00", "until": "2026-03-05T00:00"}]
)
def test_one_network_address_is_looked_for_within_a_day(live, browser, wrong):
    answer = browser.get(page(live, **wrong))
    assert answer.status_code == 422
    assert errors_of(answer) == ["Please choose a petition, and from when to when: one day at most."]


@pytest.mark.parametrize(
    "name", ["name", "email", "domain", "name_hash", "client_hash", "comment", "language", "seconds__lt"]
)
def test_nothing_else_is_a_condition(live, browser, name):
    signed(live, "somebody")
    assert browser.get(reverse("admin:petitions_signature_changelist", query={name: "1"})).status_code == 400
    whole = facts(browser.get(page(live)))
    assert facts(browser.get(page(live, **{name: "1"}))) == whole


def test_a_dry_run_says_what_it_would_be_and_changes_nothing(live, browser):
    for at in range(30):
        signed(live, f"quetzal{at}", country="NO" if at < 24 else "DE", seconds=987)
    signed(live, "aside", country="NO", review="quarantined")
    tally.settle_all()
    answer = browser.get(page(live, country="NO"))
    assert facts(answer) == {
        "Found": "25",
        "Of these, count now": "24",
        "Share of all that count": "80.0%",
        "What is left without them": "6",
        "Can be removed": "25",
        "Can be set aside": "24",
        "Can be put back": "1",
        "One person alone may remove": "10",
    }
    shown = answer.content.decode()
    assert len(Html(answer).find("table:not([data-crowd]) tbody tr")) == 20
    assert "quetzal" not in shown and "@example.org" not in shown.replace("m@example.org", "")
    assert not Decision.objects.exists() and not LogEntry.objects.exists()


def test_from_an_alert_to_the_removal_of_what_it_is_about(client, live, browser, monkeypatch):
    monkeypatch.setattr(choosing, "AT_ONCE", 20)
    now = timezone.now()
    factories.signatures(live.petition, 60, signed_at=now - timedelta(days=2))
    for at in range(30):
        signed(live, f"fast{at}", signed_at=now, seconds=0)
    tally.settle_all()
    tasks.raise_alerts()
    alert = Alert.objects.get(kind="fast")
    link = next(
        link
        for link in Html(browser.get("/admin/petitions/alert/")).values("td.field-found a", "href")
        if "filled" in link
    )
    onward = Html(browser.get(link)).values("a[href*=choose]", "href")[0]
    looked = browser.get(onward)
    assert facts(looked)["Found"] == "30"
    form = form_of(looked, "form[data-what]") | {"what": "remove_automated"}
    asked = browser.post(onward.partition("?")[0], form)
    decision = Decision.objects.get()
    assert asked["Location"] == reverse("admin:petitions_decision_change", args=[decision.pk])
    assert decision.choice["filters"]["filled"] == "fast"
    tasks.carry_out()
    decision = Decision.objects.get()
    assert (decision.is_waiting, decision.number) == (True, 30)
    words = facts(browser.get(asked["Location"]))["Chosen"]
    assert "Time for the form: under 2 seconds, or unknown" in words
    assert told(client, live)[:2] == (90, 0)
    assert alert.petition == live.petition


@pytest.mark.parametrize("kind", Alert.Kind.values)
def test_every_alert_opens_the_list(live, browser, kind):
    detail = {"country": "NO", "domain": domains.label("x@example.org")[:8]}.get(kind, "1234abcd")
    Alert.objects.create(petition=live.petition, kind=kind, detail=detail, raised_at=NOON)
    (link,) = Html(browser.get("/admin/petitions/alert/")).values("td.field-found a", "href")
    assert browser.get(link).status_code == 200
    # Who could list the bearers of a name would know who has signed.
    assert "1234abcd" not in link


def test_the_alert_of_a_domain_finds_that_domain(live, browser):
    now = timezone.now()
    label = domains.label("x@a.example")
    for at in range(30):
        signed(live, f"a{at}", signed_at=now, domain=label)
        signed(live, f"b{at}", signed_at=now, domain=domains.label(f"x@b{at}.example"))
    alerts.raise_alerts(live.petition)
    Alert.objects.exclude(kind="domain").delete()
    (link,) = Html(browser.get("/admin/petitions/alert/")).values("td.field-found a", "href")
    looked = browser.get(Html(browser.get(link)).values("a[href*=choose]", "href")[0])
    assert facts(looked)["Found"] == "30"


def test_all_of_several_petitions_are_not_acted_on_at_once(live, browser):
    rows = [signed(live, "here"), factories.signature(factories.campaign().petition)]
    data = {"action": "remove_abuse", "_selected_action": [str(rows[0].pk)], "select_across": "1"}
    answer = browser.post("/admin/petitions/signature/", data, follow=True)
    assert "Please show the signatures of one petition first." in answer.content.decode()
    assert not Decision.objects.exists()


def test_pages_cost_the_same_for_thirty_and_for_three_thousand(live, browser):
    numbers = []
    for number in (30, 3_000):
        crowd(live, number, address_hash=f"sha256(('{number} ' || n)::bytea)")
        for place in (
            page(live, country="NO", filled="usual"),
            reverse("admin:petitions_signature_changelist", query={"petition__id__exact": live.petition.pk}),
        ):
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(place)
            assert answer.status_code == 200
            assert len(answer.content) < 150_000
            assert len(queries) < 25
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:]


def counted(browser, live, pattern, **more):
    return browser.post(page(live, "names"), {"pattern": pattern, "reason": "a tip", **more})


@pytest.mark.requirement("S11")
def test_a_pattern_of_names_is_counted_in_steps_for_a_reason_that_is_noted(live, browser, moderator):
    for at in range(7):
        signed(live, f"s{at}", name=f"Álvaro {at} Example")
    for at in range(4):
        signed(live, f"t{at}", name=f"Quetzal {at}")
    answer = counted(browser, live, "álvaro * EXAMPLE")
    assert Html(answer).texts("[data-counted]") == ["At least 5 signatures."]
    assert "no-store" in answer["Cache-Control"]
    for pattern in ("Quetzal*", "Nobody"):
        assert Html(counted(browser, live, pattern)).texts("[data-counted]") == ["Fewer than 5 signatures."]
    noted = LogEntry.objects.filter(user=moderator)
    assert [entry.get_change_message() for entry in noted] == ["Added name pattern “a tip”."] * 3
    assert not any("uetzal" in str(vars(entry)) for entry in noted)


@pytest.mark.requirement("S11")
def test_forms_that_nobody_confirmed_lead_to_no_name(live, browser):
    """Four of them with a person's name would tell whether that person has signed."""
    for at in range(4):
        signed(live, f"f{at}", name="Quetzal Doe", confirmed=False)
    signed(live, "q", name="Quetzal Doe")
    assert Html(counted(browser, live, "Quetzal Doe")).texts("[data-counted]") == ["Fewer than 5 signatures."]


@pytest.mark.requirement("S11")
@pytest.mark.parametrize("level", ["elevated", "high"])
def test_where_no_names_are_shown_none_are_counted(browser, level):
    campaign = factories.campaign(safety=level)
    assert counted(browser, campaign, "Quetzal*").status_code == 404
    assert page(campaign, "names") not in Html(browser.get(page(campaign))).values("a", "href")


@pytest.mark.requirement("S11")
def test_a_pattern_of_names_knows_no_other_condition_and_is_nothing_to_act_on(live, browser):
    for at in range(7):
        signed(live, f"s{at}", name=f"Quetzal {at}", country="NO" if at else "DE")
    alike = [counted(browser, live, "Quetzal*", **more) for more in ({}, {"country": "DE"}, {"what": "remove_abuse"})]
    assert {Html(answer).one("[data-counted]").text for answer in alike} == {"At least 5 signatures."}
    assert set(form_of(alike[0], "form[data-names]")) - {"csrfmiddlewaretoken"} == {"pattern", "reason"}
    assert facts(browser.get(page(live, pattern="Quetzal 1")))["Found"] == "7"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("pattern", "reason"), [("Q*", "a tip"), ("*", "a tip"), ("Que*a*b*c*d", "a tip"), ("Quetzal*", " ")]
)
def test_what_is_too_wide_or_without_a_reason_is_not_counted(live, browser, pattern, reason):
    answer = counted(browser, live, pattern, reason=reason)
    assert answer.status_code == 422 and errors_of(answer)
    assert not LogEntry.objects.exists()


@pytest.mark.requirement("S11")
def test_nobody_counts_names_all_day(live, browser):
    for _ in range(name_count.AN_HOUR_MOST):
        assert counted(browser, live, "Quetzal*").status_code == 200
    answer = counted(browser, live, "Quetzal*")
    assert answer.status_code == 429 and Html(answer).texts("[data-counted]") == []
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert counted(browser, live, "Quetzal*").status_code == 200
