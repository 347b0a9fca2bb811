"""Every setting, once. The environment decides; nothing here is secret."""

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from linli.lib import clock

# SQLite before 3.51.3 can corrupt a database when two connections reset the WAL at once.
# The wheel brings a newer one; where there is no wheel (other systems) the built-in serves,
# and `linli check` says which one runs.
try:
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
except ImportError:
    pass

env = environ.Env()  # type: ignore[no-untyped-call]
BASE = Path(__file__).resolve().parent
DATA = Path(env.str("LINLI_DATA", default=str(BASE.parent / "data"))).resolve()
TESTING = "pytest" in sys.modules
DEBUG = env.bool("LINLI_DEBUG", default=False)
DEMO = env.bool("LINLI_DEMO", default=False)  # shows the demo's logins on the sign-in page


def _secret(name: str, size: int = 48) -> str:
    """A secret kept in the data folder, made on first use, readable by its owner only."""
    path = DATA / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(size))
        try:
            os.link(draft, path)  # fails if another process was first: then theirs counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = "test" * 12 if TESTING else env.str("LINLI_SECRET_KEY", default="") or _secret("web")
ALLOWED_HOSTS = env.list("LINLI_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("LINLI_ORIGINS", default=[])
# A demonstration may live some days later than the calendar, to show what time does.
LINLI_DAYS_AHEAD = env.int("LINLI_DAYS_AHEAD", default=0)
if LINLI_DAYS_AHEAD:
    if not DEMO:
        raise ImproperlyConfigured("LINLI_DAYS_AHEAD moves the clock of a demonstration only.")
    clock.go_ahead(timedelta(days=LINLI_DAYS_AHEAD))
# Proxies of our own in front: so many last addresses of X-Forwarded-For are theirs, not a caller's.
LINLI_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("LINLI_PROXIES", default=0)
SITE_URL = env.str("LINLI_URL", default="http://127.0.0.1:8000")  # put into messages as the link

INSTALLED_APPS = [
    "linli.people.tables.TablesConfig",  # Django's admin, behind our doors
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "js_lib_leaflet",
    "linli.journal",
    "linli.places",
    "linli.people",
    "linli.vault",
    "linli.files",
    "linli.letters",
    "linli.forum",
    "linli.ballots",
    "linli.cases",
    "linli.activities",
    "linli.activities.planner",
    "linli.deliberation",
    "linli.facilities",
    "linli.members",
    "linli.pairings",
    "linli.clubs",
    "linli.stores",
    "linli.incubators",
    "linli.talent",
    "linli.points",
    "linli.coverage",
    "linli.travel",
    "linli.figures",
    "linli.field",
    "linli.site",
]

MIDDLEWARE = [
    "linli.web.shelf.ShelfMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "linli.web.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.web.squeeze.SqueezeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.people.middleware.ActorMiddleware",
    "linli.people.middleware.DoorMiddleware",
]

ROOT_URLCONF = "linli.urls"
WSGI_APPLICATION = "linli.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # linli/<app>/jinja2/<app>/*.html
        "OPTIONS": {
            "environment": "linli.site.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "linli.site.chrome.chrome",
            ],
        },
    },
    {  # the admin stays Django's
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# ── Database ────────────────────────────────────────────────────────────────────────────────
_url = env.str("LINLI_DATABASE_URL", default="") or f"sqlite:///{DATA / 'linli.sqlite3'}"
DATABASES = {"default": env.db_url_config(_url)}  # type: ignore[no-untyped-call]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "linli.web.sqlite"  # with a queue in front of the writer
    DATABASES["default"]["OPTIONS"] = {
        # BEGIN IMMEDIATE: a writer waits at the start instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a receipt we gave survives a power cut. secure_delete: erased text is overwritten.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
        ),
    }
    # Opening the file and its pragmas cost more than most pages; a thread keeps its connection.
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else None
    # A file, not memory: tests with threads need a second connection to the same rows.
    if TESTING:
        DATABASES["default"]["TEST"] = {"NAME": str(DATA / f"test-{os.getpid()}.sqlite3")}
        DATA.mkdir(parents=True, exist_ok=True)
        DATABASES["default"]["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
        )
    else:
        DATA.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else 600
    DATABASES["default"]["TEST"] = {"NAME": env.str("LINLI_TEST_DB", default="linli_test")}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What is asked a third time on a connection stays planned (web/prepared.py: the few statements
    # of every request). A pooler between must know prepared statements: pgbouncer does from 1.21.
    _said = DATABASES["default"].get("OPTIONS", {})  # sslmode and the like, from the address
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 2, **_said}

# Copies that lag a little (streaming standbys): some public pages are made from them, nothing is
# decided on them. See web/replicas.py and docs/operations.md.
LINLI_REPLICAS: list[str] = []
for _copy in env.list("LINLI_REPLICA_URLS", default=[]):
    LINLI_REPLICAS.append(f"replica{len(LINLI_REPLICAS) + 1}")
    DATABASES[LINLI_REPLICAS[-1]] = {
        **env.db_url_config(_copy),  # type: ignore[no-untyped-call]
        "CONN_MAX_AGE": 0 if TESTING else 600,
        "CONN_HEALTH_CHECKS": True,
        # Two seconds to connect and five for a query: then the page is made from the original.
        "OPTIONS": {
            "connect_timeout": 2,
            "options": "-c default_transaction_read_only=on -c statement_timeout=5000",
        },
        "TEST": {"MIRROR": "default"},
    }
if LINLI_REPLICAS and "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("LINLI_REPLICA_URLS needs a PostgreSQL in LINLI_DATABASE_URL.")
LINLI_REPLICA_LAG = env.float("LINLI_REPLICA_LAG", default=3.0)  # seconds; 2 is the least
LINLI_PAGES_FROM_REPLICA = frozenset(
    {
        "home", "case", "cases", "search", "near", "door-card", "ledger", "overview",
        "overview-cases", "journal", "journal-heads",
    }
)  # fmt: skip
if LINLI_REPLICAS:
    DATABASE_ROUTERS = ["linli.web.replicas.ReplicaRouter"]
    MIDDLEWARE.append("linli.web.replicas.ReplicaMiddleware")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ── People ──────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "linli.people.backends.Backend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# allauth keeps passkeys and authenticator codes (mfa). Signing in is ours (ADR 6): a phone or an
# e-mail must not lie in a table in clear.
ACCOUNT_ADAPTER = "linli.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "linli.people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# By network as generous as ours (people/limits.py): a whole office may share one; by person strict.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,5/300s/key"}
MFA_FORMS = {
    "activate_totp": "linli.people.forms.AppForm",
    "add_webauthn": "linli.people.forms.KeyForm",
    "authenticate": "linli.people.forms.FactorForm",
    "authenticate_webauthn": "linli.people.forms.KeyFactorForm",
    "edit_webauthn": "linli.people.forms.KeyNameForm",
    "login_webauthn": "linli.people.forms.KeySignInForm",
    "reauthenticate": "linli.people.forms.FactorAgainForm",
    "reauthenticate_webauthn": "linli.people.forms.KeyAgainForm",
}
LINLI_DEMO_CODE = "246810"  # in a demo nothing is sent: every sign-in code is this one
# Vault and letters stand on higher floors than people, who call them by these names only.
LINLI_SEAL = "linli.vault.sealing.seal"
# Local hours in which no message leaves the house ("21-8"); empty: none. Tests set their own.
LINLI_QUIET_HOURS = env.str("LINLI_QUIET_HOURS", default="" if TESTING else "21-8")
LINLI_CODE_SENDER = "linli.letters.outbox.send_code"
# Grid workers and above show a passkey or an authenticator code before staff doors open (D16).
LINLI_REQUIRE_SECOND_FACTOR = env.bool("LINLI_REQUIRE_SECOND_FACTOR", default=not (DEMO or TESTING))
SESSION_ENGINE = "linli.people.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # residents; staff sessions end after 12 hours (R37)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "linli.site.errors.csrf_failure"
SECURE_TLS = env.bool("LINLI_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# ── Languages and time ──────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [BASE / name / "locale" for name in ("web", "intake")]  # no apps, but they speak
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ── Files and limits ────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise complains where there is none
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "linli.site.hashed_files.HashedFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
# Maps of sources are for people with a debugger; squeezing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "woff2", "map", "txt"]
MEDIA_ROOT = DATA / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# ── Letters ─────────────────────────────────────────────────────────────────────────────────
EMAIL_BACKEND = env.str(
    "LINLI_EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(DATA / "mail")
EMAIL_TIMEOUT = 20  # seconds; a letter is leased for sixty
DEFAULT_FROM_EMAIL = env.str("LINLI_FROM_EMAIL", default="linli@localhost")
LINLI_SECURITY_CONTACT = env.str("LINLI_SECURITY_CONTACT", default=f"{SITE_URL}/about/")
LINLI_SMS = env.str("LINLI_SMS", default="file")  # file | console | dotted path of an adapter
LINLI_SMS_INBOUND_KEY = env.str("LINLI_SMS_INBOUND_KEY", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Request lines carry addresses and paths; both can identify an anonymous asker (R34, P16).
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
}
