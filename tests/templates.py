"""Empty test databases kept from run to run, one for each state of the migrations."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.loader import MigrationLoader

_NAME = "portal-template-{}.sqlite3"
#: Set by deploy/postgres.sh: its server is thrown away, and with it what is kept there.
_KEPT_IN_POSTGRES = "PORTAL_KEEP_TEMPLATE"
#: A week: those of migrations that have changed since go away.
KEPT_SECONDS = 7 * 24 * 60 * 60


@cache
def _state() -> str:
    """A word for the state of the migrations: a change in any of them is another word."""
    state = hashlib.sha256()
    loader = MigrationLoader(None)
    for key in sorted(loader.disk_migrations):
        migration = loader.disk_migrations[key]
        source = Path(settings.BASE_DIR, *migration.__module__.split(".")).with_suffix(".py")
        # A package's migrations never change under one name.
        state.update(repr(key).encode() + (source.read_bytes() if source.exists() else b""))
    return state.hexdigest()[:16]


def kept_file() -> Path:
    """Where the empty database of these migrations is kept on SQLite."""
    return Path(tempfile.gettempdir()) / _NAME.format(_state())


class _Server:
    """The PostgreSQL server beside the test database; one worker makes the kept database, the others wait for it."""

    def __init__(self, connection):
        self.connection = connection.copy()
        self.connection.settings_dict["NAME"] = "postgres"
        self.kept = f"portal_template_{_state()}"
        self.name = connection.creation._get_test_db_name()
        self.execute("SELECT pg_advisory_lock(hashtext(%s))", [self.kept])

    def execute(self, statement, values=None):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def copy(self, source, target):
        quote = self.connection.ops.quote_name
        self.execute(f"DROP DATABASE IF EXISTS {quote(target)}")
        self.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(source)}")

    def copy_kept(self):
        """Whether there was one; where there was none, nobody else makes it until this worker has."""
        has_one = bool(self.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.kept]))
        if has_one:
            self.copy(self.kept, self.name)
            self.connection.close()
        return has_one

    def keep(self):
        self.copy(self.name, self.kept)
        self.connection.close()


_waited_for: list[_Server] = []


def copy_kept(connection) -> bool:
    """Put a copy of the kept database in the place of the test database; False where there is none to copy."""
    if connection.vendor == "postgresql" and os.environ.get(_KEPT_IN_POSTGRES):
        server = _Server(connection)
        if server.copy_kept():
            return True
        _waited_for.append(server)
    if connection.vendor != "sqlite" or not kept_file().exists():
        return False
    target = connection.creation._get_test_db_name()
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(kept_file(), target)
    return True


def keep(connection) -> None:
    """Keep the database that was just made, before the first test writes to it."""
    if _waited_for:
        connection.close()
        _waited_for.pop().keep()
    if connection.vendor != "sqlite" or kept_file().exists():
        return
    copy = kept_file().with_suffix(f".{os.getpid()}")
    with contextlib.closing(sqlite3.connect(copy)) as target:
        connection.ensure_connection()
        connection.connection.backup(target)
    copy.replace(kept_file())
    for old in kept_file().parent.glob(_NAME.format("*")):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)


#: Where keys begin: those of a register in use have several digits, and a page that groups them is found out.
FIRST_KEY = 100_001


def begin_keys_high(connection) -> None:
    """Let the rows that tests make have keys as large as those of a portal in use."""
    options = [model._meta for model in apps.get_models() if isinstance(model._meta.pk, models.AutoField)]
    with connection.cursor() as cursor:
        for each in options:
            if connection.vendor == "postgresql":
                sequence = "pg_get_serial_sequence(%s, %s)"
                cursor.execute(f"SELECT setval({sequence}, %s, false)", [each.db_table, each.pk.column, FIRST_KEY])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [each.db_table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [each.db_table, FIRST_KEY - 1]
                )
