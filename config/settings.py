"""All settings, read from the environment: docs/settings.md lists every variable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import environment as env
from core.text import added_languages
from operations.version import version

BASE_DIR = Path(__file__).resolve().parent.parent

# The place and its keys

SITE_URL = env.read(
    "SITE_URL", env.site_url, "http://localhost:8000", "Set it to the public origin: https://example.org", True
)
SECRET_KEY = env.read(
    "SECRET_KEY", env.long_text, "", "Set it to at least 50 random characters: `openssl rand -base64 48`", True
)
FIELD_KEYS = env.read(
    "FIELD_KEYS",
    env.field_keys,
    list[str](),
    "Set it to one or more Fernet keys, comma-separated, newest first: `openssl rand -base64 32 | tr +/ -_`",
    True,
)
HASH_KEYS = env.read(
    "HASH_KEYS",
    env.hash_keys,
    dict[int, bytes](),
    "Set it to `version:key` pairs, comma-separated: `echo 1:$(openssl rand -hex 32)`",
    True,
)
SNAPSHOT_KEYS = env.read(
    "SNAPSHOT_KEYS", env.public_keys, dict[bytes, date](), "Set it to what `python manage.py snapshot_keys` prints"
)
ORGANISATION = env.read("ORGANISATION", env.text, "Outcry", "Set it to the name of who runs this site")
CONTACT = env.read("CONTACT", env.text, "", "Set it to an address where people reach you")
DATA_PLACES = env.read(
    "DATA_PLACES",
    env.texts,
    list[str](),
    "Set it to where the data lies, with semicolons: PostgreSQL in Frankfurt, at Example Hosting; backups in Oslo",
)
DEBUG = False
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "localhost"]
SECURE = SITE_URL.startswith("https://")
TRUSTED_PROXIES = env.read(
    "TRUSTED_PROXIES", env.networks, list[Any](), "Set it to the addresses of your proxies: 10.0.0.0/8,::1/128"
)
ADMIN_NAME = "Outcry"

# Applications

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.twitter_oauth2",
    "allauth.mfa",
    "csp",
    "django_countries",
    "simple_history",
    "operations",
    "core",
    "accounts",
    "petitions",
    "actions",
    "campaigns",
    "progress",
    "public",
    "desk",
]
MIDDLEWARE = [
    "core.web.request_ids.request_ids",
    "operations.watching.timing.Timing",
    "core.web.middleware.health_by_any_name",
    "core.changes.of_staff",
    "django.middleware.security.SecurityMiddleware",
    "core.web.middleware.one_origin",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.web.middleware.readable_requests",
    "core.web.middleware.KnownParameters",
    "django.middleware.gzip.GZipMiddleware",
    "core.web.middleware.path_language",
    "core.web.middleware.ContentPolicy",
    "core.web.middleware.admin_policy",
    "operations.maintenance.Maintenance",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.require_second_factor",
    "accounts.sessions.note_staff",
    "accounts.norole.ask_for_a_role",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "core.web.templates.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.site",
            ],
        },
    }
]
FORM_RENDERER = "core.web.forms.Renderer"

# Engines

DATABASE_URL = env.read(
    "DATABASE_URL", env.postgres_url, "postgres:///", "Set it to postgres://user:password@host:5432/name", True
)
DATABASE = environ.Env.db_url_config(DATABASE_URL)
DATABASES = {
    "default": {
        **DATABASE,
        "ENGINE": "core.postgres",
        # Seconds: a machine that has gone says nothing, for minutes.
        "OPTIONS": {"connect_timeout": 5, **DATABASE.get("OPTIONS", {})},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASE_REPLICA_URL = env.read(
    "DATABASE_REPLICA_URL", env.postgres_url, "", "Set it to a standby: postgres://user:password@host:5432/name"
)
if DATABASE_REPLICA_URL:
    REPLICA = environ.Env.db_url_config(DATABASE_REPLICA_URL)
    # One that is gone without a word is given up for the primary within seconds.
    PATIENCE = {"connect_timeout": 2, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    DATABASES["replica"] = {**DATABASES["default"], **REPLICA, "ENGINE": "core.postgres"}
    DATABASES["replica"]["OPTIONS"] = {**PATIENCE, **REPLICA.get("OPTIONS", {})}
    DATABASE_ROUTERS = ["core.postgres.replica.Router"]
DATABASE_STANDBYS = env.read("DATABASE_STANDBYS", env.count, 0, "Set it to how many standbys there should be: 2")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.read("REDIS_URL", env.redis_url, "redis://localhost:6379/0", "Set it to redis://host:6379/0", True)
CACHES = {
    "default": {
        "BACKEND": "core.web.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "outcry",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.2},
    }
}
CELERY_BROKER_URL = env.broker_url(REDIS_URL)
# Never pickle: whoever can write to Valkey must not run anything here.
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# For ever: Valkey may be away for longer than a hundred tries.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may take: what a dead worker had is given to another one only then.
    "visibility_timeout": 900,
    # A network may lose a connection without a word: in seconds, who waits for an answer gives up, and who waits for work asks.
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 5,
}
# A Valkey that has become a replica, or has lost its own, refuses to write for a moment: that is no reason to end.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
# No CELERY_DB_REUSE_MAX: a connection that is kept from task to task stays dead after a restart of PostgreSQL.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"

# Mail

EMAIL_URL = env.read(
    "EMAIL_URL", env.email_url, "", "Set it to smtp+tls://user:password@host:587 (filemail:///folder in a demo)", True
)
vars().update(environ.Env.email_url_config(EMAIL_URL or "consolemail://"))
EMAIL_TIMEOUT = 10
if EMAIL_URL.startswith("filemail://"):
    EMAIL_BACKEND = "core.mail.files.EmailBackend"
    EMAIL_FILE_PATH = EMAIL_URL.removeprefix("filemail://")
DEFAULT_FROM_EMAIL = env.read(
    "FROM_EMAIL", env.sender, f"{ORGANISATION} <no-reply@{ALLOWED_HOSTS[0]}>", "Set it to the sender: Name <address>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAILS_PER_MINUTE = env.read(
    "MAILS_PER_MINUTE", env.positive, 300, "Set it to how many mails of news go out a minute at most: 300"
)

# Backups, exports, and what people took back since

BACKUP_RECIPIENTS = env.read(
    "BACKUP_RECIPIENTS",
    env.age_recipients,
    list[str](),
    "Set it to what `python manage.py backup --new-identity` prints",
)
EXPORT_RECIPIENTS = env.read(
    "EXPORT_RECIPIENTS",
    env.age_recipients,
    list[str](),
    "Set it to the age recipient of your data officer: age1…",
)
JOURNAL_PATH = env.read(
    "JOURNAL_PATH",
    env.folder,
    None,
    "Set it to a folder that is on another disk than the database: /var/lib/outcry/journal",
)

# Who stamps what is handed to a target. Without one our own signature has to do.

TIMESTAMP_AUTHORITY = env.read(
    "TIMESTAMP_AUTHORITY",
    env.service_url,
    "",
    "Set it to the address where the authority takes requests (RFC 3161): https://tsa.example.org/tsr",
)
TIMESTAMP_AUTHORITY_CERTIFICATES = env.read(
    "TIMESTAMP_AUTHORITY_CERTIFICATES",
    env.file,
    None,
    "Set it to a file with the certificates of the authority's CA (PEM): /var/lib/outcry/timestamps.pem",
)

# X. Without a bearer token every page works and says "not connected".

X_API_BASE = env.read(
    "X_API_BASE", env.http_url, "https://api.x.com", "Set it to the origin of X's API: https://api.x.com"
)
X_BEARER_TOKEN = env.read("X_BEARER_TOKEN", env.token, "", "Set it to the app's bearer token, without “Bearer”")
X_CLIENT_ID = env.read("X_CLIENT_ID", env.text, "", "Set it to the OAuth 2 client id")
X_CLIENT_SECRET = env.read("X_CLIENT_SECRET", env.text, "", "Set it to the OAuth 2 client secret")
X_HOST = "https://x.com" if X_API_BASE == "https://api.x.com" else X_API_BASE
X_AUTHORIZE_URL = f"{X_HOST}/i/oauth2/authorize"
X_POSTS_PER_DAY = env.read("X_POSTS_PER_DAY", env.positive, 40, "Set it to the most posts to read a day and action: 40")
# Seconds of silence after which an answer of X is given up.
X_TIMEOUT = 10
# US dollars as of November 2026: for a request for counts, for a post read, for a user read.
X_PRICES = {"counts": Decimal("0.005"), "post": Decimal("0.005"), "user": Decimal("0.010")}
X_POLL_SECONDS = env.read("X_POLL_SECONDS", env.positive, 3600, "Set it to the seconds between two polls of X: 3600")

# Accounts: staff by e-mail and second factor, supporters by X; nobody needs one to sign or to tweet

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accounts/me/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "accounts.forms.ResetForm", "change_password": "accounts.forms.PasswordForm"}
# allauth counts in the cache, and locks: who guesses is slowed by accounts/guessing.py instead, in PostgreSQL.
ACCOUNT_RATE_LIMITS = dict.fromkeys(
    ("login", "login_failed", "reauthenticate", "change_password", "reset_password_from_key")
)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 0
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "twitter_oauth2": {
        "OAUTH_PKCE_ENABLED": True,
        "FIELDS": ["id", "name", "username"],
        "APPS": [{"client_id": X_CLIENT_ID, "secret": X_CLIENT_SECRET}] if X_CLIENT_ID else [],
    }
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {"authenticate": "accounts.forms.CodeForm", "reauthenticate": "accounts.forms.CodeAgainForm"}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = ORGANISATION

# What is watched

METRICS_TOKEN = env.read(
    "METRICS_TOKEN", env.secret, "", "Set it to at least 32 characters without spaces: `openssl rand -hex 32`"
)
METRICS_DIR = env.read("METRICS_DIR", env.folder, None, "Set it to a folder of its own: /run/outcry/metrics")

# What goes out

LANGUAGE_CODE = "en"
# In none of the lists of ISO 3166, but people live there.
COUNTRIES_OVERRIDE = {"XK": _("Kosovo")}
LANGUAGES = [("en", _("English")), ("ar", _("Arabic")), ("fr", _("French")), ("es", _("Spanish"))]
SHIPPED_LANGUAGES = dict(LANGUAGES).keys()
LANGUAGES_FOLDER = env.read(
    "LANGUAGES_FOLDER",
    env.folder,
    None,
    "Set it to a folder for languages of your own: /var/lib/outcry/languages",
)
ADDED_LANGUAGES = [one for one in added_languages.added(LANGUAGES_FOLDER) if one.code not in SHIPPED_LANGUAGES]
added_languages.introduce(ADDED_LANGUAGES)
LANGUAGES += [(one.code, _(one.name)) for one in ADDED_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale", *([LANGUAGES_FOLDER] if LANGUAGES_FOLDER else [])]
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = env.read(
    "STATIC_ROOT",
    env.folder,
    BASE_DIR / "staticfiles",
    "Set it to the folder that static files are collected in: /srv/x",
)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.web.static.TightStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# The admin's theme evaluates expressions in attributes (Alpine) and sets styles; it has no inline script and calls nobody.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# The picture of a sheet that was signed on paper touches no disk before it is sealed; nor does nginx let it (deploy/nginx.conf).
FILE_UPLOAD_MAX_MEMORY_SIZE = 13_000_000
# A campaign with its parts is one form in the admin, and a long one.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
SILENCED_SYSTEM_CHECKS: list[str] = []


def link(title: Any, icon: str, view: str, query: str = "") -> dict[str, Any]:
    """An entry of the admin's sidebar, for those who may look at what it leads to."""
    app, model = view.removeprefix("admin:").removesuffix("_changelist").split("_")
    return {
        "title": title,
        "icon": icon,
        "link": lambda request: reverse(view) + query,
        "permission": lambda request: request.user.has_perm(f"{app}.view_{model}"),
    }


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": ADMIN_NAME,
    "SITE_HEADER": ORGANISATION,
    "SITE_SUBHEADER": lambda request: f"{ADMIN_NAME} {version()}",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icon.svg")}],
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "DASHBOARD_CALLBACK": "desk.first_page.context",
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {"title": _("Campaigns"), "items": [
                link(_("Campaigns"), "campaign", "admin:campaigns_campaign_changelist"),
                link(_("Targets"), "target", "admin:actions_target_changelist"),
                link(_("Signatures"), "signature", "admin:petitions_signature_changelist"),
                link(_("Voices"), "record_voice_over", "admin:petitions_voice_changelist") | {
                    "badge": "petitions.admin_voices.how_many_wait",
                    "badge_variant": "info",
                },
                link(_("Second looks"), "restart_alt", "admin:petitions_secondlook_changelist"),
                link(_("Who has looked"), "visibility", "admin:petitions_reveal_changelist"),
                link(_("Exports"), "ios_share", "admin:petitions_export_changelist"),
                link(_("Deliveries"), "outgoing_mail", "admin:campaigns_delivery_changelist"),
                link(_("Paper"), "description", "admin:petitions_paperbatch_changelist"),
                link(_("Decisions on signatures"), "gavel", "admin:petitions_decision_changelist"),
                link(_("Alerts"), "warning", "admin:petitions_alert_changelist"),
            ]},
            {"title": _("From X"), "items": [
                link(_("What the targets said"), "reply", "admin:actions_tweet_changelist", "?kind__exact=target"),
                link(_("Collected posts"), "forum", "admin:actions_tweet_changelist", "?review__exact=none"),
                link(_("Linked posts"), "link", "admin:actions_linkedpost_changelist"),
                link(_("Sample tweets"), "chat", "admin:actions_sampletweet_changelist"),
                link(_("What X costs"), "payments", "admin:actions_charge_changelist"),
                link(_("Gaps in what we read"), "hourglass_empty", "admin:actions_gap_changelist"),
                link(_("How X answers"), "monitor_heart", "admin:actions_endpoint_changelist"),
            ]},
            {"title": _("People"), "items": [
                link(_("Staff and supporters"), "group", "admin:accounts_user_changelist"),
                link(_("Invitations"), "mail", "admin:accounts_invitation_changelist"),
                link(_("Sessions"), "devices", "admin:accounts_staffsession_changelist"),
                link(_("Roles"), "badge", "admin:auth_group_changelist"),
                link(_("What staff did"), "history", "admin:admin_logentry_changelist"),
                link(_("Incidents"), "emergency", "admin:operations_incident_changelist"),
                link(_("Second factors"), "key", "admin:mfa_authenticator_changelist"),
            ]},
        ],
    },
    "COLORS": {
        "primary": {
            "50": "253 243 241", "100": "251 228 224", "200": "248 205 198", "300": "241 168 157", "400": "231 118 103",
            "500": "229 92 76", "600": "181 18 27", "700": "156 20 27", "800": "129 20 25", "900": "108 22 26",
            "950": "58 8 11",
        }
    },
}  # fmt: skip

# What is told, and to whom

LOG_FORMAT = env.read("LOG_FORMAT", env.one_of("json", "text"), "json", "Set it to json or text")
SENTRY_DSN = env.read(
    "SENTRY_DSN",
    env.sentry_dsn,
    "",
    "Set it to the DSN that your Sentry project shows: https://key@sentry.example.org/1",
)
ALERT_WEBHOOK = env.read(
    "ALERT_WEBHOOK", env.private_url, "", "Set it to where alerts are posted to: https://chat.example.org/hooks/…"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "core.logs.Mask"}},
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s%(turn)s %(message)s"},
        "json": {"()": "core.logs.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["mask"], "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # A forged Host is answered with 400; what it says is nobody's business.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.server": {"handlers": [], "propagate": True},
        # The web server and Celery's pool would each bring a handler without our filter.
        "_granian": {"handlers": ["console"], "propagate": False},
        "multiprocessing": {"handlers": ["console"], "propagate": False},
        # tweepy and its transport print the bearer token at DEBUG.
        "tweepy": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "requests_oauthlib": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
