"""20,000 forged signatures among 5,000 real ones, and a moderator who knows of them only what the admin shows."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from core.crypto import tokens
from petitions import recount, tally, tasks
from petitions.models import Alert, Decision, Job, LinkRequest, SecondLook, Signature
from tests import attack, factories
from tests.html import Html, form_of
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
FIRST = {"since": "2026-03-09T00:00", "until": "2026-03-10T00:00"}
SECOND = {"since": "2026-03-10T00:00", "until": "2026-03-11T00:00"}


class Moderator:
    """Looks and presses; `steps`: the pages opened and the buttons pressed."""

    def __init__(self, name, campaign):
        self.name, self.campaign, self.steps = name, campaign, 0
        self.user = make_staff(f"{name}@example.org", superuser=False, groups=[Group.objects.get(name="moderator")])

    def comes(self):
        self.browser = logged_in(self.user)

    def opens(self, place, **query):
        self.steps += 1
        answer = self.browser.get(place, query)
        assert answer.status_code == 200, (place, answer.status_code)
        return answer

    def presses(self, place, **form):
        self.steps += 1
        answer = self.browser.post(place, form)
        assert answer.status_code == 302, (place, answer.status_code)
        return answer["Location"]

    def finds(self, **conditions):
        """The page of these conditions."""
        return self.opens(reverse("admin:petitions_petition_choose", args=[self.campaign.petition.pk]), **conditions)

    def asks(self, answer, what):
        """For something to become of all that this page tells of."""
        place = self.presses(answer.wsgi_request.path, **form_of(answer, "form[data-what]") | {"what": what})
        return Decision.objects.get(pk=place.split("/")[-3])

    def ticks(self, answer, kind, wanted, also=()):
        """The crowds that are so, by what this page tells of each, and those known from before."""
        form = form_of(answer, "form[data-crowds]")
        besides = {name: value for name, value in form.items() if name not in ("domains", "addresses")}
        return self.finds(**besides, **{kind: [*marks(answer, kind, wanted), *also]})


def marks(answer, kind, wanted):
    shown = Html(answer).find(f"table[data-crowd={kind}] tbody tr")
    crowds = {row.one("input")["value"]: [cell.text.rstrip("%") for cell in row.find("td")] for row in shown}
    found = [
        mark for mark, (_, _, usual, night, others, _) in crowds.items() if wanted(int(usual), int(night), int(others))
    ]
    assert found, "without any it would be about all that was found"
    return found


def hasty(usual, night, others):
    return usual < 60


def people(usual, night, others):
    return not hasty(usual, night, others)


def made(usual, night, others):
    """Machines take no time, or never sleep. Of a day alone the night says little."""
    return hasty(usual, night, others) or night >= 15


def rented(usual, night, others):
    """People of one domain are a crowd behind one address or a few."""
    return others >= 50


def goes_on():
    """The workers, until nothing is left to do."""
    while Job.objects.under_way().exists():
        tasks.carry_out()
    tasks.tally()


def test_every_real_one_stands_in_the_end_and_hardly_a_fake(client):
    petition = factories.petition(opens_at=attack.OPENED)
    campaign = factories.campaign(petition=petition, launched_at=attack.OPENED)
    with time_machine.travel(NOON):
        forged, real = attack.make(campaign.petition, 20_000, 5_000)
        tally.settle_all()
        tasks.raise_alerts()
        one, two = Moderator("one", campaign), Moderator("two", campaign)
        one.comes()
        one.opens(Html(one.opens("/admin/petitions/alert/")).values("td.field-found a", "href")[0])
        asked = defend(one)
        assert Signature.objects.filter(review="removed").count() == 0
        goes_on()
    with time_machine.travel(NOON + timedelta(hours=25)):
        two.comes()
        for decision in asked:
            place = reverse("admin:petitions_decision_change", args=[decision.pk])
            two.opens(place)
            two.presses(place, verb="approve")
            goes_on()
        one.comes()
        left = one.finds(sort="disposable", review__exact="quarantined")
        one.asks(left, "restore")
        goes_on()
        # Two for the alert, four for what was bought, eight for each day, two to put back the rest. Then two for each of five decisions.
        assert (one.steps, two.steps) == (24, 10)
        mistaken = out() & real
        # Throw-away mail of a domain, and a home's address, that the attack uses too: before they ask, nothing tells them from it.
        assert 0 < len(mistaken) < 5
        ask_again(client, forged, mistaken)
    with time_machine.travel(NOON + timedelta(hours=26)):
        looks_again(one)
        goes_on()
        said = client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]
    assert not SecondLook.objects.waiting().exists()
    assert out() & real == set()
    # Those made by hand are among them.
    assert 0 < len(forged - out()) < len(forged) / 100
    # One for the desk, two for each of two pages of those who say what nobody else says, one to see that no third follows, and two
    # for all others.
    assert one.steps == 24 + 8
    counting = Signature.objects.filter(pk__in=real, counts=True).count()
    assert counting <= said["confirmed"] < counting + 200
    assert recount.differences() == []
    assert Alert.objects.exists()


def out():
    return set(Signature.objects.exclude(review="none").values_list("pk", flat=True))


def ask_again(client, forged, mistaken):
    """On their own pages, all who were taken out by mistake, in their own words; and two hundred others whose mailboxes are real."""
    chance, confirmed = Random(1), Signature.objects.filter(confirmed_at__isnull=False)
    for row in Signature.objects.filter(pk__in=mistaken):
        page = own_page(row)
        if not row.confirmed_at:
            place = f"{page}{row.pk}/confirm/"
            client.post(place, form_of(client.get(place), "form[method=post]"))
        form = Html(client.get(page)).one("form[action$='/second-look/']")
        assert client.post(form["action"], {"words": attack.words_of_a_person(chance)}).status_code == 303
    rows = list(confirmed.filter(pk__in=out() & forged, review="removed").order_by("pk"))
    for row, words in zip(chance.sample(rows, 200), attack.words_of_forged(chance, 200), strict=True):
        assert client.post(f"{own_page(row)}{row.pk}/second-look/", {"words": words}).status_code == 303
    assert SecondLook.objects.waiting().count() == 200 + len(mistaken)


def own_page(row):
    """The address that its owner gets by mail."""
    asked = LinkRequest.objects.create(email=row.email, mailed_at=timezone.now())
    return f"/my/{tokens.make('my', asked.pk)}/"


def looks_again(one):
    """Counts again whoever says something of their own, page by page; what is left is a crowd."""
    one.comes()
    place = Html(one.opens("/admin/")).values("a[href*='/petitions/secondlook/?']", "href")[0]
    while chosen := Html(page := one.opens(place)).values(".action-select", "value"):
        one.presses(page.wsgi_request.get_full_path(), action="count_again", _selected_action=chosen)
    crowd = one.opens(place, state="alike")
    first = Html(crowd).values(".action-select", "value")[0]
    form = {"action": "keep_automated", "_selected_action": first, "select_across": "1"}
    one.presses(crowd.wsgi_request.get_full_path(), **form)


def defend(one):
    """What was bought; day by day what was farmed, and what was thrown away but for what comes from people's addresses."""
    crowded = one.finds(sort="own", clients="10", **SECOND)
    bought = one.ticks(one.finds(sort="own"), "domains", made, marks(crowded, "domains", rented))
    asked = [one.asks(bought, "remove_automated")]
    for day in (FIRST, SECOND):
        farmed = one.finds(sort="provider", **day)
        asked.append(one.asks(one.ticks(farmed, "addresses", hasty), "remove_automated"))
        one.asks(one.finds(sort="disposable", addresses=marks(farmed, "addresses", people), **day), "restore")
        thrown = one.finds(sort="disposable", clients="10", review__exact="quarantined", **day)
        asked.append(one.asks(one.ticks(thrown, "domains", rented), "remove_automated"))
    return asked
