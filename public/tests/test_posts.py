"""The tweet step with several targets, a hashtag that is kept back, pasted links, the wall; and all of it without X."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from actions import linking, opening
from actions.models import Contamination, Endpoint, LinkedPost, Opening, SampleTweet, Volume
from actions.x.ids import id_at
from tests import factories
from tests.html import form_of

pytestmark = pytest.mark.django_db
PAGES = ["", "progress/", "progress.json", "updates/", "act/", "wall/", "check-mail/", "feed.atom", "action.ics"]


@pytest.fixture
def two(live):
    council = factories.target(name="Council", x_handle="xmpl_council")
    live.tweet_action.more_targets.add(council)
    live.tweet_action.samples.all().delete()
    SampleTweet.objects.create(action=live.tweet_action, text="Do it, .{target} #OpenTheRiverReport")
    return live


def test_targets_take_turns_and_openings_are_counted_for_each(client, two):
    ministry, council = two.tweet_action.targets
    page = client.get(f"/c/{two.slug}/act/?after={ministry.pk}").content.decode()
    assert "Do it, @xmpl_council" in page
    assert "Now say it to <bdi>@xmpl_council</bdi>" in page
    assert form_of(page)["target"] == str(council.pk)
    for target, number in ((ministry, 2), (council, 3)):
        for index in range(number):
            client.post(
                f"/c/{two.slug}/act/go/x/",
                {"text": "x", "target": target.pk, "sample": two.tweet_action.samples.get().pk},
                REMOTE_ADDR=f"203.0.113.{target.pk % 90 * 2 + index}",
            )
    opening.settle()
    assert opening.opened_by_target(two.tweet_action) == {ministry.pk: 2, council.pk: 3}
    assert opening.opened(two.tweet_action) == 5
    page = client.get(f"/c/{two.slug}/progress/").content.decode()
    assert "Opened, by target" in page


def test_a_target_of_somebody_else_is_not_believed(client, two):
    other = factories.target(x_handle="other")
    client.post(f"/c/{two.slug}/act/go/x/", {"text": "x", "target": other.pk})
    assert Opening.objects.get().target == two.target


def test_a_hashtag_is_kept_back_everywhere_until_its_moment(client, live):
    live.headline = "Publish it, .@xmpl_ministry!"
    live.save()
    live.tweet_action.hashtag_from = timezone.now() + timedelta(hours=1)
    live.tweet_action.save()
    factories.day_of_action(live)
    query = live.tweet_action.queries.get()
    Volume.objects.create(
        query=query, start=query.since, end=query.since + timedelta(hours=1), posts=4, fetched_at=timezone.now()
    )
    for page in PAGES:
        assert "OpenTheRiverReport" not in client.get(f"/c/{live.slug}/{page}").content.decode(), page
    assert "OpenTheRiverReport" not in client.get("/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert "OpenTheRiverReport" in client.get(f"/c/{live.slug}/act/").content.decode()


def link(client, live, text):
    return client.post(f"/c/{live.slug}/act/link/", {"link": text})


def test_a_pasted_link_is_counted_and_thanked_for(client, live):
    number = id_at(timezone.now() - timedelta(minutes=5))
    response = link(client, live, f"https://x.com/ana/status/{number}?s=20")
    assert (response.status_code, response.url) == (303, f"/c/{live.slug}/act/?linked=1#link")
    assert "Thank you. We will check it" in client.get(response.url).content.decode()
    link(client, live, f"https://twitter.com/ana/status/{number}")
    figures = client.get(f"/c/{live.slug}/progress.json").json()["tweets"]
    assert (figures["linked"], figures["verified"]) == (1, 0)
    linking.by_staff(LinkedPost.objects.get(), verified=True)
    figures = client.get(f"/c/{live.slug}/progress.json").json()["tweets"]
    assert (figures["linked"], figures["verified"], figures["opened"]) == (1, 1, 0)


def test_a_link_says_which_sample_stood_there(client, live):
    sample, other = (
        live.tweet_action.samples.get(),
        factories.tweet_action(samples=0).samples.create(text="Another one"),
    )
    for place, named in enumerate((sample.pk, other.pk, "x", "")):
        number = id_at(timezone.now() - timedelta(minutes=5)) + place
        sent = {"link": f"https://x.com/ana/status/{number}", "sample": named, "text": "My own words"}
        assert client.post(f"/c/{live.slug}/act/link/", sent).status_code == 303
    assert list(LinkedPost.objects.order_by("post_id").values_list("sample", flat=True)) == [
        sample.pk,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("text", ["", "ana", "https://evil.example/ana/status/1", "https://x.com/ana", "x" * 301])
def test_what_is_no_link_is_said_at_the_field_and_kept(client, live, text):
    response = link(client, live, text)
    assert response.status_code == 422
    assert (
        "not the link of a post" in response.content.decode()
        or "paste the link" in response.content.decode()
        or "300" in response.content.decode()
    )
    assert f'value="{text}"' in response.content.decode() or not text
    assert LinkedPost.objects.count() == 0


def test_where_it_is_dangerous_nobody_is_asked_to_show_a_post(client):
    live = factories.campaign(safety="high")
    assert "I have posted it" not in client.get(f"/c/{live.slug}/act/").content.decode()
    assert link(client, live, f"https://x.com/a/status/{id_at(timezone.now())}").status_code == 409
    assert LinkedPost.objects.count() == 0


def test_a_flood_of_links_is_slowed_down_and_what_was_pasted_is_kept(client, live, one_minute):
    answers = [link(client, live, f"https://x.com/a/status/{id_at(timezone.now()) - number}") for number in range(22)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429] * 2
    page = answers[-1].content.decode()
    assert answers[-1].headers["Retry-After"] == "60"
    assert "Yours is still here: please press the button again in a minute." in page
    assert 'value="https://x.com/a/status/' in page


def test_the_wall_shows_chosen_posts_as_they_are_and_nothing_else(client, live):
    shown = factories.tweet(live.tweet_action, text="Read <this> .@xmpl_ministry")
    factories.tweet(live.tweet_action, text="Not chosen", review="none", checked_at=None)
    factories.tweet(live.tweet_action, text="Not found yet", checked_at=None)
    factories.tweet(live.tweet_action, text="Long ago", checked_at=timezone.now() - timedelta(hours=49))
    factories.tweet(factories.tweet_action(target=live.target), text="Elsewhere")
    for page in ("wall/", ""):
        text = client.get(f"/c/{live.slug}/{page}").content.decode()
        assert 'Read &lt;this&gt; <wbr><bdi dir="ltr">.@xmpl_ministry</bdi>' in text
        assert f'href="https://x.com/ana/status/{shown.post_id}"' in text
        for words in ("Not chosen", "Not found yet", "Long ago", "Elsewhere"):
            assert words not in text


def test_a_contaminated_span_is_told_with_reason_and_date(client, live):
    query, hour = live.tweet_action.queries.get(), timezone.now().replace(minute=0, second=0, microsecond=0)
    for index, posts in enumerate((5, 70)):
        start = hour - timedelta(hours=index + 1)
        Volume.objects.create(
            query=query, start=start, end=start + timedelta(hours=1), posts=posts, fetched_at=timezone.now()
        )
    Contamination.objects.create(
        action=live.tweet_action, start=hour - timedelta(hours=2), end=hour - timedelta(hours=1), reason="A troll farm."
    )
    page = client.get(f"/c/{live.slug}/progress/").content.decode()
    assert "Left out of “matching”: 70 posts" in page
    assert "A troll farm." in page
    assert client.get(f"/c/{live.slug}/progress.json").json()["tweets"]["matching"] == 5


@pytest.mark.parametrize("page", PAGES)
def test_without_keys_every_page_works(client, live, page):
    factories.day_of_action(live)
    assert client.get(f"/c/{live.slug}/{page}").status_code == 200


def test_without_keys_the_pages_say_so(client, live):
    for page in ("", "progress/"):
        assert "X is not connected, or has not answered yet." in client.get(f"/c/{live.slug}/{page}").content.decode()


def test_keys_that_are_revoked_in_mid_run_are_told_within_one_poll(client, live, simulator, settings):
    from actions import tasks

    settings.X_POLL_SECONDS = 1
    live.tweet_action.is_tracking = True
    live.tweet_action.save()
    live.tweet_action.queries.update(since=timezone.now() - timedelta(hours=2))
    simulator.add_post("ana", "Now .@xmpl_ministry #OpenTheRiverReport", at=timezone.now() - timedelta(minutes=30))
    tasks.poll_volume()
    assert "not connected" not in client.get(f"/c/{live.slug}/").content.decode()
    simulator.bearer = "another"
    tasks.poll_volume()
    page = client.get(f"/c/{live.slug}/").content.decode()
    assert "X is not connected now: this is its last count." in page
    assert client.get(f"/c/{live.slug}/progress.json").json()["tweets"]["matching"] == 1
    simulator.bearer = "test-bearer"
    Endpoint.objects.update(blocked_until=None)
    tasks.poll_volume()
    assert "not connected" not in client.get(f"/c/{live.slug}/").content.decode()


@pytest.mark.requirement("A27")
def test_how_many_were_not_looked_up_is_said_wherever_linked_is_shown(client, live, admin):
    number = id_at(timezone.now())
    for offset in range(3):
        linking.link(live.tweet_action, number - offset)
    linking.by_staff(LinkedPost.objects.first(), verified=True)
    said = "2 not checked yet"
    assert said in client.get(f"/c/{live.slug}/progress/").content.decode()
    assert said in client.get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig")
    assert said in admin.get(f"/admin/campaigns/campaign/{live.pk}/change/").content.decode()
    LinkedPost.objects.filter(verified_at=None).update(note="not found at X")
    assert said not in client.get(f"/c/{live.slug}/progress/").content.decode()
    assert client.get(f"/c/{live.slug}/progress.json").json()["tweets"]["linked"] == 1


@pytest.mark.requirement("A27")
def test_one_client_opens_once_a_minute_whatever_it_says(client, live, one_minute):
    from actions.models import Opening, SampleTweet

    for number in range(5):
        SampleTweet.objects.create(action=live.tweet_action, text=f"Another {number} .@xmpl_ministry")
    for sample in live.tweet_action.samples.all():
        for network in ("x", "bluesky", "threads", "whatsapp", "mail", "copy"):
            client.post(f"/c/{live.slug}/act/go/{network}/", {"text": "My words", "sample": sample.pk})
    assert Opening.objects.count() == 1
