"""The settings of the portal, one file from top to bottom.

Everything comes from the environment (`.env.example` lists it); a wrong value stops the start. With no environment at
all the portal runs on SQLite below `var/` with the protections of production on.
"""

import logging
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from covage_portal import env

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / env.text("PORTAL_ENV_FILE", ".env"))  # the environment itself wins over the file

# The portal --------------------------------------------------------------------------------------------------------

PORTAL_VERSION = "0.1.0"
PORT = env.integer("PORT", 8000, lowest=1, highest=65535)
PORTAL_VAR = BASE_DIR / env.text("PORTAL_VAR", "var")
PORTAL_EMBEDDED = env.flag("PORTAL_EMBEDDED", False)
PORTAL_DEMO_PASSWORD = env.text("PORTAL_DEMO_PASSWORD")
PORTAL_SALES_MAY_DECLINE = env.flag("PORTAL_SALES_MAY_DECLINE", False)
PORTAL_TILE_URL = env.tiles("PORTAL_TILE_URL")  # blank: maps are drawn on a plain grid, and nobody else is asked
PORTAL_TILE_ATTRIBUTION = env.text("PORTAL_TILE_ATTRIBUTION")
PORTAL_VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Django, safe unless embedded --------------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", False)
PLAIN_HTTP = PORTAL_EMBEDDED or DEBUG  # on 127.0.0.1 and localhost only
SECURE_PROXY = env.flag("SECURE_PROXY", False)
SECRET_KEY = env.secret("SECRET_KEY") or env.kept_secret(PORTAL_VAR / "secret_key")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if PLAIN_HTTP else [])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

ROOT_URLCONF = "covage_portal.urls"
WSGI_APPLICATION = "covage_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_filters",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "quotes",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # outermost, so that errors and static files carry the headers too
    "covage_portal.middleware.response_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "covage_portal.middleware.RequestLines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quotes.views.access.LoginRequired",
    "quotes.views.access.SecondFactor",
    "quotes.views.preferences.Preferred",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quotes.views.access.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quotes.views.context.portal",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our widgets have templates of their own

# Data --------------------------------------------------------------------------------------------------------------

# ATOMIC_REQUESTS stays off: a page that fails after a remote effect must not roll back the record of it.
DATABASES = {"default": env.database("DATABASE_URL", PORTAL_VAR / "portal.sqlite3", base=BASE_DIR)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # with the default a read that turns into a write fails at once
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", 5)
    # A server set otherwise may forget in a crash that something was sent.
    _options["options"] = f"{_options.get('options', '')} -c synchronous_commit=on".strip()

MEDIA_ROOT = PORTAL_VAR / "media"
STATIC_ROOT = PORTAL_VAR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_PERMISSIONS = 0o600

# The cache saves work and counts failed logins; everything goes on without it.
REDIS_URL = env.redis_url("REDIS_URL")
BROKER_SOCKET = env.broker_socket(PORTAL_VAR)
if REDIS_URL or PORTAL_EMBEDDED:
    CACHES = {
        "default": {
            "BACKEND": "covage_portal.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL or f"unix://{BROKER_SOCKET}?db=1",
            "KEY_PREFIX": "portal",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Mail: notices to people who want them. Blank: written to standard output.
globals().update(env.mail_server("EMAIL_URL", "consolemail://"))  # Django’s EMAIL_… settings
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("PORTAL_MAIL_FROM", "portal@localhost")
PORTAL_URL = env.url("PORTAL_URL", f"http://127.0.0.1:{PORT}", origin=True)  # in links of mails

# The operator ------------------------------------------------------------------------------------------------------

_OPERATOR_IS_SANDBOX = not env.text("COVAGE_API_URL")
_SANDBOX_LOGIN = "sandbox" if _OPERATOR_IS_SANDBOX else ""
SANDBOX_PORT = PORT + 100 if PORT < 65000 else PORT - 100
COVAGE_API_URL = env.url("COVAGE_API_URL", env.sandbox_address(PORTAL_VAR, SANDBOX_PORT), origin=True)
COVAGE_TOKEN_URL = env.url("COVAGE_TOKEN_URL", f"{COVAGE_API_URL}/auth/realms/covage/protocol/openid-connect/token")
COVAGE_CLIENT_ID = env.secret("COVAGE_CLIENT_ID", "api-client")
COVAGE_USERNAME = env.secret("COVAGE_USERNAME", _SANDBOX_LOGIN)
COVAGE_PASSWORD = env.secret("COVAGE_PASSWORD", _SANDBOX_LOGIN)
COVAGE_CONNECT_TIMEOUT = env.decimal("COVAGE_CONNECT_TIMEOUT", "3", lowest="0.1", highest="600", unit=" of seconds")
COVAGE_READ_TIMEOUT = env.decimal("COVAGE_READ_TIMEOUT", "10", lowest="0.1", highest="600", unit=" of seconds")
COVAGE_TOTAL_TIMEOUT = env.decimal("COVAGE_TOTAL_TIMEOUT", "20", lowest="0.1", highest="600", unit=" of seconds")
COVAGE_REQUESTS_PER_SECOND = env.decimal("COVAGE_REQUESTS_PER_SECOND", "5", highest="1000")
COVAGE_USER_AGENT = f"covage-portal/{PORTAL_VERSION}"

# The times that the portal chooses itself, in seconds, all divided by SYNC_SPEED here and nowhere else.
SYNC_SPEED = env.decimal("SYNC_SPEED", "1", highest="1000000")
SYNC = {
    name: env.decimal(f"SYNC_{name.upper()}_SECONDS", default, highest="31536000", unit=" of seconds") / SYNC_SPEED
    for name, default in {
        "hot": "20",  # re-read a basket that somebody looks at or has just changed
        "warm": "120",  # … that waits for prices or decisions
        "draft": "900",  # … that is still being filled
        "closed": "604800",  # … in which nothing can happen any more
        "discover": "120",  # walk the operator's list for what was created elsewhere
        "export": "2",  # ask whether an export is finished
        "command": "2",  # sweep the journal for what is due
        "notice": "5",  # look in the history for what people want to be told
        "remind": "3600",  # look for prices that expire soon
        "mail": "120",  # wait for more news of the same basket before a mail leaves
        "reference": "3600",  # refresh reference data
        "gone": "600",  # between the two 404s that mark a thing as gone
        "accept": "120",  # an accept older than this is not sent any more
        "quiet": "60",  # how long reads must agree that nothing happened before a command counts as not applied
        "quiet_accept": "900",  # … for an accept
        "export_limit": "1800",  # an export that runs longer has failed
        "export_keep": "2592000",  # how long the file of an export is kept here
        "breaker": "10",  # how long the circuit breaker stays open at first
    }.items()
}

# Celery: the message is a nudge, the database row is the truth ------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}?virtual_host=0"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,  # above the hard time limit
    "unacked_restore_interval": 5,  # with the defaults the task of a killed worker comes back up to 100 s too late
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 0.5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the default gives up after 100 and the worker leaves
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(PORTAL_VAR / "run" / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": f"quotes.tasks.{name}",
        "schedule": max(seconds, 0.5),
        "options": {"expires": max(seconds, 10)},  # what a sleeping worker missed, the next tick does
    }
    for name, seconds in {
        "watch_baskets": SYNC["hot"] / 4,
        "discover": SYNC["discover"],
        "poll_exports": SYNC["export"],
        "sweep_commands": SYNC["command"],
        "run_batches": SYNC["command"],
        "notify": SYNC["notice"],
        "refresh_reference": SYNC["reference"],
    }.items()
}

# Words, dates, money -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en-gb", _("British English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["covage_portal.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# People ------------------------------------------------------------------------------------------------------------

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["covage_portal.accounts.Accounts"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "covage_portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": None} if PORTAL_EMBEDDED else {}  # failed logins stay limited
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY else 0
MFA_ADAPTER = "covage_portal.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Covage portal"

# Sessions, cookies, headers ----------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_NAME = "sessionid" if PLAIN_HTTP else "__Host-sessionid"
CSRF_COOKIE_HTTPONLY = True  # the token is in the page
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_NAME = "csrftoken" if PLAIN_HTTP else "__Host-csrftoken"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by a supervisor on the machine itself
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_PROXY else None
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # fields only, files are counted where they are read
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # traces for many lines; a few more than may be, for a sentence instead of a 400

# Logs: one JSON object a line on standard output; names of events, values as fields, never a secret -----------------

_LOG_STEPS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_LOG_STEPS,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request, when it has ended
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG  # sweeps run every two seconds
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _LOG_STEPS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(
                    [structlog.dev.ConsoleRenderer()]
                    if DEBUG
                    else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
                ),
            ],
        }
    },
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stream"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stream"], "propagate": False},
        "django.request": {"level": "CRITICAL"},  # refusals and failures are in the request's own line already
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
