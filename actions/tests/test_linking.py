"""*Linked* and *verified*: what is taken for a link, and what verifies it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions import budget, linking, tasks
from actions.models import LinkedPost, Tweet
from actions.tests.world import LOOKUP, TEXT, UNBILLED, UNKNOWN, ago, unblock
from actions.x.ids import id_at

pytestmark = pytest.mark.django_db
NUMBER = id_at(ago(hours=1))


@pytest.mark.parametrize(
    "link",
    [
        "https://x.com/ana/status/{0}", "http://x.com/ana/status/{0}", "https://www.x.com/ana/status/{0}", "x.com/ana/status/{0}",
        "https://twitter.com/ana/status/{0}", "https://mobile.twitter.com/ana/status/{0}", "  https://x.com/i/status/{0}?s=20&t=abc  ",
        "https://x.com/ana/status/{0}/photo/1", "https://x.com/ana/status/{0}#m",
    ],
)  # fmt: skip
def test_what_is_a_link(link):
    assert linking.post_id(link.format(NUMBER)) == NUMBER


@pytest.mark.parametrize(
    "link",
    [
        "", "x", "https://x.com/ana", "https://evil.example/ana/status/{0}", "https://x.com.evil.example/ana/status/{0}",
        "https://evilx.com/ana/status/{0}", "https://x.com@evil.example/ana/status/{0}", "https://x.com/ana/status/0",
        "https://x.com/ana/status/12345678901234567890", "https://x.com/a-n-a/status/{0}", "javascript:alert(1)//x.com/ana/status/{0}",
        "https://x.com/ana/status/9000000000000000000", "https://x.com/ana/statuses/{0}", "https://x.com:8080/ana/status/{0}",
        "https://x.com/ana/status/{0}x", "https://x.com/ana/status/١٢٣",
    ],
)  # fmt: skip
def test_what_is_none(link):
    with pytest.raises(ValidationError):
        linking.post_id(link.format(NUMBER))


def test_a_link_counts_once_whoever_pastes_it(action):
    for _ in range(3):
        linking.link(action, NUMBER)
    assert linking.counts(action) == (1, 0)


def test_a_post_that_speaks_to_the_target_is_verified_and_offered_to_the_wall(action, simulator):
    posts = [
        simulator.add_post("ana", TEXT, at=ago(minutes=20)),
        simulator.add_post("ben", "I told .@XMPL_ministry", at=ago(minutes=21)),
        simulator.add_post("eve", "Nice weather @xmpl_ministry2", at=ago(minutes=22)),
    ]
    for post in posts:
        linking.link(action, int(post.id))
    linking.link(action, NUMBER)
    tasks.look_after_posts()
    assert linking.counts(action) == (4, 2)
    assert set(Tweet.objects.candidates().filter(kind="linked").values_list("post_id", flat=True)) == {
        int(posts[0].id),
        int(posts[1].id),
    }
    assert set(LinkedPost.objects.filter(verified_at=None).values_list("note", flat=True)) == {
        "names neither the target nor the hashtag",
        "not found at X",
    }
    assert budget.spent(action) == simulator.bill()


def test_what_is_not_found_is_looked_up_three_times_and_then_left_to_staff(action, simulator):
    linking.link(action, NUMBER)
    for _ in range(5):
        tasks.look_after_posts()
    assert sum(1 for request in simulator.requests if request.path == LOOKUP) == 3
    assert linking.counts(action) == (1, 0)


@pytest.mark.parametrize(("fault", "options"), [*UNBILLED, *UNKNOWN])
def test_a_look_up_that_fails_verifies_later(action, simulator, fault, options):
    linking.link(action, int(simulator.add_post("ana", TEXT, at=ago(minutes=20)).id))
    simulator.faults.add(route=LOOKUP, fault=fault, **options)
    tasks.look_after_posts()
    assert linking.counts(action) == (1, 0)
    assert LinkedPost.objects.get().tries == 0
    unblock()
    tasks.look_after_posts()
    assert linking.counts(action) == (1, 1)


def test_staff_have_the_last_word(action):
    linking.link(action, NUMBER)
    row = LinkedPost.objects.get()
    linking.by_staff(row, verified=True)
    assert linking.counts(action) == (1, 1)
    linking.by_staff(row, verified=False)
    assert linking.counts(action) == (0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkedPost.objects.update(verified_at=timezone.now())


def test_the_link_of_a_post_that_is_gone_is_not_taken_again(action):
    from actions import compliance

    tweet = Tweet.objects.create(
        action=action, post_id=NUMBER, root_id=NUMBER, kind="linked", text=TEXT, posted_at=ago(hours=1)
    )
    compliance.bury([tweet])
    linking.link(action, NUMBER)
    assert LinkedPost.objects.count() == 0


def test_nothing_but_the_number_is_kept(action):
    linking.link(action, linking.post_id(f"https://x.com/ana_the_signer/status/{NUMBER}"))
    assert LinkedPost.objects.get().url == f"https://x.com/i/status/{NUMBER}"
    assert "ana" not in str(LinkedPost.objects.values().get())
