"""What a backup leaves out of accounts, since who was logged in is nobody's business but theirs; and what is done on a restore."""

from __future__ import annotations

from accounts.models import StaffSession, User
from operations.models import JournalEntry
from operations.recovery.journal import Verb
from operations.recovery.replaying import replays
from operations.recovery.steps import leave_out

leave_out(StaffSession)


@replays(Verb.DELETE_ACCOUNT)
def _delete_account(entry: JournalEntry) -> None:
    """Never of staff. A restored site gives numbers a second time: whoever joined later is somebody else."""
    User.objects.filter(pk=entry.row, is_staff=False, date_joined__lte=entry.at).delete()
