"""Who runs a petition or a tweet action: a campaign, or nobody."""

import zoneinfo

import pytest
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

from actions.models import Target
from campaigns.models import Campaign
from core import owners
from core.privacy.safety import POLICIES, SafetyLevel
from petitions.models import Petition, Signature
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_petition_and_a_tweet_action_know_their_campaign():
    campaign = factories.campaign(safety=SafetyLevel.HIGH, time_zone="Asia/Tokyo", language="fr")
    assert campaign.petition.owner == owners.owner_of(campaign.tweet_action) == campaign
    assert campaign.petition.policy == POLICIES[SafetyLevel.HIGH]
    assert campaign.petition.zone == zoneinfo.ZoneInfo("Asia/Tokyo")
    assert campaign.petition.written_in == campaign.tweet_action.written_in == "fr"


def test_without_one_the_documented_default_holds(settings):
    settings.TIME_ZONE, settings.LANGUAGE_CODE = "Europe/Madrid", "es"
    petition, action = factories.petition(), factories.tweet_action()
    assert petition.owner is owners.owner_of(action) is owners.ALONE
    assert petition.policy == POLICIES[SafetyLevel.STANDARD]
    assert petition.zone == zoneinfo.ZoneInfo("Europe/Madrid")
    assert petition.written_in == action.written_in == "es"
    assert petition.owner.get_absolute_url() == petition.owner.after_signing_url() == ""


def test_before_it_is_saved_nobody_runs_it():
    assert Petition(title="New").owner is owners.ALONE


@isolate_apps("core")
def test_whatever_has_an_owner_gets_no_other_one():
    class Stranger(models.Model):  # noqa: DJ008
        petition = models.OneToOneField(Petition, models.CASCADE, related_name="+")

        class Meta:
            app_label = "core"

    owners.register(Campaign, "petition")
    with pytest.raises(ValueError, match="Petition has an owner already: campaign"):
        owners.register(Stranger, "petition")
    assert factories.campaign().petition.owner.get_absolute_url()


def test_each_row_is_under_one_level_whether_it_has_an_owner_or_not():
    expected = {level: {factories.campaign(safety=level).petition} for level in SafetyLevel}
    expected[SafetyLevel.STANDARD].add(factories.petition())
    for petition in Petition.objects.all():
        factories.signature(petition)
    for level, petitions in expected.items():
        assert set(Petition.objects.filter(owners.at_level(Petition, level))) == petitions
        found = Signature.objects.filter(owners.at_level(Petition, level, "petition"))
        assert {row.petition for row in found} == petitions


def test_of_models_that_nobody_runs_all_rows_are_under_the_standard_level():
    target = factories.target()
    for level, found in ((SafetyLevel.STANDARD, [target]), (SafetyLevel.HIGH, [])):
        assert list(Target.objects.filter(owners.at_level(Target, level))) == found
        assert list(Target.objects.filter(owners.at_level(Target, level) | Q(name="Nobody"))) == found


def test_rows_are_fetched_with_their_owner(django_assert_num_queries):
    for petition in (factories.campaign().petition, factories.petition()):
        factories.signature(petition)
    for rows, get in (
        (owners.with_owner(Petition.objects.all()), lambda row: row),
        (owners.with_owner(Signature.objects.all(), "petition"), lambda row: row.petition),
    ):
        with django_assert_num_queries(1):
            known = [(get(row).policy, get(row).zone, get(row).written_in) for row in rows]
        assert len(known) == 2
    with django_assert_num_queries(1):
        assert len(owners.with_owner(Target.objects.all())) == 1
