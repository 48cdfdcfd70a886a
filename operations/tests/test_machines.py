"""Machines that were given other keys are named, at each of them."""

import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from operations import machines
from operations.checks import postgres
from operations.models import Machine

pytestmark = pytest.mark.django_db(transaction=True)
OTHER_FIELD_KEY = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMTI="
CHANGES = {
    "SECRET_KEY": "another-secret-" * 5,
    "FIELD_KEYS": [OTHER_FIELD_KEY],
    "HASH_KEYS": {1: b"another-key-another-key-another-key"},
    "SNAPSHOT_KEYS": {},
}


@pytest.fixture
def other():
    """Another machine that has the same keys."""
    return Machine.objects.create(name="web-2", keys=machines.fingerprints())


def named():
    return [(each.id, each.msg) for each in postgres.keys_are_the_same_everywhere()]


@pytest.mark.parametrize("name", CHANGES)
def test_a_machine_with_another_key_is_named(other, settings, caplog, name):
    assert named() == []
    setattr(settings, name, CHANGES[name])
    assert named() == [("outcry.keys_differ", f"{name} of this machine differ from those of web-2.")]
    machines.note()
    assert f"{name} of this machine differ from those of web-2" in caplog.text


def test_one_that_has_gone_is_forgotten(other, settings):
    settings.SECRET_KEY = CHANGES["SECRET_KEY"]
    Machine.objects.update(seen_at=timezone.now() - timedelta(hours=4))
    assert named() == []
    machines.note()
    assert not Machine.objects.filter(name="web-2").exists()


def test_a_machine_never_differs_from_itself(settings):
    machines.note()
    settings.SECRET_KEY = CHANGES["SECRET_KEY"]
    assert named() == []
    machines.note()
    assert Machine.objects.get().keys == machines.fingerprints()


def test_a_fingerprint_holds_nothing_of_a_key(settings):
    prints = machines.fingerprints()
    assert prints.keys() == CHANGES.keys()
    assert all(len(each) == 16 for each in prints.values())
    keys = f"{settings.SECRET_KEY} {settings.FIELD_KEYS} {settings.HASH_KEYS} {settings.SNAPSHOT_KEYS}"
    assert not any(each in keys for each in prints.values())


def test_a_process_notes_its_machine():
    machines.begin()
    until = time.monotonic() + 10
    while not Machine.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert Machine.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


def test_noting_it_needs_no_database():
    away = connections["default"].copy()
    away.settings_dict["HOST"] = "/nowhere"
    usual, connections["default"] = connections["default"], away
    try:
        machines.note()
    finally:
        connections["default"] = usual
