"""The virtual clock every part of the simulator reads."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time by default; with `start`, or after `set`, it stands still until it is moved. It says UTC."""

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen = start.astimezone(UTC) if start else None
        self._offset = timedelta(0)

    def now(self) -> datetime:
        return self._frozen or datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        self._frozen = moment.astimezone(UTC)

    def advance(self, seconds: float = 0, **units: float) -> None:
        """Move on by seconds and any other timedelta unit, e.g. advance(days=2)."""
        step = timedelta(seconds=seconds, **units)
        if self._frozen is None:
            self._offset += step
        else:
            self._frozen += step


def timestamp(moment: datetime) -> str:
    """2026-11-22T09:00:00.000Z"""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
