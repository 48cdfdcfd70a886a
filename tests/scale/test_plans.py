"""What is asked again and again finds its rows by an index: in a database of a year, as PostgreSQL itself would go about it.

The statements are those that the code sends when it does the work.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions import tasks as action_tasks
from core.crypto import tokens
from core.mail import outbox
from core.privacy.mailboxes import hashed
from petitions import alerts, caps, conditions, forgetting, hourly, mails, suppression, tally, watching
from petitions import tasks as petition_tasks
from petitions.models import Decision, LinkRequest, Petition, Signature, StandingDecision
from progress import daily_snapshots, hourly_figures, last_known
from tests import factories, scale
from tests.factories import typed
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(year):
    """A signature whose mail is due, and one whose link has come."""
    now = timezone.now()
    factories.signature(year.petition, confirmed=False, mailed_at=None, mail_due_at=now, address="due@example.org")
    return factories.signature(year.petition, confirmed=False, address="waits@example.org")


@pytest.fixture
def own(year):
    """Somebody's link to the own page."""
    factories.signature(year.petition, address="own@example.org")
    mine = factories.signature(year.petition, confirmed=False, address="own@example.org")
    request = LinkRequest.objects.create(
        email="own@example.org", address_hash=mine.address_hash, hash_rule=mine.hash_rule, mailed_at=timezone.now()
    )
    return f"/my/{tokens.make(mails.OWN_PAGE, request.pk)}/"


def good(*statuses):
    """The status of an answer is one of these: what failed has asked for nothing."""
    return lambda response: response.status_code in statuses or pytest.fail(f"{response.status_code}")


SIGNATURES = "/admin/petitions/signature/"
ALL = 'SELECT COUNT(*) AS "__count" FROM "petitions_signature"'


def assert_no_scan(act, least=1, but=""):
    statements = [statement for statement in scale.asked(act) if statement != but]
    assert len(statements) >= least, statements
    found = [(table, statement[:600]) for statement in statements for table in scale.scans(statement)]
    assert found == []


def test_what_is_big_is_known_and_a_scan_of_it_is_seen(year):
    assert "petitions_signature" in scale.big_tables() and "campaigns_campaign" not in scale.big_tables()
    (statement,) = scale.asked(lambda: Signature.objects.filter(language="xx").count())
    assert scale.scans(statement) == ["petitions_signature"]


def test_signing(client, year):
    client.post(f"/c/{year.slug}/sign/", typed(email="first@example.org"))
    assert_no_scan(lambda: good(303)(client.post(f"/c/{year.slug}/sign/", typed())))


def test_the_mailed_link_and_its_button(client, waiting):
    link = f"/confirm/{tokens.make('confirm', waiting.pk)}/"
    assert_no_scan(lambda: good(200)(client.get(link)))
    assert_no_scan(lambda: good(303)(client.post(link, typed())), least=2)
    assert Signature.objects.get(pk=waiting.pk).confirmed_at


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_crowd_that_came_after_the_last_statistics_is_not_read_for_one_of_them(client, year, is_decided):
    """PostgreSQL takes the index of those who wait for the shortest way, while it thinks that nobody does."""
    now = timezone.now()
    Signature.objects.filter(confirmed_at=None).delete()
    Signature.objects.update(mail_due_at=None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE petitions_signature")
    crowd = factories.signatures(year.petition, 2_000, confirmed=False, mailed_at=None, mail_due_at=now)
    if is_decided:
        facts = {"petition": year.petition, "asked_by": make_staff()}
        decision = Decision.objects.create(**facts, kind="remove", reason="abuse", number=1)
        StandingDecision.objects.create(
            petition=year.petition, decision=decision, review="removed", **hashed("another@example.org")
        )

    def confirms():
        good(303)(client.post(f"/confirm/{tokens.make('confirm', crowd[0].pk)}/", typed()))
        assert outbox.claim(crowd[1])
        suppression.leave_alone(bytes(crowd[2].address_hash), crowd[2].hash_version, crowd[2].hash_rule)

    used = [
        node["Index Name"]
        for statement in scale.asked(confirms)
        for node in scale.nodes(scale.plan(statement))
        if node.get("Index Name", "").startswith(("signature", "petitions_signature"))
    ]
    assert set(used) == {"petitions_signature_pkey", "signature_by_address"}
    assert Signature.objects.get(pk=crowd[0].pk).confirmed_at
    assert not Signature.objects.filter(pk=crowd[2].pk).exists()


def test_mails_that_are_due_and_their_caps(waiting, mailoutbox):
    assert_no_scan(petition_tasks.send_confirmations, least=6)
    assert len(mailoutbox) == 1
    assert_no_scan(lambda: caps.may_write(waiting), least=1)


def test_looking_up_an_address(client, own, mailoutbox):
    assert_no_scan(lambda: good(303)(client.post("/my/", {"email": "own@example.org"})))
    assert_no_scan(petition_tasks.send_links, least=6)
    assert len(mailoutbox) == 1
    assert_no_scan(lambda: good(200)(client.get(own)), least=2)
    signature = Signature.objects.for_address("own@example.org").confirmed().get()
    assert_no_scan(lambda: good(303)(client.post(f"{own}{signature.pk}/hide/")))
    assert_no_scan(lambda: good(200, 303)(client.post(f"{own}{signature.pk}/erase/")), least=4)


def test_counting(year):
    for _ in range(3):
        factories.signature(year.petition)
    assert_no_scan(petition_tasks.tally)
    of_the_lag = tally.LAG.strip()
    assert_no_scan(lambda: list(watching.signatures()), least=2, but=of_the_lag)
    assert_no_scan(conditions.the_tally_is_behind, least=0, but=of_the_lag)


def test_what_is_uncounted_is_found_by_its_index(year):
    """As `tally.lag` asks for it, and for all that comes after only when it is through."""
    tally.settle_all()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        (node,) = [node for node in scale.nodes(scale.plan(tally.LAG)) if "Index Name" in node]
        assert node["Index Name"] == "signature_to_tally"
        assert tally.lag().signatures == 0
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_looking_for_sabotage(year):
    """Before five in the morning too, when the night is compared with the day."""
    now = timezone.now()
    five = now.astimezone(year.zone).replace(hour=5, minute=30)
    five -= timedelta(days=1) if five > now else timedelta(0)
    assert_no_scan(lambda: alerts.look(year.petition, now), least=6)
    assert_no_scan(lambda: alerts.look(year.petition, five), least=7)
    assert_no_scan(petition_tasks.raise_alerts, least=6)


def test_telling_what_an_hour_has_brought(year):
    Petition.objects.update(hourly_at=None)
    assert_no_scan(lambda: hourly.take(Petition.objects.get(pk=year.petition.pk)), least=8)
    assert Petition.objects.get(pk=year.petition.pk).under_review == 400
    assert_no_scan(lambda: hourly_figures.take(year), least=5)


def test_opening_a_composer(client, year):
    post = {"text": "Publish it .@xmpl_ministry #OpenTheRiverReport"}
    client.get(f"/c/{year.slug}/act/")
    assert_no_scan(lambda: good(303)(client.post(f"/c/{year.slug}/act/go/x/", post)))
    assert_no_scan(action_tasks.tally_openings)
    assert_no_scan(lambda: good(200)(client.get(f"/c/{year.slug}/act/")), least=2)


def test_forgetting(year):
    assert_no_scan(forgetting.forget, least=5)


@pytest.mark.parametrize(
    "path", ["", "progress/", "progress.json", "recap/", "updates/", "wall/", "check-mail/", "embed/"]
)
def test_pages_of_a_campaign(client, year, path):
    assert_no_scan(lambda: good(200, 404)(client.get(f"/c/{year.slug}/{path}")))


@pytest.mark.parametrize("path", ["/", "/?page=3", "/sitemap.xml", "/sitemap-campaigns.xml"])
def test_pages_of_the_site(client, year, path):
    assert_no_scan(lambda: good(200)(client.get(path)))


def test_the_list_of_signatures_that_staff_see(year):
    """But for the number of all that there are: PostgreSQL counts them one by one."""
    staff = logged_in(make_staff())
    assert_no_scan(lambda: good(200)(staff.get(SIGNATURES)), least=3, but=ALL)
    other = Petition.objects.get(title="Another petition")
    assert_no_scan(lambda: good(200)(staff.get(f"{SIGNATURES}?petition__id__exact={other.pk}")), least=3)


def test_keeping_what_is_known(year):
    assert_no_scan(last_known.remember)
    assert_no_scan(lambda: daily_snapshots.take(year))


def test_the_list_of_those_in_review(year):
    """Newest first, of one petition or, as where there is only one, of all: nobody else's row is read to find fifteen."""
    staff = logged_in(make_staff())
    for of_one in ("", f"&petition__id__exact={year.petition.pk}"):
        shown = scale.asked(
            lambda of_one=of_one: good(200)(staff.get(f"{SIGNATURES}?review__exact=quarantined{of_one}"))
        )
        (statement,) = [one for one in shown if 'FROM "petitions_signature"' in one and "LIMIT 15" in one]
        nodes = [
            node for node in scale.nodes(scale.plan(statement)) if node.get("Relation Name") == "petitions_signature"
        ]
        assert {node.get("Index Name") for node in nodes} <= {"signature_to_review", "signature_in_review"}
        assert nodes
