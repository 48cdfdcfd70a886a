"""Of a pack for the target an authority says when it was there (RFC 3161): openssl answers, and an outsider checks with openssl."""

import hashlib
import logging
import re
import subprocess
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from campaigns import tasks
from campaigns.conditions import no_stamp_is_given
from campaigns.delivering import checking, fetching, stamping
from campaigns.models import Delivery
from core.crypto import timestamps
from core.web import transport
from petitions import signing
from petitions.models import Signature
from tests import factories
from tests.authority import Authority
from tests.deliveries import asked, fetched, page, recorded, written
from tests.exports import officer
from tests.html import Html
from tests.login import logged_in, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn")]
State = Delivery.State


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("authority"))
    yield authority
    authority.close()


@pytest.fixture
def authority(running, settings):
    settings.TIMESTAMP_AUTHORITY, settings.TIMESTAMP_AUTHORITY_CERTIFICATES = running.url, running.root
    running.answer = running.stamped
    running.asked.clear()
    running.configure()
    return running


@pytest.fixture
def delivery(live, identity):
    factories.name_for_target(live)
    return asked(officer(), live)


def holds(folder, root, statement, stamp):
    """Whether openssl says so, as the page tells everybody to ask it."""
    (folder / "1.json").write_bytes(statement)
    (folder / "1.tsr").write_bytes(stamp)
    command = ["openssl", "ts", "-verify", "-data", "1.json", "-in", "1.tsr", "-CAfile", str(root)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return result.returncode == 0 and "Verification: OK" in result.stdout


def failed(delivery, caplog):
    """What the log says once it was asked in vain."""
    with caplog.at_level(logging.WARNING):
        written(delivery)
    assert (delivery.state, delivery.stamp, delivery.stamp_tries) == (State.WRITING, None, 1)
    assert "SECRET" not in caplog.text
    return caplog.text


@pytest.mark.requirement("S16")
def test_an_authority_stamps_the_statement_and_an_outsider_checks_it(
    client,
    live,
    delivery,
    authority,
    identity,
    tmp_path,
):
    began = timezone.now().replace(microsecond=0)
    written(delivery)
    assert (delivery.state, delivery.stamp_tries) == (State.READY, 0)
    files = fetched(officer_of(delivery), delivery, identity)
    statement, stamp = files["statement.json"], files["statement.json.tsr"]
    assert holds(tmp_path, authority.root, statement, stamp)
    assert not holds(tmp_path, authority.root, statement + b" ", stamp)
    recorded(officer("organiser", "organiser"), delivery)
    where = f"/c/{live.slug}/delivered/{delivery.pk}"
    shown = Html(client.get(f"{where}/"))
    assert "Example Time Stamps and the Long Name of Whom It Is Of stamped the signed file" in shown.text
    assert re.search(r"it existed on \d+ \w+ \d{4}, \d\d:\d\d UTC\.", shown.text)
    told = Html(officer_of(delivery).get(page(delivery))).text
    assert re.search(r"\d\d:\d\d UTC \(Example Time Stamps", told)
    assert f"{where}.tsr" in shown.values("a", "href")
    assert f"-data {delivery.pk}.json -in {delivery.pk}.tsr" in shown.text
    answer = client.get(f"{where}.tsr")
    assert (answer.content, answer["Content-Type"]) == (stamp, "application/timestamp-reply")
    assert holds(tmp_path, authority.root, client.get(f"{where}.json").content, answer.content)
    assert began <= checking.stamp(delivery).at <= timezone.now()


def officer_of(delivery):
    return logged_in(delivery.asked_by)


@pytest.mark.requirement("S16")
def test_it_learns_a_hash_and_nothing_else(delivery, authority):
    written(delivery)
    (query,) = authority.asked
    digest = hashlib.sha256(delivery.statement.encode()).digest()
    assert digest in query
    rest = query.replace(digest, b"")
    assert len(rest) < 60, "version, algorithm, nonce, and that a certificate is wanted"


def test_nothing_is_asked_inside_a_transaction(live, identity, authority, transactional_db):
    delivery = asked(officer("alone"), live)
    inside = []

    def answer(query):
        with connection.cursor() as cursor:
            # Of another thread: a connection of its own, which sees what is committed.
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()"
                " AND datname = current_database()"
            )
            inside.append(cursor.fetchone()[0])
        connection.close()
        return authority.stamped(query)

    authority.answer = answer
    written(delivery)
    assert (delivery.state, inside) == (State.READY, [0])


def test_without_an_authority_there_is_no_stamp_and_nothing_is_said(client, live, delivery, identity, settings):
    settings.TIMESTAMP_AUTHORITY, settings.TIMESTAMP_AUTHORITY_CERTIFICATES = "", None
    written(delivery)
    assert "statement.json.tsr" not in fetched(officer_of(delivery), delivery, identity)
    recorded(officer("organiser", "organiser"), delivery)
    where = f"/c/{live.slug}/delivered/{delivery.pk}"
    assert client.get(f"{where}.tsr").status_code == 404
    assert "openssl" not in Html(client.get(f"{where}/")).text


@pytest.mark.requirement("S16")
def test_a_stamp_of_another_authority_is_none(delivery, authority, tmp_path, caplog, settings):
    other = Authority(tmp_path)
    other.close()
    settings.TIMESTAMP_AUTHORITY_CERTIFICATES = other.root
    assert "verifying certificates" in failed(delivery, caplog)


def test_a_stamp_of_something_else_is_none(delivery, authority, caplog):
    authority.answer = lambda query: authority.stamped(timestamps.request(b"something else").as_bytes())
    assert "Nonce mismatch" in failed(delivery, caplog)


def test_a_stamp_of_another_hash_is_none_even_with_the_nonce(authority):
    asked_for = timestamps.request(b"statement")
    hashed = hashlib.sha256(b"statement").digest()
    query = asked_for.as_bytes().replace(hashed, hashlib.sha256(b"something else").digest())
    answer = authority.reply(query)
    trusted = timestamps.certificates(authority.root)
    assert timestamps.verified(answer, b"something else", trusted, asked_for.nonce)
    with pytest.raises(timestamps.Unverified, match="Mismatch between messages"):
        timestamps.verified(answer, b"statement", trusted, asked_for.nonce)


def test_an_old_stamp_of_the_same_is_none(authority):
    trusted = timestamps.certificates(authority.root)
    old = authority.reply(timestamps.request(b"statement").as_bytes())
    with pytest.raises(timestamps.Unverified, match="Nonce"):
        timestamps.verified(old, b"statement", trusted, timestamps.request(b"statement").nonce)


def test_a_refusal_is_said(delivery, authority, caplog):
    authority.configure(digests="sha512")
    assert "refused: Message digest algorithm is not supported." in failed(delivery, caplog)


def test_an_answer_with_the_certificate_of_the_ca_in_it_says_what_to_do(delivery, authority, caplog):
    """openssl puts it behind its own whatever DER says; our library reads DER alone."""
    authority.configure(more=f"certs = {authority.root}\n")
    assert "let it send its own alone, not its CA's" in failed(delivery, caplog)


@pytest.mark.parametrize(
    ("says", "log"),
    [
        ({"pieces": [b"<html>no</html>"]}, "not readable"),
        ({"pieces": [b""]}, "not readable"),
        ({"pieces": [b"busy"], "status": 503}, "it answers 503"),
        ({"pieces": [b""], "status": 302, "Location": "http://127.0.0.1:1/elsewhere"}, "it answers 302"),
        ({"pieces": [b"x" * 60_000] * 50}, "more than 100000 bytes"),
        ({"pieces": [b"x" * 60_000] * 50, "Content-Encoding": "gzip"}, "more than 100000 bytes"),
    ],
)
def test_what_is_no_answer_is_none(delivery, authority, caplog, says, log):
    authority.says(*says.pop("pieces"), **says)
    assert log in failed(delivery, caplog)
    assert len(authority.asked) == 1


def test_one_that_is_away_or_gone_is_none(delivery, authority, caplog, settings):
    settings.TIMESTAMP_AUTHORITY = "http://127.0.0.1:1/"
    assert "ConnectionError" in failed(delivery, caplog)


@pytest.mark.parametrize("wait", [0.2, 2.0], ids=["in drops", "silent"])
def test_one_that_is_slow_is_given_up(authority, wait):
    authority.says(*[b"x"] * 100, wait=wait)
    began = time.monotonic()
    with pytest.raises(transport.NoAnswer):
        transport.post(authority.url, b"?", "application/timestamp-query", seconds=1)
    assert time.monotonic() - began < 3


def test_a_file_of_certificates_that_is_gone_keeps_no_pack_for_good(delivery, authority, caplog, settings, tmp_path):
    settings.TIMESTAMP_AUTHORITY_CERTIFICATES = tmp_path / "gone.pem"
    assert "No such file" in failed(delivery, caplog)


@pytest.mark.requirement("S16")
def test_after_an_hour_the_pack_goes_with_our_signature_alone_and_staff_read_so(
    client,
    live,
    delivery,
    authority,
    identity,
    settings,
):
    settings.TIMESTAMP_AUTHORITY = "http://127.0.0.1:1/"
    browser = officer_of(delivery)
    began = timezone.now()
    with time_machine.travel(began) as clock:
        while delivery.state == State.WRITING and timezone.now() < began + timedelta(hours=2):
            written(delivery)
            if delivery.state == State.WRITING:
                assert no_stamp_is_given()
                assert "None yet" in browser.get(page(delivery)).content.decode()
            clock.shift(timedelta(minutes=1))
        waited = timezone.now() - began
        assert delivery.state == State.READY
        assert timedelta(minutes=55) < waited < timedelta(minutes=70)
        assert delivery.stamp_tries == stamping.TRIES
        assert no_stamp_is_given(), "until it is fetched, so that administrators hear of it"
        assert "our signature alone" in browser.get(page(delivery)).content.decode()
        files = fetched(browser, delivery, identity)
        assert "statement.json.ed25519" in files and "statement.json.tsr" not in files
        assert not no_stamp_is_given()
        recorded(officer("organiser", "organiser"), delivery)
        assert "openssl" not in Html(client.get(f"/c/{live.slug}/delivered/{delivery.pk}/")).text


def test_one_that_comes_back_stamps_within_minutes(delivery, authority, settings):
    settings.TIMESTAMP_AUTHORITY, there = "http://127.0.0.1:1/", settings.TIMESTAMP_AUTHORITY
    with time_machine.travel(timezone.now()) as clock:
        written(delivery)
        settings.TIMESTAMP_AUTHORITY = there
        written(delivery)
        assert (delivery.state, delivery.stamp_tries) == (State.WRITING, 1), "not yet: the next try is in five minutes"
        clock.shift(timedelta(minutes=5, seconds=1))
        written(delivery)
    assert (delivery.state, delivery.stamp_tries, bool(delivery.stamp)) == (State.READY, 0, True)


def test_a_pack_that_fails_after_its_stamp_has_tried(delivery, authority, settings):
    """Or it would ask the authority in each turn for as long as it fails: here it can't be sealed."""
    recipients, settings.EXPORT_RECIPIENTS = settings.EXPORT_RECIPIENTS, ["age1nobody"]
    with time_machine.travel(timezone.now()) as clock:
        for tries in (1, 2):
            written(delivery)
            written(delivery)
            assert (delivery.state, delivery.stamp_tries, len(authority.asked)) == (State.WRITING, tries, tries)
            clock.shift(timedelta(minutes=5, seconds=1))
        settings.EXPORT_RECIPIENTS = recipients
        written(delivery)
    assert (delivery.state, delivery.stamp_tries, delivery.stamp_tried_at) == (State.READY, 0, None)
    assert delivery.stamp and len(authority.asked) == 3


def test_a_pack_that_somebody_leaves_while_it_is_stamped_is_written_in_the_next_turn(
    live, identity, authority, transactional_db
):
    staying, leaving = factories.name_for_target(live, "Stays"), factories.name_for_target(live, "Leaves")
    delivery = asked(officer("alone"), live)

    def answer(query):
        signing.keep_name(Signature.objects.filter(pk=leaving.signature_id))
        connection.close()
        return authority.stamped(query)

    authority.answer = answer
    written(delivery)
    assert (delivery.state, delivery.people.count(), delivery.stamp_tries) == (State.WRITING, 0, 0)
    authority.answer = authority.stamped
    written(delivery)
    assert (delivery.state, list(delivery.people.all()), bool(delivery.stamp)) == (State.READY, [staying], True)


def test_one_pack_that_waits_for_its_stamp_keeps_no_other_one(live, authority, settings, identity):
    """The second one is written, though the first one's authority said no."""
    first, second = asked(officer("first"), live), asked(officer("second"), live)
    answers = iter([(503, {}, [b""])])
    authority.answer = lambda query: next(answers, None) or authority.stamped(query)
    tasks.write_deliveries()
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {first.pk: State.WRITING, second.pk: State.READY}


def test_what_is_written_anew_is_stamped_anew(live, delivery, authority):
    written(delivery)
    before = bytes(delivery.stamp)
    type(live).objects.filter(pk=live.pk).update(safety="elevated")
    fetching.write_anew(Delivery.objects.get(pk=delivery.pk))
    delivery.refresh_from_db()
    assert delivery.stamp is None
    written(delivery)
    assert bytes(delivery.stamp) != before and checking.stamp(delivery)


@pytest.mark.requirement("S16")
def test_a_stamp_that_was_exchanged_in_the_database_names_nobody(client, live, authority, tmp_path):
    other = Authority(tmp_path, "Pretender")
    other.close()
    statement = '{"sha256": {}}'
    false = other.reply(timestamps.request(statement.encode()).as_bytes())
    delivery = factories.delivery(live, make_staff(), stamp=false, handed_over_at=timezone.now())
    shown = Html(client.get(f"/c/{live.slug}/delivered/{delivery.pk}/")).text
    assert "Pretender" not in shown and "can't say now whose it is" in shown
    Delivery.objects.update(stamp=authority.reply(timestamps.request(b"of another day").as_bytes()))
    assert "can't say now whose it is" in Html(client.get(f"/c/{live.slug}/delivered/{delivery.pk}/")).text
