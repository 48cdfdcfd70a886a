"""What must hold when others fail. Tests are marked with their requirement (docs/safety.md)."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from actions import budget, tasks
from actions.models import Endpoint, TrackingQuery, Tweet
from tests.factories import typed

pytestmark = pytest.mark.django_db
TEXT = "Publish it .@xmpl_ministry #OpenTheRiverReport"
EVERYTHING = [
    "/2/tweets/counts/recent",
    "/2/tweets/search/recent",
    "/2/tweets",
    "/2/users/{id}/tweets",
    "/2/users/by/username/{username}",
]
ALL = (tasks.poll_volume, tasks.collect_posts, tasks.collect_replies, tasks.look_after_posts)


@pytest.fixture
def tracked(live, simulator, settings):
    settings.X_TIMEOUT, settings.X_POLL_SECONDS = 0.5, 1
    live.tweet_action.is_tracking = True
    live.tweet_action.save()
    TrackingQuery.objects.update(since=timezone.now() - timedelta(hours=2))
    simulator.add_user("xmpl_ministry", id="4711")
    for minutes in (5, 65):
        simulator.add_post("ana", f"{TEXT} {minutes}", at=timezone.now() - timedelta(minutes=minutes))
    for task in ALL:
        task()
    return live


@pytest.mark.requirement("F4")
@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("stall", {"seconds": 3}),
        ("reset", {}),
        ("html_503", {}),
        ("redirect", {}),
        ("credits_depleted", {}),
        ("usage_capped", {}),
        ("unauthorized", {}),
        ("rate_limited", {"reset": "missing"}),
        ("null_data", {}),
        ("truncated_json", {}),
        ("json_list_5xx", {}),
    ],
)
def test_x_gone_out_of_money_or_lying_leaves_the_site_as_it_is(client, tracked, simulator, fault, options):
    before = client.get(f"/c/{tracked.slug}/progress.json").json()["tweets"]
    assert before["matching"] == 2
    for name in ("ana", "xmpl_ministry"):
        simulator.add_post(name, f"{TEXT} meanwhile", at=timezone.now() - timedelta(seconds=45))
    for route in EVERYTHING:
        simulator.faults.add(route=route, fault=fault, times=100, **options)
    started = time.monotonic()
    for task in ALL * 2:
        task()
    assert time.monotonic() - started < 5
    asked = len(simulator.requests)
    for task in ALL:
        task()
    assert len(simulator.requests) == asked, "no request while blocked"
    assert Endpoint.objects.filter(blocked_until__gt=timezone.now()).exists()
    for page in ("", "progress/", "act/", "wall/", "updates/"):
        assert client.get(f"/c/{tracked.slug}/{page}").status_code == 200
    assert client.post(f"/c/{tracked.slug}/sign/", typed()).status_code == 303
    assert client.post(f"/c/{tracked.slug}/act/go/x/", {"text": "x"}).status_code == 303
    after = client.get(f"/c/{tracked.slug}/progress.json").json()["tweets"]
    assert (after["matching"], after["matching_as_of"]) == (before["matching"], before["matching_as_of"])
    assert "As of" in client.get(f"/c/{tracked.slug}/progress/").content.decode()
    assert Tweet.objects.count() == 2


@pytest.mark.requirement("F4")
def test_without_money_everything_but_the_number_goes_on(client, tracked, simulator):
    tracked.tweet_action.budget = 0
    tracked.tweet_action.save()
    asked = len(simulator.requests)
    for task in ALL:
        task()
    assert len(simulator.requests) == asked
    assert budget.given_up(tracked.tweet_action)
    assert client.get(f"/c/{tracked.slug}/progress.json").json()["tweets"]["matching"] == 2
