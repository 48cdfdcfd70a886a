"""What is written and read by prepared statements is what Django would write and read."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Tombstone
from core.models import SpentChallenge
from core.prepared import get, insert, update
from petitions.models import Signature
from tests import factories


def made(petition, number):
    return Signature(
        petition=petition, email=f"ana-{number}@example.org", name="Ana “A” \\ O'Hara\n", comment="", country="ES", address_hash=bytes(range(32)),
        hash_version=1, hash_rule=2, client_hash=b"\x00'\\", domain="", seconds=7, mail_due_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


@pytest.mark.django_db
def test_it_is_the_row_that_django_saves():
    petition = factories.petition()
    ours, djangos = made(petition, 1), made(petition, 1)
    djangos.signed_at, djangos.mail_due_at = ours.signed_at, ours.mail_due_at
    with CaptureQueriesContext(connection) as asked:
        insert(ours)
    assert [query["sql"].split()[0] for query in asked] == ["INSERT"]
    djangos.save(force_insert=True)
    rows = [Signature.objects.values().get(pk=row.pk) for row in (ours, djangos)]
    for row in rows:
        del row["id"]
    assert rows[0] == rows[1]


@pytest.mark.django_db
def test_a_moment_that_a_row_notes_by_itself_is_noted():
    insert(Tombstone(post_hash=b"x" * 32))
    assert abs(Tombstone.objects.get().since - timezone.now()) < timedelta(minutes=1)


@pytest.mark.django_db
def test_fields_are_set_as_django_sets_them():
    petition = factories.petition()
    ours, djangos, other = (factories.signature(petition, confirmed=False) for _ in range(3))
    fields = {
        "name": "Ana “A” \\ O'Hara\n",
        "comment": "",
        "address_hash": b"\x00'\\",
        "confirmed_at": timezone.now(),
        "seconds": 7,
    }
    fields |= {"consent_text_id": factories.signature(petition).consent_text_id, "updates_at": None, "country": "FR"}
    with CaptureQueriesContext(connection) as asked:
        assert update(Signature, "id = %(pk)s AND confirmed_at IS NULL", {"pk": ours.pk}, **fields) == 1
    assert [query["sql"].split()[0] for query in asked] == ["UPDATE"]
    Signature.objects.filter(pk=djangos.pk).update(**fields | {"address_hash": b"\x01'\\"})
    rows = [Signature.objects.values(*fields).get(pk=row.pk) for row in (ours, djangos)]
    assert bytes(rows[0].pop("address_hash")) == fields["address_hash"] and rows[1].pop("address_hash")
    assert rows[0] == rows[1]
    assert update(Signature, "id = %(pk)s AND confirmed_at IS NULL", {"pk": ours.pk}, **fields) == 0
    other.refresh_from_db()
    assert other.confirmed_at is None


@pytest.mark.django_db
def test_a_row_is_read_as_django_reads_it():
    petition = factories.petition()
    for row in (
        factories.signature(petition),
        factories.signature(petition, confirmed=False, name="", comment="“ja”"),
        petition,
    ):
        djangos = type(row).objects.get(pk=row.pk)
        with CaptureQueriesContext(connection) as asked:
            ours = get(type(row), row.pk)
        assert len(asked) == 1
        assert {name: value for name, value in vars(ours).items() if name != "_state"} == {
            name: value for name, value in vars(djangos).items() if name != "_state"
        }
        assert (ours._state.adding, ours._state.db) == (False, "default")
    with pytest.raises(Signature.DoesNotExist):
        get(Signature, uuid4())


@pytest.mark.django_db
def test_what_is_there_already_is_an_error_or_left_alone():
    insert(SpentChallenge(id="x"))
    insert(SpentChallenge(id="x"), "DO NOTHING")
    assert SpentChallenge.objects.count() == 1
    with pytest.raises(IntegrityError):
        insert(SpentChallenge(id="x"))


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_closed_is_made_anew():
    insert(SpentChallenge(id="before"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.close()

    other = threading.Thread(target=end)
    other.start()
    other.join()
    # As at the beginning of a request.
    close_old_connections()
    insert(SpentChallenge(id="after"))
    assert SpentChallenge.objects.count() == 2
