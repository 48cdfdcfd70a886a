import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection

from petitions.models import Signature
from tests import factories

pytestmark = pytest.mark.django_db


def column(name, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM petitions_signature WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_what_is_written_can_be_read_and_is_not_in_clear_in_the_database():
    row = factories.signature(factories.petition(), name="Zoë Прimer")
    assert Signature.objects.get().name == "Zoë Прimer"
    assert column("name", row.pk).startswith("gAAAA")
    assert "Прimer" not in column("name", row.pk)


def test_an_older_key_still_reads_and_the_newest_writes(settings):
    row = factories.signature(factories.petition(), name="Ana")
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert Signature.objects.get().name == "Ana"
    row.save()
    assert Fernet(new).decrypt(column("name", row.pk)).decode() == "Ana"


def test_nothing_but_null_can_be_asked_of_an_encrypted_column():
    assert Signature.objects.filter(name__isnull=True).count() == 0
    with pytest.raises(FieldError):
        Signature.objects.filter(name="Ana").count()
