"""From a sample to a post that is tracked, in scripts whose words have marks, and from right to left."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from actions import tasks
from actions.models import SampleTweet, TrackingQuery, Tweet
from tests import factories
from tests.html import Html

pytestmark = pytest.mark.django_db
JOURNEYS = [
    ("/ar", "افتحوا_تقرير_النهر", "انشروا التقرير كاملًا، فالناس ينتظرون"),
    ("/ar", "اِفْتَحُوا_التَّقْرِير", "نطالب بنشر التقرير اليوم"),
    ("", "नदी_बचाओ", "रिपोर्ट प्रकाशित कीजिए"),
]


@pytest.mark.parametrize(("prefix", "hashtag", "words"), JOURNEYS)
def test_from_a_sample_to_a_tracked_post(client, simulator, settings, prefix, hashtag, words):
    settings.X_POSTS_PER_DAY, settings.X_POLL_SECONDS = 1_000, 1
    action = factories.tweet_action(samples=0, hashtag=hashtag, is_tracking=True)
    SampleTweet.objects.create(action=action, text=f"{words} .@xmpl_ministry #{hashtag}")
    now = datetime.now(UTC)
    TrackingQuery.objects.update(since=now - timedelta(hours=2))
    live = factories.campaign(tweet_action=action)

    page = client.get(f"{prefix}/c/{live.slug}/act/")
    shown = Html(page).fields("form[method=post]")
    assert f"#{hashtag}" in shown["text"]
    opened = client.post(f"{prefix}/c/{live.slug}/act/go/x/", shown)
    assert opened.status_code == 303
    (text,) = parse_qs(urlsplit(opened["Location"]).query)["text"]
    assert words in text

    simulator.add_post("ana", text, at=now - timedelta(minutes=5))
    simulator.add_post("ben", words, at=now - timedelta(minutes=5))
    tasks.poll_volume()
    tasks.collect_posts()
    assert list(Tweet.objects.values_list("kind", "text")) == [("matching", text)]
    figures = client.get(f"{prefix}/c/{live.slug}/progress.json").json()
    assert figures["tweets"]["matching"] == 1
