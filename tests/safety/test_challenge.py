"""Many forms from one address: work that grows with their number, or a wait, and nobody is refused (core/web/throttling.py)."""

import base64
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns.models import Pledge, Status
from core import tasks
from core.models import SpentChallenge
from core.web import challenge, throttling
from core.web.ratelimit import hits_this_minute, own
from petitions import moderation, signing, tally
from petitions import tasks as petition_tasks
from petitions.models import LinkRequest, Review, Signature
from tests import factories
from tests.crowd import asked, crowd, read, written
from tests.factories import typed
from tests.login import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(db):
    """One can sign, and do nothing else: some hundred pages of it come back here."""
    return factories.campaign(tweet_action=None)


@pytest.fixture
def one_minute():
    """All happens within a second: what is counted by the minute is counted in one, however slow the machine."""
    with time_machine.travel(timezone.now().replace(second=1), tick=False):
        yield


def path(campaign):
    return f"/c/{campaign.slug}/sign/"


def post(client, campaign, address="ana@example.org", *, remote="203.0.113.7", **fields):
    return client.post(path(campaign), typed(email=address, **fields), REMOTE_ADDR=remote)


def full(client, campaign, number=throttling.FREE, remote="203.0.113.7"):
    """The address has as many forms in this minute as are taken as they come."""
    crowd(client, path(campaign), typed(), number, REMOTE_ADDR=remote)


@pytest.mark.requirement("A6")
def test_an_unsolved_form_comes_back_whole_and_no_row_is_written(client, live, one_minute):
    full(client, live)
    response = post(client, live, comment="Kept words", country="FR", name="Ana Kept")
    page = asked(response).page
    assert response.status_code == 200
    assert "press the button once more" in page
    for kept in ("Kept words", "ana@example.org", 'value="Ana Kept"', '<option value="FR" selected>'):
        assert kept in page
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert Signature.objects.count() == 20


@pytest.mark.requirement("A6")
def test_a_proof_counts_once_also_after_valkey_was_wiped(client, live, one_minute):
    full(client, live)
    asks = asked(post(client, live))
    proof = asks.solved()
    assert post(client, live, proof=proof, ticket=asks.ticket).status_code == 303
    assert Signature.objects.latest("signed_at").review == Review.NONE
    assert post(client, live, "eve@example.org", proof=proof, ticket=asks.ticket).status_code == 200
    cache.clear()
    full(client, live)
    assert post(client, live, "eve@example.org", proof=proof, ticket=asks.ticket).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=asks.seconds + 1), tick=False):
        # Nor is its ticket good for a second one.
        assert post(client, live, "eve@example.org", proof="", ticket=asks.ticket).status_code == 200
    assert Signature.objects.count() == 41


@pytest.mark.requirement("A6", "A12")
def test_without_scripts_one_waits_and_a_ticket_counts_once(client, live, one_minute):
    full(client, live)
    asks = asked(post(client, live))
    with time_machine.travel(timezone.now() + timedelta(seconds=asks.seconds + 1)):
        assert post(client, live, proof="", ticket=asks.ticket).status_code == 303
        assert Signature.objects.latest("signed_at").review == Review.NONE
        cache.clear()
        full(client, live)
        assert post(client, live, "eve@example.org", proof="", ticket=asks.ticket).status_code == 200


@pytest.mark.requirement("A6")
def test_too_early_a_click_loses_neither_words_nor_wait(client, live):
    start = datetime(2026, 6, 15, 12, 0, 10, tzinfo=UTC)
    live.petition.opens_at = start - timedelta(days=1)
    live.petition.save()
    with time_machine.travel(start, tick=False):
        full(client, live)
        for _ in range(30):
            first = asked(post(client, live))
    with time_machine.travel(start + timedelta(seconds=first.seconds - 10), tick=False):
        early = asked(post(client, live, comment="Kept words", ticket=first.ticket, proof=""))
        assert "A little too early" in early.page
        assert "Kept words" in early.page
        assert (early.ticket, early.seconds) == (first.ticket, 10)
    with time_machine.travel(start + timedelta(seconds=first.seconds), tick=False):
        assert post(client, live, ticket=early.ticket, proof="").status_code == 303
    assert Signature.objects.count() == 21


JUNK = [
    "",
    "nonsense",
    "e30=",
    "x" * 5000,
    "\x00",
    "é",
    "NaN",
    base64.b64encode(b'{"challenge": {"parameters": [], "signature": 1}, "solution": 1}').decode(),
    base64.b64encode(
        b'{"challenge": {"parameters": {"algorithm": 1, "nonce": 1, "salt": 1, "cost": 1e999, "data": 7},'
        b' "signature": "\xc3\xa9"}, "solution": {"counter": -1, "derivedKey": null}}'
    ).decode(),
    base64.b64encode(b"[" * 700).decode(),
    base64.b64encode(b"[" * 1480).decode(),
]


@pytest.mark.requirement("A6")
def test_nonsense_is_no_proof_and_no_ticket(client, live, one_minute):
    full(client, live)
    good = asked(post(client, live)).ticket
    forged = ["", "forged", "a:b:c", "x" * 5000, "\x00", "é", good[:-1] + ("a" if good[-1] != "a" else "b")]
    for proof, ticket in [(proof, good) for proof in JUNK] + [("", ticket) for ticket in forged]:
        response = post(client, live, proof=proof, ticket=ticket)
        assert response.status_code == 200, (proof[:50], ticket[:50])
        assert asked(response).tries
    assert Signature.objects.count() == 20


@pytest.mark.requirement("A6")
def test_a_ticket_in_the_form_does_not_skip_the_count(client, live, one_minute):
    answers = [post(client, live, f"s{index}@example.org", ticket="x", proof="y").status_code for index in range(25)]
    assert answers == [303] * 20 + [200] * 5
    assert Signature.objects.count() == 20


@pytest.mark.requirement("A6")
def test_no_proof_can_be_made_easier(client, live, one_minute, monkeypatch):
    full(client, live)
    monkeypatch.setattr(throttling, "WORK", ((0, 40),))
    asks = asked(post(client, live))
    proof = read(asks.solved())
    for change in (
        lambda made: made["challenge"]["parameters"]["data"].update(tries=1),
        lambda made: made["challenge"]["parameters"].update(cost=1),
        lambda made: made["challenge"]["parameters"].update(keyPrefix=""),
        lambda made: made["challenge"]["parameters"].update(expiresAt=4_000_000_000),
        lambda made: made["challenge"]["parameters"].pop("keySignature"),
        lambda made: made["solution"].update(derivedKey=made["challenge"]["parameters"]["keyPrefix"] * 2),
        lambda made: made["challenge"].update(signature="0" * 64),
    ):
        forged = read(written(proof))
        change(forged)
        assert post(client, live, proof=written(forged), ticket=asks.ticket).status_code == 200
    assert post(client, live, proof=written(proof), ticket=asks.ticket).status_code == 303


@pytest.mark.requirement("A6")
def test_a_proof_is_for_its_form_its_client_and_its_ticket(client, live, one_minute):
    other = "198.51.100.9"
    full(client, live)
    full(client, live, remote=other)
    asks, second = asked(post(client, live)), asked(post(client, live))
    proof = asks.solved()
    assert post(client, live, remote=other, proof=proof, ticket=asks.ticket).status_code == 200
    assert post(client, live, proof=proof, ticket=second.ticket).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=asks.seconds + 1), tick=False):
        cache.clear()
        full(client, live, remote=other)
        crowd(client, "/my/", {}, 20, REMOTE_ADDR="203.0.113.7")
        assert post(client, live, remote=other, proof="", ticket=asks.ticket).status_code == 200
        own = {"email": "ana@example.org", "proof": proof, "ticket": asks.ticket}
        assert client.post("/my/", own, REMOTE_ADDR="203.0.113.7").status_code == 200
        full(client, live)
        assert post(client, live, proof=proof, ticket=asks.ticket).status_code == 303


@pytest.mark.requirement("A6")
def test_an_ipv6_network_is_one_address(client, live, one_minute):
    full(client, live, 10, "2001:db8:1:2::1")
    full(client, live, 10, "2001:db8:1:2:ffff::9")
    asks = asked(post(client, live, remote="2001:db8:1:2:3::4"))
    assert post(client, live, remote="2001:db8:1:3::4").status_code == 303
    proof = asks.solved()
    assert post(client, live, remote="2001:db8:1:2:aaaa::1", proof=proof, ticket=asks.ticket).status_code == 303


@pytest.mark.requirement("A6")
def test_work_and_wait_grow_with_the_number(client, live, one_minute):
    tries, waits = {}, {}
    full(client, live)
    for number in (21, 101, 201, 501, 2_001, 5_001):
        key = next(iter(cache._cache.get_client().scan_iter("*hits:sign:*")), b"").decode().split(":", 2)[2]
        cache.set(key, number - 1)
        asks = asked(post(client, live))
        tries[number], waits[number] = asks.tries, asks.seconds
    assert list(tries.values()) == sorted(set(tries.values()))
    assert tries[2_001] >= 1_000 * tries[21]
    assert list(waits.values()) == sorted(waits.values())
    assert max(waits.values()) <= 120


@pytest.mark.requirement("A6")
def test_a_stock_of_easy_proofs_is_worth_little(client, live, one_minute, monkeypatch):
    """Solved while few forms came, brought all at once: above a hall's number they must be as hard as the number is then."""
    monkeypatch.setattr(throttling, "HALL", 3)
    monkeypatch.setattr(throttling, "WORK", ((0, 20), (3, 60), (5, 200)))
    monkeypatch.setattr(throttling, "FREE", 0)
    stock = []
    for _ in range(6):
        stock.append(asked(post(client, live)))
        cache.clear()
        own.clear()
    answers = [post(client, live, proof=asks.solved(), ticket=asks.ticket) for asks in stock]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 200, 200, 200]
    harder = asked(answers[3])
    assert (harder.tries, harder.ticket) == (60, stock[3].ticket)
    assert post(client, live, proof=harder.solved(), ticket=harder.ticket).status_code == 303


@pytest.mark.requirement("A6")
def test_at_most_a_hundred_that_waited_pass_and_the_mail_of_the_others_is_paced(client, live):
    # No midnight comes between: with it everybody's client has another name.
    start = (timezone.now() + timedelta(days=1)).replace(hour=12, minute=0, second=1)
    with time_machine.travel(start, tick=False):
        full(client, live)
        tickets = [asked(post(client, live)).ticket for _ in range(105)]
    with time_machine.travel(start + timedelta(minutes=3), tick=False):
        for index, ticket in enumerate(tickets):
            assert post(client, live, f"stock-{index}@example.org", ticket=ticket, proof="").status_code == 303
        late = Signature.objects.filter(review=Review.QUARANTINED).order_by("mail_due_at")
        assert late.count() == 5
        due = [row.mail_due_at for row in late]
        assert due[0] > timezone.now() - timedelta(seconds=1)
        assert all((after - before).total_seconds() > 0.5 for before, after in pairwise(due))


@pytest.mark.requirement("A6")
def test_a_flood_of_old_tickets_makes_no_flood_of_mails(client, live, monkeypatch):
    monkeypatch.setattr(throttling, "WAITED", 3)
    monkeypatch.setattr(throttling, "APART", timedelta(seconds=20))
    start = timezone.now().replace(second=1)
    with time_machine.travel(start, tick=False):
        full(client, live)
        tickets = [asked(post(client, live)).ticket for _ in range(30)]
    for index, ticket in enumerate(tickets):
        minute = 3 + index // 10
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            assert post(client, live, f"stock-{index}@example.org", ticket=ticket, proof="").status_code == 303
    late = Signature.objects.filter(review=Review.QUARANTINED)
    assert late.count() == 21
    assert max(Counter(int(row.mail_due_at.timestamp()) // 60 for row in late).values()) <= 3


@pytest.mark.requirement("A6")
def test_midnight_and_a_lost_valkey_spoil_no_wait_and_no_proof(client, live):
    evening = datetime(2026, 6, 15, 23, 59, 50, tzinfo=UTC)
    live.petition.opens_at = evening - timedelta(days=1)
    live.petition.save()
    with time_machine.travel(evening, tick=False):
        full(client, live)
        waits, works = asked(post(client, live)), asked(post(client, live))
    proof = works.solved()
    cache.clear()
    with time_machine.travel(evening + timedelta(seconds=30), tick=False):
        full(client, live)
        assert post(client, live).status_code == 200
        assert post(client, live, "w@example.org", ticket=waits.ticket, proof="").status_code == 303
        assert post(client, live, "p@example.org", ticket=works.ticket, proof=proof).status_code == 303
    assert Signature.objects.filter(review=Review.NONE).count() == 42


@pytest.mark.requirement("A6")
def test_a_form_with_errors_keeps_its_wait_and_its_proof(client, live, one_minute):
    full(client, live)
    asks = asked(post(client, live))
    waiting = asked(post(client, live, "no address", ticket=asks.ticket, proof=""))
    assert (waiting.ticket, waiting.tries) == (asks.ticket, 200)
    assert "A little too early" not in waiting.page
    proof = asks.solved()
    again = post(client, live, "no address", ticket=asks.ticket, proof=proof)
    assert again.status_code == 422
    assert (asked(again).ticket, asked(again).proof) == (asks.ticket, proof)
    assert post(client, live, ticket=asks.ticket, proof=asked(again).proof).status_code == 303
    assert 'name="ticket"' not in post(client, live, "no address", ticket="forged", proof=proof).content.decode()


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("kind", ["pledge", "my"])
def test_pledges_and_requests_for_links_are_asked_for_the_same(client, kind, one_minute):
    campaign = factories.campaign(status=Status.INTEREST, launched_at=None, pledge_threshold=5)
    form, fields, rows = {
        "pledge": (f"/c/{campaign.slug}/pledge/", {"network": "x", "remind": "hour", "consent": "on"}, Pledge.objects),
        "my": ("/my/", {}, LinkRequest.objects),
    }[kind]
    crowd(client, form, fields, 20)
    mine = fields | {"email": "ana@example.org"}
    response = client.post(form, mine)
    asks = asked(response)
    assert (response.status_code, response.headers["Cache-Control"], rows.count()) == (200, "no-store", 20)
    assert 'value="ana@example.org"' in asks.page
    assert "prove.js" in asks.page
    second = asked(client.post(form, mine))
    assert asked(client.post(form, mine | {"email": "wrong", "ticket": asks.ticket, "proof": ""})).ticket == asks.ticket
    assert client.post(form, mine | {"ticket": asks.ticket, "proof": asks.solved()}).status_code == 303
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        crowd(client, form, fields, 20)
        assert client.post(form, mine | {"ticket": second.ticket, "proof": ""}).status_code == 303
        assert client.post(form, mine | {"ticket": second.ticket, "proof": ""}).status_code == 200
    assert rows.count() == 42


@pytest.mark.requirement("A6")
@pytest.mark.django_db(transaction=True)
def test_two_who_bring_one_proof_at_once_are_one(client, live):
    with time_machine.travel(timezone.now().replace(second=1)):
        full(client, live)
        asks = asked(post(client, live))
        proof, ready, answers = asks.solved(), threading.Barrier(4), []

        def press(number):
            ready.wait()
            answers.append(post(Client(), live, f"p{number}@example.org", ticket=asks.ticket, proof=proof).status_code)
            connection.close()

        threads = [threading.Thread(target=press, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [200, 200, 200, 303]
    assert Signature.objects.count() == 21


@pytest.mark.requirement("A6")
def test_two_processes_count_together():
    code = "import django; django.setup(); from core.web.ratelimit import hits_this_minute as h; print(h('sign', b'x'))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment.pop("PYTEST_XDIST_WORKER", None)  # REDIS_URL is this worker's already
    for _attempt in range(3):
        minute = int(time.time()) // 60
        mine = [hits_this_minute("sign", b"x") for _ in range(2)][-1]
        other = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
        )
        if int(time.time()) // 60 == minute:
            break
    assert int(other.stdout.split()[-1]) == mine + 1


@pytest.mark.requirement("A6")
def test_what_was_spent_is_forgotten_when_it_has_lapsed(client, live, one_minute):
    full(client, live)
    asks = asked(post(client, live))
    post(client, live, proof=asks.solved(), ticket=asks.ticket)
    tasks.forget_spent_challenges()
    assert SpentChallenge.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        full(client, live)
        assert post(client, live, ticket=asks.ticket, proof="").status_code == 200
        tasks.forget_spent_challenges()
    assert SpentChallenge.objects.count() == 0


@pytest.mark.requirement("A7")
def test_two_hundred_in_a_lecture_hall_get_through_within_two_minutes_with_scripts(
    client, live, one_minute, monkeypatch
):
    """All press in the same minute, and everybody's browser does what it is asked. A try has a tenth of its rounds, and takes as much less."""
    monkeypatch.setattr(challenge, "ROUNDS", challenge.ROUNDS // 10)
    longest = 0.0
    with time_machine.travel(timezone.now(), tick=False):
        asks = {}
        for index in range(200):
            response = post(client, live, f"hall-{index}@example.org")
            if response.status_code == 200:
                asks[index] = asked(response)
            else:
                assert response.status_code == 303
        assert len(asks) == 180
        for index, one in asks.items():
            began = time.process_time()
            proof = one.solved()
            longest = max(longest, time.process_time() - began)
            answer = post(client, live, f"hall-{index}@example.org", ticket=one.ticket, proof=proof)
            assert answer.status_code == 303, index
    # A slow phone takes ten times as long as this machine, and has a minute to spare.
    assert longest * 10 < 5
    assert Signature.objects.filter(review=Review.NONE).count() == 200


@pytest.mark.requirement("A7")
def test_two_hundred_in_a_lecture_hall_get_through_within_five_minutes_without_scripts(client, live):
    start = timezone.now().replace(second=20)
    due = []
    with time_machine.travel(start, tick=False):
        for index in range(200):
            response = post(client, live, f"hall-{index}@example.org")
            if response.status_code == 200:
                one = asked(response)
                due.append((start + timedelta(seconds=one.seconds + index % 4), index, one))
        assert len(due) == 180
    for moment, index, one in sorted(due, key=lambda person: person[0]):
        with time_machine.travel(moment, tick=False):
            assert post(client, live, f"hall-{index}@example.org", ticket=one.ticket, proof="").status_code == 303
    assert max(one.seconds for _, _, one in due) <= 120
    assert max(moment for moment, _, _ in due) < start + timedelta(minutes=5)
    assert Signature.objects.filter(review=Review.NONE).count() == 200


@pytest.mark.requirement("A7")
def test_who_waits_for_review_is_counted_in_public_and_can_be_put_back(client, live, one_minute, monkeypatch):
    monkeypatch.setattr(throttling, "WAITED", 2)
    full(client, live)
    tickets = [asked(post(client, live)).ticket for _ in range(12)]
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        for index, ticket in enumerate(tickets):
            assert post(client, live, f"hall-{index}@example.org", ticket=ticket, proof="").status_code == 303
    assert Signature.objects.count() == 32
    waiting = Signature.objects.filter(review=Review.QUARANTINED)
    assert waiting.count() == 10
    for row in Signature.objects.all():
        if not row.email.startswith("crowd"):
            signing.confirm(row, {"name": "A", "country": "ES", "updates": False, "others": False})
    petition_tasks.take_hourly()
    live.petition.refresh_from_db()
    assert live.petition.under_review == 10
    moderation.restore(live.petition, waiting, make_staff("mo@example.org"))
    tally.settle_all()
    assert tally.confirmed(live.petition) == 12
