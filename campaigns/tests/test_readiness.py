"""The checklist before a campaign goes live: each item, met and not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from actions import permitting
from actions.models import Endpoint, SampleTweet
from campaigns import readiness
from campaigns.models import Campaign, Status
from operations.models import Incident
from petitions import signing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return factories.campaign(status=Status.DRAFT, launched_at=None)


def checked(campaign):
    """{key: item}, read anew."""
    return {item.key: item for item in readiness.checklist(Campaign.objects.whole().get(pk=campaign.pk))}


def lacking(campaign):
    """(keys of what is required and not there, keys of what somebody has to wave through)"""
    items = checked(campaign).values()
    return [item.key for item in readiness.missing(items)], [item.key for item in readiness.doubts(items)]


def test_a_draft_with_everything(draft, settings):
    made = ["petition", "closing", "opening", "headline", "target", "samples", "x", "demands", "organiser", "contact"]
    assert list(checked(draft)) == [*made, "languages", "safety", "mail"]
    assert lacking(draft) == ([], ["samples", "x", "safety"])
    for number in range(19):
        SampleTweet.objects.create(action=draft.tweet_action, text=f"Another text {number} .@xmpl_ministry")
    settings.X_BEARER_TOKEN = "key"
    Campaign.objects.update(safety="high")
    assert lacking(draft) == ([], ["terms"])
    permitting.state(draft.tweet_action, "Sam Example", "")
    assert lacking(draft) == ([], [])


def test_an_empty_campaign():
    empty = Campaign.objects.create(slug="empty", headline="Empty", goal_statement="x", organiser=" ")
    assert lacking(empty) == (["petition", "demands", "organiser"], ["action", "safety"])


@pytest.mark.requirement("A29")
@pytest.mark.parametrize(
    ("model", "fields", "key"),
    [
        ("petition", {"title": " "}, "petition"),
        ("petition", {"text": "\n"}, "petition"),
        ("tweet_action", {"target": None}, "target"),
        ("target", {"name": "", "x_handle": ""}, "target"),
        ("target", {"reason": " "}, "target"),
        ("tweet_action", {"hashtag_from": timezone.now() + timedelta(days=1)}, "headline"),
    ],
)
def test_what_it_can_not_do_without(draft, model, fields, key):
    thing = getattr(draft, model)
    type(thing).objects.filter(pk=thing.pk).update(**fields)
    assert lacking(draft)[0] == [key]
    assert checked(draft)[key].advice


def test_a_petition_that_closed_meanwhile(draft):
    draft.petition.closes_at = timezone.now() + timedelta(hours=1)
    draft.petition.save()
    assert lacking(draft)[0] == []
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert lacking(draft)[0] == ["closing"]


def test_the_headline_has_the_handle_by_then(draft):
    Campaign.objects.update(headline="Publish it! #OpenTheRiverReport")
    assert lacking(draft)[0] == ["headline"]
    assert "handle" in checked(draft)["headline"].advice


def test_without_a_text_nobody_can_post(draft):
    SampleTweet.objects.all().delete()
    assert lacking(draft) == (["samples"], ["x", "safety"])


def test_without_an_address_nobody_can_be_asked(draft, settings):
    settings.CONTACT = ""
    assert lacking(draft)[0] == ["contact"]


def test_what_should_be_known(draft, settings):
    settings.X_BEARER_TOKEN = "key"
    assert lacking(draft)[1] == ["samples", "terms", "safety"]
    Endpoint.objects.create(name="counts", reason="AuthRevoked: 401")
    Incident.objects.create(name="confirmations", began_at=timezone.now())
    draft.petition.opens_at = timezone.now() + timedelta(days=1)
    draft.petition.save()
    draft.translations.create(language="es", headline="Publiquen el informe, .@xmpl_ministry")
    assert lacking(draft)[1] == ["opening", "samples", "x", "terms", "languages", "safety", "mail"]
    assert "es 1/" in checked(draft)["languages"].advice
    Incident.objects.update(over_at=timezone.now())
    assert "mail" not in lacking(draft)[1]


def test_what_was_public_is_asked_less_when_it_is_opened_again(live):
    Campaign.objects.update(status=Status.CLOSED, petition=None)
    assert list(checked(live)) == ["headline", "contact", "mail"]
    assert lacking(live) == ([], [])


def test_who_was_forgotten_could_sign_twice(live):
    factories.signature(live.petition)
    signing.blank(live.petition.signatures.all())
    Campaign.objects.update(status=Status.CLOSED)
    assert lacking(live)[0] == ["status"]
