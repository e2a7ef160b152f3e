"""Settings, all from the environment or ``.env``; without any, a safe local portal on SQLite."""

import datetime
import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from movement_portal.lib.configuration import Configuration, read_file

BASE_DIR = Path(__file__).resolve().parent.parent

#: The file beside the environment; the tests name an empty one.
read_file(Path(os.environ.get("DJANGO_ENV_FILE") or BASE_DIR / ".env"))
env = Configuration()

#: True behind HTTPS: secure cookies, HSTS, and no generated secrets.
PRODUCTION = env.flag("DJANGO_PRODUCTION")
DEBUG = env.flag("DJANGO_DEBUG")

#: Database file, uploads, collected static files, generated keys: everything that is not code.
DATA_DIR = env.folder("DJANGO_DATA_DIR", BASE_DIR / "data", make=lambda path: path.mkdir(parents=True, exist_ok=True))


def local_secret_key():
    """A key made once and kept in the data folder, readable by its owner only."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii")


if PRODUCTION:
    env.required("DJANGO_SECRET_KEY")
    env.required("DJANGO_ALLOWED_HOSTS")
ALLOWED_HOSTS = env.texts("DJANGO_ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.texts("DJANGO_CSRF_TRUSTED_ORIGINS")

#: Keys of citizen identification numbers: from the environment (the first seals, all open), or from the files
#: ``citizen_id_keys`` and ``citizen_id_index_key`` of a folder that is no part of code, database or uploads.
CITIZEN_ID_KEYS = env.texts("DJANGO_CITIZEN_ID_KEYS")
CITIZEN_ID_INDEX_KEY = env.text("DJANGO_CITIZEN_ID_INDEX_KEY")
CITIZEN_ID_KEY_DIR = Path(env.text("DJANGO_CITIZEN_ID_KEY_DIR") or DATA_DIR / "keys")

INSTALLED_APPS = [
    "movement_portal.jurisdictions",
    "movement_portal.audit",
    "movement_portal.persons",
    "movement_portal.documents",
    "movement_portal.spreadsheets",
    "units",
    "models_registry",
    "assessments",
    "awards",
    "movement_portal.reporting",
    "movement_portal.demonstration",
    "movement_portal.adminpages.apps.AdminPagesConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "movement_portal.lib.typed.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "movement_portal.jurisdictions.middleware.SignInRequiredMiddleware",
    "movement_portal.jurisdictions.middleware.session_middleware",
    "movement_portal.audit.middleware.audit_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "movement_portal.urls"
WSGI_APPLICATION = "movement_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "movement_portal.navigation.navigation",
                "movement_portal.spreadsheets.notices.notices",
            ],
            "builtins": ["django.templatetags.static", "movement_portal.templatetags.portal"],
            "libraries": {
                "admin_results": "movement_portal.templatetags.admin_results",
                "exports": "movement_portal.templatetags.exports",
            },
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# -- database ----------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;"
    ),
}
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, not memory: the tests run with the same WAL journal as the portal.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
#: Seconds that a connection is kept between requests; opening one anew costs either database more than most queries.
DATABASES["default"]["CONN_MAX_AGE"] = env.whole("DJANGO_CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- accounts ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "jurisdictions.Officer"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "movement_portal.jurisdictions.backends.PostingBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "movement_portal.jurisdictions.passwords.OwnNameValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
#: Minutes without a request after which an officer must sign in again.
IDLE_TIMEOUT_MINUTES = env.whole("DJANGO_IDLE_TIMEOUT_MINUTES", 60, least=1)
#: Hours for which a password set by an administrator is valid.
FIRST_PASSWORD_HOURS = 24
SESSION_ENGINE = "movement_portal.jurisdictions.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

AXES_FAILURE_LIMIT = env.whole("DJANGO_LOGIN_FAILURE_LIMIT", 5, least=1)
#: How long an account is locked out after too many failures; a further try does not begin it anew.
AXES_COOLOFF_TIME = datetime.timedelta(minutes=env.whole("DJANGO_LOGIN_LOCKOUT_MINUTES", 15, least=1))
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
#: Failures are kept for the journal of accounts, the last of each name tried.
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 200
#: Guessing from one machine does not lock the officer out at another.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "movement_portal.jurisdictions.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "movement_portal.jurisdictions.sign_in.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# -- language, dates ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "movement_portal" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["movement_portal.formats"]
USE_THOUSAND_SEPARATOR = True

# -- files -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STATICFILES_DIRS = [BASE_DIR / "static"]
#: Front-end packages, installed by npm; ``movement_portal.assets`` picks the files that are served.
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "movement_portal.assets.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "movement_portal.assets.PortalStaticStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
#: An upload above this size is refused before it is read.
UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# -- work in the background --------------------------------------------------------------------------------------------
#: The queue is kept in the database; one worker process (``manage.py run_worker``) empties it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
#: How far each job is, and the wish to stop it: small files that the server and its workers share.
JOBS_ROOT = DATA_DIR / "jobs"
#: A list with more bytes or rows than these is read, checked and written in the background.
IMPORT_BACKGROUND_BYTES = env.whole("DJANGO_IMPORT_BACKGROUND_BYTES", 2 * 1024 * 1024)
IMPORT_BACKGROUND_ROWS = env.whole("DJANGO_IMPORT_BACKGROUND_ROWS", 5_000)
#: Days for which ``remove_import_files`` keeps the files of imports that have ended; 0 keeps them for good.
IMPORT_FILES_KEEP_DAYS = env.whole("DJANGO_IMPORT_FILES_KEEP_DAYS", 0)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# -- security ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
#: A reverse proxy in front says who asks and whether the line is encrypted.
BEHIND_PROXY = env.flag("DJANGO_BEHIND_PROXY", default=PRODUCTION)
#: A probe inside the machine asks without encryption.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# -- the office --------------------------------------------------------------------------------------------------------
#: The provincial police office in charge of the movement; its name differs between provinces.
OFFICE_IN_CHARGE = env.text("DJANGO_OFFICE_IN_CHARGE", "Phòng Xây dựng phong trào bảo vệ an ninh Tổ quốc")

LOG_LEVEL = env.one_of("DJANGO_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "movement_portal.lib.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

env.settle()
# After what is wrong was told: a key is made only where the folder is there and no key is wanted from outside.
SECRET_KEY = env.text("DJANGO_SECRET_KEY").strip() or local_secret_key()
#: Variables that are read by nobody and look like one that is: a check names them.
STRANGE_VARIABLES = env.strange_names("WEB_WORKERS", "WEB_THREADS", "WORKER_BESIDE")
