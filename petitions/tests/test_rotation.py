"""New keys for old rows, beside traffic, interrupted anywhere."""

import os

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.crypto import keys
from core.models import KeyProof, StaffMail
from core.privacy import day_key
from core.privacy.address_hashes import address_hash
from operations.checks.postgres import keys_fit_the_data
from petitions import rotation, signing, tally
from petitions.models import LinkRequest, SecondLook, Signature, Suppression
from tests import factories

pytestmark = pytest.mark.django_db
NEW_HASH = b"a-new-key-a-new-key-a-new-key-a-new-key"


def stored(model, column):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE "{column}" IS NOT NULL')
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def people(settings):
    keys.write_proof()
    petition = factories.petition()
    rows = [factories.signature(petition, address=f"s{number}@example.org", comment="Why") for number in range(7)]
    LinkRequest.objects.create(email="s1@example.org")
    StaffMail.objects.create(to="staff@example.org", subject="x", text="x")
    return rows


def test_every_encrypted_column_is_known():
    columns = {(model.__name__, column) for model, column in rotation.encrypted_columns()}
    assert columns >= {
        ("Signature", "email"),
        ("Signature", "name"),
        ("Signature", "comment"),
        ("LinkRequest", "email"),
        ("StaffMail", "to"),
        ("StaffMail", "text"),
        ("KeyProof", "cipher"),
    }


def test_afterwards_the_old_key_can_be_thrown_away(people, settings):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    clients = day_key.day_key(timezone.now().date())
    settings.FIELD_KEYS = [new, old]
    call_command("encrypt_anew")
    settings.FIELD_KEYS = [new]
    day_key.forget()
    assert day_key.day_key(timezone.now().date()) == clients
    assert {row.comment for row in Signature.objects.all()} == {"Why"}
    assert StaffMail.objects.get().to == "staff@example.org"
    assert keys_fit_the_data() == []
    assert rotation.encrypt_anew() == 0


def test_while_valkey_is_away_the_old_key_must_stay(people, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(CommandError, match="Run this again"):
        call_command("encrypt_anew")


def test_interrupted_anywhere_it_goes_on_where_it_stood(people, settings, monkeypatch):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    monkeypatch.setattr(rotation, "BATCH", 2)
    real, calls = rotation.fernet, []

    class Dying:
        def rotate(self, value):
            calls.append(value)
            if len(calls) == 5:
                raise KeyboardInterrupt
            return real().rotate(value)

    monkeypatch.setattr(rotation, "fernet", Dying)
    with pytest.raises(KeyboardInterrupt):
        rotation.encrypt_anew()
    monkeypatch.setattr(rotation, "fernet", real)
    assert {row.name for row in Signature.objects.all()} == {"Ana Example"}
    rotation.encrypt_anew()
    for value in stored(Signature, "email"):
        Fernet(new).decrypt(value)
        with pytest.raises(InvalidToken):
            Fernet(old).decrypt(value)


def test_what_is_written_meanwhile_is_not_overwritten(people, settings, monkeypatch):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    real = rotation.fernet

    class Slow:
        def rotate(self, value):
            Signature.objects.filter(pk=people[0].pk).update(name="Changed meanwhile")
            return real().rotate(value)

    monkeypatch.setattr(rotation, "fernet", Slow)
    rotation.encrypt_anew()
    assert Signature.objects.get(pk=people[0].pk).name == "Changed meanwhile"


def test_hashes_move_to_the_new_version_and_the_old_key_can_go(people, settings):
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_HASH}
    call_command("hash_anew")
    assert set(Signature.objects.values_list("hash_version", flat=True)) == {2}
    assert bytes(Signature.objects.get(pk=people[0].pk).address_hash) == address_hash("s0@example.org")
    assert rotation.hash_anew() == 0
    settings.HASH_KEYS = {2: NEW_HASH}
    assert keys_fit_the_data() == []
    assert set(KeyProof.objects.values_list("hash_version", flat=True)) == {2}


def test_a_crowd_that_asks_before_and_after_is_one(people, settings):
    petition, said = people[0].petition, ["It is me", "it is ME!"]
    by = [User.objects.create(username=f"moderator-{number}") for number in range(3)]
    for moderator, words in zip(by, said, strict=False):
        factories.second_look(petition, moderator, words)
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_HASH}
    call_command("hash_anew")
    factories.second_look(petition, by[2], said[0])
    assert SecondLook.objects.alike().count() == 3
    assert rotation.hash_anew() == 0


def test_suppressions_keep_their_key(people, settings):
    Suppression.objects.create(address_hash=os.urandom(32), hash_version=1)
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_HASH}
    rotation.hash_anew()
    settings.HASH_KEYS = {2: NEW_HASH}
    assert [found.id for found in keys_fit_the_data()] == ["outcry.HASH_KEYS"]


def test_whoever_signed_once_under_each_key_stands_once(settings):
    petition = factories.petition()
    first = factories.signature(petition, address="ana@example.org")
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_HASH}
    second = factories.signature(petition, address="Ana@example.org")
    tally.settle_all()
    rotation.hash_anew()
    tally.settle_all()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.counts, second.counts) == (True, False)
    assert tally.confirmed(petition) == 1


def test_people_erased_meanwhile_stay_erased(people, settings):
    signing.erase(people[0])
    settings.HASH_KEYS = {**settings.HASH_KEYS, 2: NEW_HASH}
    rotation.hash_anew()
    assert Signature.objects.get(pk=people[0].pk).address_hash is None


def test_staff_log_in_with_the_new_key_alone(settings):
    from tests.login import log_in, make_staff

    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    user = make_staff()
    settings.FIELD_KEYS = [new, old]
    assert rotation.encrypt_anew() > 0
    assert rotation.encrypt_anew() == 0
    settings.FIELD_KEYS = [new]
    assert log_in(user).get("/admin/").status_code == 200
