"""What would be missing on the day on which a backup is needed is named by `check`."""

import os
from contextlib import contextmanager

from django.core.checks import run_checks

from operations.recovery import sealing


def told():
    return [problem.id for problem in run_checks(tags=["recovery"])]


def test_nothing_is_said_where_all_is_well_or_no_backups_are_made(settings, tmp_path):
    assert told() == []
    settings.BACKUP_RECIPIENTS, settings.JOURNAL_PATH = [sealing.new_identity()[1]], tmp_path / "not yet"
    assert told() == []


def test_a_mistyped_recipient_is_named(settings, tmp_path):
    good = sealing.new_identity()[1]
    settings.BACKUP_RECIPIENTS, settings.JOURNAL_PATH = [good[:-1] + ("q" if good[-1] != "q" else "p")], tmp_path
    assert told() == ["outcry.BACKUP_RECIPIENTS"]


def test_backups_without_a_journal_are_named(settings):
    settings.BACKUP_RECIPIENTS = [sealing.new_identity()[1]]
    assert told() == ["outcry.W006"]


@contextmanager
def asked_by_nobody():
    """Whether something may be written is asked for the user who started us; root may everything."""
    if os.getuid():
        yield
        return
    os.setresuid(65_534, 0, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_journal_that_nobody_can_write_is_named(settings, tmp_path):
    tmp_path.chmod(0o500)
    settings.JOURNAL_PATH = tmp_path
    with asked_by_nobody():
        assert told() == ["outcry.W007"]
