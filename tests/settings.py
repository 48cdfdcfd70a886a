"""The settings under test: config.settings, with private engines where the environment names none."""

import atexit
import os
from pathlib import Path
from urllib.parse import urlsplit

from engines import Engines
from tests.keys import KEYS

os.environ.update(KEYS)
UNSET = (
    "ALERT_WEBHOOK", "BACKUP_RECIPIENTS", "DATABASE_REPLICA_URL", "DATABASE_STANDBYS", "DATA_PLACES", "EXPORT_RECIPIENTS", "FROM_EMAIL", "JOURNAL_PATH",
    "LANGUAGES_FOLDER", "METRICS_DIR", "METRICS_TOKEN", "SENTRY_DSN", "STATIC_ROOT", "TIMESTAMP_AUTHORITY",
    "TIMESTAMP_AUTHORITY_CERTIFICATES", "TRUSTED_PROXIES", "X_POLL_SECONDS", "X_POSTS_PER_DAY",
)  # fmt: skip
for name in UNSET:
    os.environ.pop(name, None)
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    engines = Engines(Path(__file__).resolve().parent.parent / "var", f"test-{os.getpid()}", fsync=False)
    atexit.register(engines.postgres.remove)
    atexit.register(engines.stop)
    os.environ.update(engines.start())
# Tests that run side by side share the engines: each process has a database of its own (pytest-django), and a Valkey of its own.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    url, number = os.environ["REDIS_URL"], int(worker.removeprefix("gw")) + 1
    own = urlsplit(url)._replace(path=f"/{number}").geturl()
    os.environ["REDIS_URL"] = f"{url}?db={number}" if url.startswith("unix:") else own

from config.settings import *  # noqa: E402, F403

# Hashed names need a collectstatic run; the pages under test are the same without.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = BASE_DIR / "var" / "test-static"  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
