"""Django's settings, all derived from the data folder and the environment; nothing to edit."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from attise.kernel.house import House, HouseError, Settings, open_house
from attise.kernel.limits import CAROUSEL_PICTURES, LOCK_WAIT_S

HOUSE: House = open_house(Settings.from_environ(os.environ))
_HERE = Path(__file__).parent


def database(url: str | None, house: House) -> dict[str, object]:
    """Return Django's description of the database: PostgreSQL by URL, else SQLite in the data folder."""
    if url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(house.database),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # writers queue at the start, never fail in the middle
                "timeout": LOCK_WAIT_S,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise HouseError("ATTISE_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def mail(url: str) -> dict[str, object]:
    """Return Django's settings of mail, by ``ATTISE_EMAIL_URL``: ``smtp://``, ``smtps://``, ``file://``, or none.

    Raises: HouseError for an address that is none of these, or an SMTP one that does not say who sends.
    """
    backends = "django.core.mail.backends"
    if not url:
        return {"EMAIL_BACKEND": f"{backends}.dummy.EmailBackend"}
    parts = urlsplit(url)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme == "file" and parts.path.startswith("/"):
        return {
            "EMAIL_BACKEND": f"{backends}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
            "DEFAULT_FROM_EMAIL": sender or "attise@localhost",
        }
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or "@" not in sender:
        raise HouseError("ATTISE_EMAIL_URL must be like smtp://user:password@mail.example.org:587?from=ads@example.org")
    is_encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_encrypted else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_encrypted,
        "EMAIL_USE_TLS": not is_encrypted and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
    }


DEBUG = HOUSE.settings.debug
SECRET_KEY = HOUSE.secrets.key("django").hex()
# The edge is the only one that reaches the site, and absolute addresses are made from the public URL where it is set.
ALLOWED_HOSTS = ["*"] if HOUSE.settings.public_url is None else [urlsplit(HOUSE.settings.public_url).hostname or ""]
USE_X_FORWARDED_HOST = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "attise.ledger",
    "attise.management.outbox",
    "attise.management.processes",
    "attise.management.policy",
    "attise.management.attempts",
    "attise.management.idempotency",
    "attise.management.accounts",
    "attise.management.viewers",
    "attise.management.posts",
    "attise.management.library",
    "attise.management.authorizations",
    "attise.management.earnings",
    "attise.management.pixels",
    "attise.management.campaigns",
    "attise.management.review",
    "attise.management.invoices",
    "attise.management.inbox",
    "attise.management.saved_reports",
    "attise.management.snapshots",
    "attise.measurement.counters",
    "attise.measurement.circles",
    "attise.measurement.conversions",
    "attise.measurement.attribution",
    "attise.measurement.reports",
    "attise.measurement.scout",
    "attise.measurement.lift",
    "attise.doors.site",
    "attise.doors.consoles",
    "attise.doors.shop",
]
MIDDLEWARE = [
    "attise.doors.site.middleware.RequestMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "attise.doors.site.middleware.LargeBodyMiddleware",
    "attise.doors.site.languages.OfferedLanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "attise.doors.site.looking.LookingMiddleware",
]
ROOT_URLCONF = "attise.doors.site.urls"
WSGI_APPLICATION = "attise.doors.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "attise.doors.site.context.page",
            ],
        },
    }
]
DATABASES = {"default": database(HOUSE.settings.database_url, HOUSE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/connexion"

SESSION_ENGINE = "attise.doors.site.sessions"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HOUSE.settings.is_secure
SESSION_COOKIE_NAME = "__Host-attise" if HOUSE.settings.is_secure else "attise"
CSRF_COOKIE_NAME = "__Host-attise-csrf" if HOUSE.settings.is_secure else "attise-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "attise.doors.site.failures.csrf"
CSRF_TRUSTED_ORIGINS = [HOUSE.settings.public_url] if HOUSE.settings.public_url else []

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LANGUAGE_COOKIE_NAME = "attise-language"
LOCALE_PATHS = [str(_HERE / "locale")]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS: list[str] = []
STATIC_ROOT = str(_HERE / "assembled")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "attise.doors.site.travelling.TravellingFiles"},
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Uploads stream to the data folder; nothing larger than a small part stays in memory.
FILE_UPLOAD_TEMP_DIR = str(HOUSE.uploads)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Each holds a descriptor while its request lasts. A few too many pictures are still told as that.
DATA_UPLOAD_MAX_NUMBER_FILES = CAROUSEL_PICTURES + 10
MEDIA_ROOT = str(HOUSE.media)

APPEND_SLASH = False
globals().update(mail(HOUSE.settings.email_url))
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
