"""20,000 forged signatures among 5,000 real ones, and a moderator who knows of them only what the admin shows."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from petitions import recount, tally, tasks
from petitions.models import Alert, Decision, Job, Signature
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

    def ticks(self, answer, kind):
        """The crowds that are no people's, by what this page tells of each: they take no time, or never sleep."""
        shown = Html(answer).find(f"table[data-crowd={kind}] tbody tr")
        crowds = {row.one("input")["value"]: [cell.text.rstrip("%") for cell in row.find("td")] for row in shown}
        made = [mark for mark, (_, _, usual, night, *_) in crowds.items() if int(usual) < 60 or int(night) >= 15]
        assert made, "without any it would be about all that was found"
        form = form_of(answer, "form[data-crowds]")
        return self.finds(
            **{name: value for name, value in form.items() if name not in ("domains", "addresses")}, **{kind: made}
        )


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
        said = client.get(f"/c/{campaign.slug}/progress.json").json()["signatures"]
    out = set(Signature.objects.exclude(review="none").values_list("pk", flat=True))
    assert out & real == set()
    assert len(forged - out) < len(forged) / 100
    # Two for the alert, three for each of five decisions; two of the second person for each of them; two to put back the rest.
    assert (one.steps, two.steps) == (19, 10)
    counting = Signature.objects.filter(pk__in=real, counts=True).count()
    assert counting <= said["confirmed"] < counting + 200
    assert recount.differences() == []
    assert Alert.objects.exists()


def defend(one):
    """What was bought; what was thrown away and comes from many a form's address; what was farmed, day by day."""
    asked = [one.asks(one.ticks(one.finds(sort="own"), "domains"), "remove_automated")]
    for day in (FIRST, SECOND):
        asked.append(
            one.asks(one.ticks(one.finds(sort="disposable", clients="10", **day), "domains"), "remove_automated")
        )
        asked.append(one.asks(one.ticks(one.finds(sort="provider", **day), "addresses"), "remove_automated"))
    return asked
