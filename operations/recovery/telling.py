"""What the commands say of a restore."""

from __future__ import annotations

from collections import Counter

from operations.recovery.restoring import Restored


def counts(replayed: Counter[str]) -> str:
    return ", ".join(f"{verb} {number}" for verb, number in sorted(replayed.items()))


def account(restored: Restored) -> str:
    """Lines for whoever restores."""
    lines = [
        f"As of {restored.since.isoformat(timespec='seconds')}.",
        f"From the journal: {counts(restored.replayed) or 'nothing to be done again'}.",
        f"{restored.held} mails may have gone out already: they are held (the admin lists those of signatures).",
    ]
    if restored.unreadable:
        lines.append(f"{restored.unreadable} lines of the journal could not be read.")
    lines += [
        f"{name}: {restored.before.get(name, 0)} in the backup, {now} now." for name, now in restored.after.items()
    ]
    if not restored.faults:
        lines.append("Everything fits. Look around, then: python manage.py open")
    return "\n".join(lines)
