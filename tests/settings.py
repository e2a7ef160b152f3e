"""The portal's settings with the few differences that tests need."""

import os
import tempfile
from pathlib import Path

# What a machine's .env says of its own portal is no matter of the tests.
os.environ["DJANGO_ENV_FILE"] = os.devnull

from movement_portal.lib.catalogue import compile_catalogues
from movement_portal.settings import *  # noqa: F403
from movement_portal.settings import DATABASES, LOCALE_PATHS, LOGGING, TEMPLATES

# Before the first word is translated: Django reads the catalogues once.
for folder in LOCALE_PATHS:
    compile_catalogues(folder)

SECRET_KEY = "only-for-tests-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="portal-media-"))
JOBS_ROOT = Path(tempfile.mkdtemp(prefix="portal-jobs-"))
# No worker in the tests: what is queued is done at once.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CITIZEN_ID_KEY_DIR = Path(tempfile.mkdtemp(prefix="portal-keys-"))
# The files are served from the source folders; the folder of collected ones need only exist.
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="portal-static-"))

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"portal-test-{Path.cwd().name}.sqlite3")}
else:
    # As the account of the portal has it (``tune_database``), on whatever server the tests run.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off"


class UndefinedVariable(str):
    """An undefined template variable fails the test that met it."""

    def __contains__(self, item):
        return True

    def __mod__(self, name):
        raise AssertionError(f"undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")

# What the shell of this machine holds is no matter of the tests either.
STRANGE_VARIABLES = {}

# Refusals are what many tests provoke; only faults are worth a line.
LOGGING["root"]["level"] = "ERROR"
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
