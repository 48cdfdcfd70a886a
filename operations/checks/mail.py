"""Whether mails leave, unread on their way, and are taken for ours."""

from __future__ import annotations

import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core.environment import is_usable
from core.privacy.domains import PROVIDERS
from core.web.origins import is_public
from operations.checks.site import site_is_public

GO_NOWHERE = ("console", "memory", "dummy", "filemail")


@register("environment")
def mails_leave(**kwargs: Any) -> list[CheckMessage]:
    if not is_usable("EMAIL_URL") or not site_is_public() or not settings.EMAIL_URL.startswith(GO_NOWHERE):
        return []
    reason = "EMAIL_URL: no mail leaves this machine, so nobody can confirm."
    return [Warning(reason, hint="Set it to smtp+tls://user:password@host:587.", id="outcry.EMAIL_URL")]


@register("environment")
def mails_can_be_written(**kwargs: Any) -> list[CheckMessage]:
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", "/"))
    if not settings.EMAIL_URL.startswith("filemail://") or _can_be_written(folder):
        return []
    reason = f"EMAIL_URL: {folder} can't be written to."
    return [Error(reason, hint="Make the folder, for the user that Outcry runs as.", id="outcry.EMAIL_URL")]


def _can_be_written(folder: Path) -> bool:
    """Or made: the nearest folder above that there is, is asked."""
    while not folder.exists() and not folder.is_symlink() and folder.parent != folder:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


@register("environment")
def mails_are_sent_in_private(**kwargs: Any) -> list[CheckMessage]:
    is_smtp = settings.EMAIL_URL.startswith("smtp")
    if not is_smtp or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or not is_public(settings.EMAIL_HOST):
        return []
    reason = "EMAIL_URL: the password, and every link that proves who somebody is, cross the internet in clear."
    return [Warning(reason, hint="Use smtp+tls:// (port 587) or smtp+ssl:// (465).", id="outcry.mail_tls")]


@register("environment")
def senders_are_ours(**kwargs: Any) -> list[CheckMessage]:
    """A receiver asks the sender's domain whether we may send for it (SPF, DKIM, DMARC)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    if not site_is_public() or (is_public(domain) and domain not in PROVIDERS):
        return []
    reason = f"FROM_EMAIL: nothing can show that a mail from {domain or 'nowhere'} is ours, so it is taken for spam."
    hint = "Set it to an address at a domain of yours, whose DNS names your mail server: docs/operations.md."
    return [Warning(reason, hint=hint, id="outcry.FROM_EMAIL")]
