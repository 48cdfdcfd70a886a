from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.models import SampleTweet, Target, TrackingQuery, Tweet, Volume
from tests import factories

pytestmark = pytest.mark.django_db


def refused(create, **fields):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        create(**fields)
    return str(caught.value)


def test_a_target_has_a_reason_and_is_no_private_person():
    fields = {"name": "x", "x_handle": "x", "reason": "y"}
    assert "target_has_a_reason" in refused(Target.objects.create, **fields | {"reason": ""})
    assert "target_kind_is_known" in refused(Target.objects.create, **fields, kind="person")


def test_versions_of_a_query_are_numbered_and_one_is_in_force():
    action = factories.tweet_action()
    assert "one_query_per_version" in refused(
        TrackingQuery.objects.create, action=action, version=1, query="x", until=timezone.now()
    )
    assert "one_query_in_force" in refused(TrackingQuery.objects.create, action=action, version=2, query="x")


def test_a_bucket_is_there_once_and_has_a_length():
    query, now = factories.tweet_action().queries.get(), timezone.now()
    fields = {"query": query, "start": now, "end": now + timedelta(hours=1), "posts": 1, "fetched_at": now}
    Volume.objects.create(**fields)
    assert "one_volume_per_bucket" in refused(Volume.objects.create, **fields)
    assert "bucket_ends_after_its_start" in refused(
        Volume.objects.create, **fields | {"start": now + timedelta(hours=2)}
    )


def test_a_post_is_there_once():
    fields = {
        "action": factories.tweet_action(),
        "post_id": 1,
        "root_id": 1,
        "kind": "matching",
        "text": "x",
        "posted_at": timezone.now(),
    }
    Tweet.objects.create(**fields)
    assert "one_row_per_post" in refused(Tweet.objects.create, **fields | {"post_id": 2})
    assert "tweet_kind_is_known" in refused(Tweet.objects.create, **fields | {"root_id": 2, "kind": "x"})


def test_no_two_samples_say_the_same():
    action = factories.tweet_action()
    text = action.samples.get().text
    assert "one_sample_per_text" in refused(SampleTweet.objects.create, action=action, text=text)
