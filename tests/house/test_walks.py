"""The walks of docs/architecture.md are true: whoever takes one runs the functions that it names, in its order."""

import re
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from actions import tasks as x_tasks
from actions.models import TrackingQuery, Tweet
from campaigns.models import Campaign
from desk.tests.test_campaign_page import ADD, add, go_live, place, read_terms, save, whole
from petitions import tasks
from petitions.models import Signature
from progress import tasks as progress_tasks
from tests import factories
from tests.factories import typed
from tests.house.sources import sources
from tests.html import form_of

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs/architecture.md"
STEP = re.compile(r"`([\w/.]+\.py): ([\w.]+)`")


def walk(heading):
    """[`file: function`] of the table below this heading."""
    text = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [f"{file}: {function}" for file, function in STEP.findall(text)]


@contextmanager
def traced():
    """Yields a list that holds, at the end, each of our functions that ran as `file: function`, by its first call."""
    codes, ran = {}, []
    ours = {str(path): str(path.relative_to(ROOT)) for path in sources()}
    sys.setprofile(lambda frame, event, _: codes.setdefault(frame.f_code) if event == "call" else None)
    try:
        yield ran
    finally:
        sys.setprofile(None)
        ran += [f"{ours[code.co_filename]}: {code.co_qualname}" for code in codes if code.co_filename in ours]


def check(heading, ran):
    named = walk(heading)
    assert len(named) > 10
    assert [step for step in named if step not in ran] == [], "named, but never called"
    assert named == sorted(named, key=ran.index), "not in the order of the first calls"


def links(mail, word):
    return re.findall(rf"https?://[^/\s]+(/(?:\w\w/)?{word}/\S+)", mail.body)


def test_one_signature(client, live, mailoutbox):
    with traced() as ran:
        page = client.get(live.get_absolute_url())
        form = form_of(page, 'form[action$="/sign/"]') | typed()
        assert "ana@example.org" in client.post(f"/c/{live.slug}/sign/", form, follow=True).content.decode()
        tasks.send_confirmations()
        (link,) = links(mailoutbox[0], "confirm")
        assert client.post(link, form_of(client.get(link))).status_code == 303
        tasks.tally()
        assert client.get(f"/c/{live.slug}/progress.json").json()["signatures"]["confirmed"] == 1
        client.post("/my/", {"email": "ana@example.org"})
        tasks.send_links()
        (link,) = links(mailoutbox[1], "my")
        client.get(link)
        client.post(f"{link}{Signature.objects.get().pk}/withdraw/")
        tasks.forget()
    check("One signature, step by step", ran)


def test_one_tweet(staff, client, simulator, settings, live):
    settings.X_POSTS_PER_DAY, settings.X_POLL_SECONDS = 1_000, 1
    action = live.tweet_action
    action.__class__.objects.update(is_tracking=True)
    TrackingQuery.objects.update(since=timezone.now() - timedelta(hours=5))
    text = "Publish it .@xmpl_ministry #OpenTheRiverReport"
    with traced() as ran:
        form = form_of(client.get(f"/c/{live.slug}/act/"))
        assert client.post(f"/c/{live.slug}/act/go/x/", form | {"text": text}).status_code == 303
        x_tasks.tally_openings()
        post = simulator.add_post("ana", text, at=timezone.now() - timedelta(minutes=5))
        client.post(f"/c/{live.slug}/act/link/", {"link": f"https://x.com/ana/status/{post.id}"})
        x_tasks.poll_volume()
        x_tasks.collect_posts()
        simulator.add_post("xmpl_ministry", "We will publish it.", at=timezone.now() - timedelta(minutes=1))
        x_tasks.collect_replies()
        mine = Tweet.objects.get(kind="matching")
        staff.post("/admin/actions/tweet/", {"action": "approve", "_selected_action": [mine.pk]})
        x_tasks.look_after_posts()
        assert "Publish it" in client.get(f"/c/{live.slug}/wall/").content.decode()
        said = Tweet.objects.get(kind="target")
        assert staff.post(f"/admin/campaigns/campaign/{live.pk}/log/{said.pk}/").status_code == 302
    check("One tweet, step by step", ran)


def test_one_figure(client, live):
    for _ in range(12):
        factories.signature(live.petition)
    with traced() as ran:
        tasks.tally()
        with time_machine.travel(timezone.now() + timedelta(days=1, hours=2)):
            tasks.take_hourly()
            progress_tasks.take_hourly()
            page = client.get(f"/c/{live.slug}/progress/").content.decode()
            json = client.get(f"/c/{live.slug}/progress.json").json()
            csv = client.get(f"/c/{live.slug}/figures.csv").content.decode("utf-8-sig")
            progress_tasks.take_snapshots()
            progress_tasks.keep_last_known()
    assert json["signatures"]["confirmed"] == 12
    assert "signatures.confirmed,12," in csv
    assert "12" in page
    check("One figure, step by step", ran)


def test_one_save_of_staff(staff):
    with traced() as ran:
        save(staff, ADD, whole(staff))
        campaign = Campaign.objects.get()
        read_terms(staff, campaign)
        go_live(staff, campaign)
        assert staff.get(place(campaign, "change")).status_code == 200
        answer = {"speaker": "Minister", "said_at_0": "2026-06-16", "said_at_1": "10:00:00", "where": "in parliament"}
        demand = campaign.demands.get()
        add(staff, campaign, "response", **answer, words="We will.", demand=str(demand.pk), outcome="promised")
        demand.refresh_from_db()
        assert demand.outcome == "promised"
        save(staff, place(campaign, "action"), form_of(staff.get(place(campaign, "action"))))
        staff.get(f"/admin/campaigns/campaign/{campaign.pk}/history/")
    check("One save of staff, step by step", ran)


def test_every_file_that_is_named_exists():
    named = re.findall(r"`([\w.]+/[\w/.-]+)(?:: [\w.]+)?`", PAGE.read_text())
    assert len(named) > 60
    assert [file for file in named if not (ROOT / file).exists()] == []
