"""What a backup leaves out of accounts: who was logged in is nobody's business but theirs."""

from __future__ import annotations

from accounts.models import StaffSession
from operations.recovery.steps import leave_out

leave_out(StaffSession)
