"""No model keeps somebody's address without whoever erases, shows and hashes anew knowing it."""

import pytest
from django.apps import apps

from core.crypto.fields import EncryptedTextField
from core.privacy.personal_data import with_address

# Models with an address that are not registered, and who looks after them instead.
LOOKED_AFTER = {
    "petitions.Signature": "what all others are kept beside: petitions/signing.py blanks it, its owner sees it first",
    "petitions.LinkRequest": "goes with the last trace of its address, and two days after it was asked for at the latest",
    "petitions.Mailing": "a hash alone: goes with the last trace of its address, and after 30 days at the latest",
    "petitions.StandingDecision": "a hash alone: outlives an erasure until retention ends, as its owner is told",
    "petitions.Suppression": "a hash alone, of whoever wants no mail: kept so that none is sent",
    "operations.JournalEntry": "a hash alone, of whoever wants no mail: goes a week after it is in the journal's file",
    "accounts.ResetRequest": "of staff, who have accounts: goes when it was answered",
}
COLUMNS = {"email", "address_hash", "hash_version", "hash_rule", "mailed_at"}


def keeps_an_address(model):
    fields = {field.name: field for field in model._meta.get_fields()}
    return "address_hash" in fields or isinstance(fields.get("email"), EncryptedTextField)


def test_every_model_with_an_address_is_registered_or_looked_after():
    found = {model._meta.label for model in apps.get_models() if keeps_an_address(model)}
    registered = {model._meta.label for model in with_address()}
    assert found == registered | LOOKED_AFTER.keys()
    assert not registered & LOOKED_AFTER.keys()
    assert "campaigns.Pledge" in registered


@pytest.mark.parametrize("model", with_address())
def test_what_is_registered_has_what_is_asked_of_it(model):
    """Protocols say it to mypy; what a queryset filters by only the columns show."""
    assert {field.name for field in model._meta.concrete_fields} >= COLUMNS
    assert callable(model.told)
