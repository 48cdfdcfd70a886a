"""What is read and written on this machine."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from core.text import added_languages

# Certificates of all hosts end on the same day, and are copied by hand.
RENEW_WITHIN = timedelta(days=30)
COLLECT = "Run `python manage.py collectstatic --noinput`, with the same STATIC_ROOT."


@register("environment")
def static_files_are_collected(**kwargs: Any) -> list[CheckMessage]:
    """A warning, since one must first get there; at the start of a server it is an error (operations/startup.py)."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return []
    manifest = Path(settings.STATIC_ROOT) / staticfiles_storage.manifest_name
    try:
        collected = manifest.stat().st_mtime
    except OSError as error:
        reason = f"STATIC_ROOT: nothing is collected in {settings.STATIC_ROOT} ({error.strerror})."
        return [Warning(reason, hint=COLLECT, id="outcry.STATIC_ROOT")]
    if all(path.stat().st_mtime <= collected for path in _ours()):
        return []
    reason = f"STATIC_ROOT: what is collected in {settings.STATIC_ROOT} is older than this release."
    return [Warning(reason, hint=COLLECT, id="outcry.static_age")]


def _ours() -> list[Path]:
    return [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*") if path.is_file()]


@register("environment")
def there_is_room_for_temporary_files(**kwargs: Any) -> list[CheckMessage]:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"outcry")
    except OSError as error:
        hint = "Set TMPDIR to a folder that can be written to, with some megabytes free: drawings need it."
        return [Error(f"TMPDIR: no temporary file can be written ({error}).", hint=hint, id="outcry.TMPDIR")]
    return []


@register("environment")
def web_server_has_numbers(**kwargs: Any) -> list[CheckMessage]:
    hint = "Set a whole number from 1 on, or leave it out."
    said = {name: os.environ.get(name, "") for name in ("GRANIAN_WORKERS", "GRANIAN_BLOCKING_THREADS")}
    return [
        Error(f"{name} is not usable ({value}).", hint=hint, id=f"outcry.{name}")
        for name, value in said.items()
        if value and not (value.isdecimal() and int(value) > 0)
    ]


@register("environment")
def own_certificate_lasts(**kwargs: Any) -> list[CheckMessage]:
    """That of the web server itself, where it ends TLS (docs/many-hosts.md): nobody sees it in a browser."""
    if not (name := os.environ.get("GRANIAN_SSL_CERTIFICATE")):
        return []
    hint = "Renew it and restart outcry-web: docs/many-hosts.md says how."
    try:
        ends = x509.load_pem_x509_certificate(Path(name).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        reason = f"GRANIAN_SSL_CERTIFICATE: {name} can't be read as a certificate."
        return [Warning(reason, hint=hint, id="outcry.GRANIAN_SSL_CERTIFICATE")]
    if ends - timezone.now() > RENEW_WITHIN:
        return []
    reason = f"GRANIAN_SSL_CERTIFICATE: {name} ends on {ends:%Y-%m-%d}."
    return [Warning(reason, hint=hint, id="outcry.GRANIAN_SSL_CERTIFICATE")]


@register("environment")
def added_languages_are_whole(**kwargs: Any) -> list[CheckMessage]:
    hint = "Add it again (`python manage.py add_language`), or take its folder away."
    return [
        Warning(f"LANGUAGES_FOLDER: {reason}.", hint=hint, id="outcry.LANGUAGES_FOLDER")
        for reason in added_languages.faults(settings.LANGUAGES_FOLDER)
    ]
