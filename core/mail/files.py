"""Mails as files, one each, for a demo or a first look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes `EMAIL_FILE_PATH`/<time>-<message id>.eml."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            mime = message.message()
            name = str(mime["Message-ID"]).strip("<>").split("@")[0]
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            (folder / f"{stamp}-{name}.eml").write_bytes(mime.as_bytes())
        return len(messages)
