"""How the house is built, checked."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, resolve, reverse

from config.celery import app
from tests.house.sources import ROOMS
from tests.safety.test_privacy import walk

ROOT = Path(settings.BASE_DIR)


def room(dotted_name):
    return dotted_name.split(".")[0]


def test_rooms_are_those_that_are_installed():
    files = subprocess.run(["git", "ls-files", "*/apps.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.split("/")[0] for name in files.stdout.split()} == ROOMS
    assert {room(name) for name in settings.INSTALLED_APPS} >= ROOMS


def test_imports_run_one_way():
    result = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_names_of_urls_are_unique():
    """Ours among themselves; and where we stand in front of one of allauth's, ours is the one that is found."""
    from accounts import urls

    own = [entry.name for entry in walk(get_resolver()) if room(entry.callback.__module__) in ROOMS - {"accounts"}]
    front = [entry.name for entry in urls.urlpatterns if getattr(entry, "name", None)]
    assert [name for name, number in Counter(own + front).items() if number > 1] == []
    for name, address in (("account_email", "/accounts/email/"), ("account_signup", "/accounts/signup/")):
        assert reverse(name) == address
        assert resolve(address).func.__module__ == "accounts.views"


# Celery runs the system checks when it loads the tasks; one asks the database.
@pytest.mark.django_db
def test_every_beat_entry_is_a_task_with_a_time_limit():
    app.loader.import_default_modules()
    assert len(app.conf.beat_schedule) >= 12
    for name, entry in app.conf.beat_schedule.items():
        task = app.tasks[entry["task"]]
        assert 0 < task.soft_time_limit < task.time_limit, name
        assert task.acks_late
        assert task.ignore_result


def test_counting_waits_for_nobody():
    """No mail server, no X, no disk of another machine: what else is in this queue could hold up the count."""
    counting = {
        entry["task"] for entry in app.conf.beat_schedule.values() if entry.get("options", {}).get("queue") == "count"
    }
    assert counting == {"petitions.tally", "actions.tally_openings"}


@pytest.mark.django_db
def test_every_task_of_ours_is_scheduled():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if room(name) in ROOMS}
    assert ours == {entry["task"] for entry in app.conf.beat_schedule.values()}


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_migrations_run_backwards_too(django_db_blocker):
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    for (label, name), migration in loader.disk_migrations.items():
        if label in ROOMS:
            assert all(operation.reversible for operation in migration.operations), (label, name)


def test_only_one_folder_imports_tweepy():
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT).parts
        if parts[0] in {*ROOMS, "config"} and (parts[0] != "actions" or parts[1] not in ("x", "tests")):
            assert "import tweepy" not in file.read_text(), file


def test_nothing_says_where_it_was_made():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert files
    here = str(ROOT.parent) + "/"
    for name in files:
        file = ROOT / name
        if file.suffix in (".py", ".md", ".html", ".css", ".js", ".txt", ".toml", ".sh", ""):
            assert here not in file.read_text(errors="ignore"), name
