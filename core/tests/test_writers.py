"""Who writes the mails of a model: one function, and nobody is an error that says so."""

import pytest

from campaigns.models import Pledge, Reminder, UpdateMail
from core.mail.writers import writer, writes
from core.models import StaffMail
from public import mails


def test_the_mails_of_campaigns_are_written_by_public():
    assert [writer(model) for model in (Pledge, Reminder, UpdateMail)] == [
        mails.confirm_pledge,
        mails.reminder,
        mails.update,
    ]


def test_a_second_writer_is_refused_and_changes_nothing():
    with pytest.raises(ValueError, match="Pledge has a writer already"):
        writes(Pledge)(lambda row: None)
    assert writer(Pledge) is mails.confirm_pledge


def test_a_model_that_nobody_writes_for_is_named():
    with pytest.raises(LookupError, match="StaffMail"):
        writer(StaffMail)
