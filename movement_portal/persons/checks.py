"""Asked at start: keys are there, outside the code and the database, and open what is stored."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from movement_portal.persons.keys import INDEX_FILE, SEAL_FILE, KeyProblem, WrongKey, key_folder, keyring
from movement_portal.persons.rotation import sealed_columns


def keys_check(app_configs, **kwargs):
    """There are keys, they are whole, and their files are where only the portal reads them."""
    from_environment = settings.CITIZEN_ID_KEYS or settings.CITIZEN_ID_INDEX_KEY
    has_files = any((key_folder() / name).exists() for name in (SEAL_FILE, INDEX_FILE))
    if not (settings.PRODUCTION or from_environment or has_files):
        # They are made on first use.
        return []
    try:
        keyring()
    except KeyProblem as problem:
        return [Error(str(problem), id="persons.E001")]
    return [*_in_code(), *_readable_by_others()]


def _in_code():
    """Key files inside the source tree would travel with it; the data folder beside it is left out of it."""
    if settings.CITIZEN_ID_KEYS:
        return []
    folder, data = key_folder().resolve(), settings.DATA_DIR.resolve()
    if settings.BASE_DIR.resolve() in folder.parents and data not in (folder, *folder.parents):
        return [Error(f"{folder}: các khóa số định danh nằm trong thư mục mã nguồn.", id="persons.E002")]
    return []


def _readable_by_others():
    if settings.CITIZEN_ID_KEYS:
        return []
    paths = [key_folder() / name for name in (SEAL_FILE, INDEX_FILE)]
    return [
        Warning(f"{path}: người khác trên máy đọc được tệp khóa.", hint=f"chmod 600 {path}", id="persons.W001")
        for path in paths
        if path.exists() and path.stat().st_mode & 0o077
    ]


def stored_check(app_configs, databases=None, **kwargs):
    """The keys at hand open what is stored last, and give its index."""
    errors = []
    for alias in databases or []:
        tables = set(connections[alias].introspection.table_names())
        for model, name in sealed_columns():
            if model._meta.db_table not in tables:
                continue
            # Asked before a migration runs: columns that it is about to add are not there yet.
            rows = model._base_manager.using(alias).only(name, f"{name}_index").filter(**{f"{name}__isnull": False})
            row = rows.order_by("-pk").first()
            if row is None:
                continue
            number = getattr(row, name)
            try:
                if number.index != getattr(row, f"{name}_index"):
                    errors.append(
                        Error("Khóa chỉ mục số định danh không phải khóa đã dùng khi ghi.", id="persons.E004")
                    )
            except (WrongKey, KeyProblem) as problem:
                errors.append(Error(str(problem), id="persons.E003"))
    return errors


def enlist():
    """Let ``manage.py check`` ask these; the app registry calls it at start."""
    register(keys_check, Tags.security)
    register(stored_check, Tags.database)
