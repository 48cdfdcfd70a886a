"""New keys, and the new rule for what is one mailbox, for old rows, beside traffic: row by row, in the order of their ids, resumable
wherever it was interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from psycopg import sql

from core.crypto import keys
from core.crypto.fields import EncryptedTextField, fernet
from core.crypto.hashes import current_version
from core.models import KeyProof
from core.privacy import day_key
from core.privacy.address_hashes import address_hash
from core.privacy.addresses import RULE, moved
from core.privacy.mailboxes import Columns, hashed, went_astray
from core.privacy.personal_data import with_address
from petitions import looking_again, signing
from petitions.models import LinkRequest, Mailing, Signature, StandingDecision, Suppression

BATCH = 500


def encrypted_columns() -> list[tuple[type[models.Model], str]]:
    """Every column of every model that FIELD_KEYS encrypt."""
    return [
        (model, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def encrypt_anew() -> int:
    """Write what an older key encrypted under the newest one; how many values. What is under the newest already is passed over,
    so a second run, or one after a kill, goes on where the first one stood."""
    rows = sum(_column(model, column) for model, column in encrypted_columns())
    return rows + _second_factors() + day_key.seal_anew(timezone.now().date())


def _column(model: type[models.Model], column: str) -> int:
    newest, every, changed = Fernet(settings.FIELD_KEYS[0]), fernet(), 0
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "key": sql.Identifier(str(model._meta.pk.column)),
        "column": sql.Identifier(column),
    }
    # Whoever has written the row in between was right, and wrote it under the newest key.
    update = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s").format(**names)
    for rows in _batches(names):
        for pk, value in rows:
            try:
                newest.decrypt(value)
            except InvalidToken:
                with connection.cursor() as cursor:
                    cursor.execute(update, [every.rotate(value.encode()).decode(), pk, value])
                    changed += cursor.rowcount
    return changed


def _second_factors() -> int:
    """allauth keeps what its adapter encrypts inside a JSON column (accounts/adapters.py)."""
    newest, every, changed = Fernet(settings.FIELD_KEYS[0]), fernet(), 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            data = _rotated(row.data, newest, every)
            if data != row.data:
                Authenticator.objects.filter(pk=pk).update(data=data)
                changed += 1
    return changed


def _rotated(value: Any, newest: Fernet, every: MultiFernet) -> Any:
    if isinstance(value, dict):
        return {key: _rotated(inner, newest, every) for key, inner in value.items()}
    if isinstance(value, list):
        return [_rotated(inner, newest, every) for inner in value]
    if not isinstance(value, str) or not value.startswith("gAAAA"):
        return value
    try:
        newest.decrypt(value)
        return value
    except InvalidToken:
        return every.rotate(value.encode()).decode()


def _batches(names: dict[str, sql.Identifier]) -> Iterator[list[tuple[Any, str]]]:
    select = "SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL AND (%s IS NULL OR {key} > %s) ORDER BY {key} LIMIT %s"
    last: Any = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(select).format(**names), [last, last, BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def hash_anew() -> int:
    """Look-up hashes under the current key and rule, from the decrypted addresses; how many rows. Whoever has signed once under each
    stands once afterwards: the later signature is withdrawn. Suppressions and mailings have no address, and keep theirs."""
    changed = 0
    models_with_address: list[type[models.Model]] = [Signature, *with_address()]
    for model in models_with_address:
        # First those whom the first rule had put into other people's places: whoever is in the way after that is the same mailbox.
        changed += sum(_move(row) for row in _outdated(model) if moved(row.email))
        changed += sum(_move(row) for row in _outdated(model))
    for asked in LinkRequest.objects.all():
        if went_astray(asked):
            asked.delete()
        new = {"address_hash": address_hash(asked.email), "hash_rule": RULE}
        LinkRequest.objects.filter(pk=asked.pk).update(**new)
    changed += looking_again.hash_anew()
    # The key in force is proved from here on; one that nothing is hashed under any more need not be. Suppressions keep theirs.
    keys.write_proof()
    KeyProof.objects.exclude(hash_version__in=[current_version(), *_without_address()]).delete()
    return changed


def _outdated(model: type[models.Model]) -> Iterator[Any]:
    rows = model._default_manager.exclude(address_hash=None).exclude(hash_version=current_version(), hash_rule=RULE)
    last: Any = None
    while batch := list((rows.filter(pk__gt=last) if last else rows).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _move(row: Any) -> int:
    """How many rows changed: none if it was erased meanwhile."""
    new = hashed(row.email)
    mine: models.QuerySet[Any] = type(row)._default_manager.filter(pk=row.pk).exclude(address_hash=None)
    if went_astray(row):
        # Its mail, and the button in it, went to another mailbox. This one has agreed to nothing.
        if not isinstance(row, Signature) or not row.confirmed_at:
            return mine.delete()[0]
        signing.unsubscribe(mine)
    try:
        with transaction.atomic():
            return _rehash(row, mine, new)
    except IntegrityError:
        with transaction.atomic():
            if not isinstance(row, Signature):
                # Somebody who said it twice said it once.
                return mine.delete()[0]
            _withdraw_the_later(row, new["address_hash"])
            return _rehash(row, mine, new)


def _rehash(row: Any, mine: models.QuerySet[Any], new: Columns) -> int:
    if isinstance(row, Signature):
        _verdict_follows(row, new)
    return mine.update(**new)


def _without_address() -> list[int]:
    """Versions that only hashes know, so that they can't be made anew."""
    return [
        *Suppression.objects.values_list("hash_version", flat=True),
        *Mailing.objects.values_list("hash_version", flat=True),
        *StandingDecision.objects.values_list("hash_version", flat=True),
    ]


def _verdict_follows(row: Signature, new: Columns) -> None:
    """In the same transaction as its row, by which alone its address is known. Of two, what is removed stays so."""
    both = StandingDecision.objects.filter(
        petition=row.petition_id, address_hash__in=[row.address_hash, new["address_hash"]]
    )
    kept = both.order_by("-review").first()
    if kept:
        both.exclude(pk=kept.pk).delete()
        both.filter(pk=kept.pk).update(**new)


def _withdraw_the_later(row: Signature, new_hash: bytes) -> None:
    standing = Signature.objects.standing().filter(petition=row.petition_id)
    other = standing.filter(address_hash=new_hash).first()
    if other:
        signing.withdraw(max(row, other, key=lambda one: one.confirmed_at or one.signed_at))
