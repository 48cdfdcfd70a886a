from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import status
from campaigns.models import Campaign, Demand, Outcome, Response, Status
from tests import factories

pytestmark = pytest.mark.django_db


def test_going_live_starts_the_clock_and_the_tracking():
    action = factories.tweet_action()
    action.queries.all().delete()
    campaign = factories.campaign(launched_at=None, tweet_action=action)
    status.apply(campaign)
    status.apply(campaign)
    action.refresh_from_db()
    assert campaign.launched_at
    assert action.is_tracking
    assert action.query == "#OpenTheRiverReport @xmpl_ministry -is:retweet"
    assert action.queries.count() == 1


@pytest.mark.parametrize("end", [Status.CLOSED, Status.ARCHIVED])
def test_closing_ends_signing_and_tracking(end):
    campaign = factories.campaign()
    status.apply(campaign)
    campaign.status = end
    campaign.save()
    status.apply(campaign)
    campaign.petition.refresh_from_db()
    campaign.tweet_action.refresh_from_db()
    closed = campaign.petition.closes_at
    assert closed <= timezone.now()
    assert not campaign.tweet_action.is_tracking
    status.apply(campaign)
    campaign.petition.refresh_from_db()
    assert campaign.petition.closes_at == closed


def test_a_response_moves_its_demand(live):
    demand = live.demands.get()
    live.time_zone = "Asia/Tokyo"
    live.save()
    said = datetime(2026, 6, 15, 20, tzinfo=UTC)
    fields = {"campaign": live, "speaker": "Minister", "where": "x", "words": "x", "said_at": said}
    response = Response.objects.create(**fields, demand=demand, outcome=Outcome.PROMISED)
    status.move_demand(response)
    status.move_demand(response)
    demand.refresh_from_db()
    assert (demand.outcome, demand.since.isoformat()) == ("promised", "2026-06-16")
    assert demand.history.count() == 2


def test_a_response_that_moves_nothing(live):
    response = Response.objects.create(campaign=live, speaker="Minister", where="x", words="x")
    status.move_demand(response)
    assert live.demands.get().outcome == "open"


def test_a_response_moves_to_an_outcome_or_not_at_all(live):
    for fields in ({"outcome": "met"}, {"demand": live.demands.get()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.create(campaign=live, speaker="x", where="x", words="x", **fields)


def test_a_response_moves_demands_of_its_own_campaign(live):
    other = factories.campaign(tweet_action=None).demands.get()
    with pytest.raises(ValidationError):
        Response(campaign=live, speaker="x", where="x", words="x", demand=other, outcome="met").full_clean()


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"headline": "a" * 281}, "headline"),
        ({"headline": "@xmpl_ministry now"}, "headline"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"signature_goal": 0}, "signature_goal"),
        ({"slug": "two words"}, "slug"),
    ],
)
def test_what_staff_get_wrong_is_said_at_the_field(live, fields, at):
    for name, value in fields.items():
        setattr(live, name, value)
    with pytest.raises(ValidationError) as caught:
        live.full_clean()
    assert at in caught.value.message_dict


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Campaign, {"status": "won"}),
        (Campaign, {"signature_goal": 0}),
        (Demand, {"outcome": "won"}),
    ],
)
def test_the_database_refuses_it_too(live, model, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**fields)
