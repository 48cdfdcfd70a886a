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
from tests.safety.test_privacy import walk

ROOT = Path(settings.BASE_DIR)


def test_imports_run_one_way():
    result = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_names_of_addresses_are_unique():
    """Ours among themselves; and where we stand in front of one of allauth's, ours is the one that is found."""
    from accounts import urls

    own = [
        entry.name
        for entry in walk(get_resolver())
        if entry.callback.__module__.split(".")[0] in ("core", "petitions", "campaigns")
    ]
    front = [entry.name for entry in urls.urlpatterns if getattr(entry, "name", None)]
    assert [name for name, number in Counter(own + front).items() if number > 1] == []
    for name, address in (("account_email", "/accounts/email/"), ("account_signup", "/accounts/signup/")):
        assert reverse(name) == address
        assert resolve(address).func.__module__ == "accounts.views"


def test_every_beat_entry_is_a_task_with_a_time_limit():
    app.loader.import_default_modules()
    assert len(app.conf.beat_schedule) >= 12
    for name, entry in app.conf.beat_schedule.items():
        task = app.tasks[entry["task"]]
        assert 0 < task.soft_time_limit < task.time_limit, name
        assert task.acks_late
        assert task.ignore_result


def test_every_task_of_ours_is_scheduled():
    app.loader.import_default_modules()
    ours = {
        name for name in app.tasks if name.split(".")[0] in ("core", "petitions", "actions", "campaigns", "accounts")
    }
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
        if label in ("core", "accounts", "petitions", "actions", "campaigns", "progress"):
            assert all(operation.reversible for operation in migration.operations), (label, name)


def test_only_one_folder_imports_tweepy():
    for file in ROOT.rglob("*.py"):
        parts = file.relative_to(ROOT).parts
        if parts[0] in ("core", "accounts", "petitions", "campaigns", "config") or (
            parts[0] == "actions" and parts[1] not in ("x", "tests")
        ):
            assert "import tweepy" not in file.read_text(), file


def test_nothing_says_where_it_was_made():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert files
    here = str(ROOT.parent) + "/"
    for name in files:
        file = ROOT / name
        if file.suffix in (".py", ".md", ".html", ".css", ".js", ".txt", ".toml", ".sh", ""):
            assert here not in file.read_text(errors="ignore"), name
