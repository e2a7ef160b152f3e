"""Many rows into one table at once: the values of a column are prepared together, and the database takes them whole.

Django builds one SQL expression for every value; a list of 100,000 rows has four million. Here SQLite gets one prepared
statement for all rows, PostgreSQL a COPY. Keys are drawn beforehand, so that what refers to a row can be written too.
"""

import contextlib
import contextvars
import datetime
import functools
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import connections, models, transaction
from django.db.models.fields.json import JSONField

from movement_portal.lib import wholes

if TYPE_CHECKING:
    from movement_portal.lib.scripts import Script

#: Rows asked for, or changed, by one statement.
ROWS = 5_000
#: New rows handed to the database by one statement.
NEW_ROWS = 20_000
#: Rows that Django reads or writes by one statement; below the parameter limits of both databases.
CHUNK = 500

#: The script that collects the bulk writes of this thread in place of the database, if there is one.
script: contextvars.ContextVar["Script | None"] = contextvars.ContextVar("script", default=None)

_NOTHING = type(None)
#: Python types that a column of the kind takes as they are; other values go through the field.
_AS_THEY_ARE: tuple[tuple[type[models.Field], frozenset[type]], ...] = (
    (models.CharField, frozenset({str, _NOTHING})),
    (models.TextField, frozenset({str, _NOTHING})),
    (models.BooleanField, frozenset({bool, _NOTHING})),
    (models.IntegerField, frozenset({int, _NOTHING})),
)
#: Distinct values of a column that are remembered while it is prepared.
_REMEMBERED = 10_000

# Control characters that stand for the ends of fields and rows, and for NULL, until the text of a COPY is escaped.
_FIELD, _ROW, _NULL = "\x1f", "\x1e", "\x1d"
_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def chunks(items: Sequence, size: int = CHUNK) -> Iterable[Sequence]:
    """The items in runs of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))


def transaction_of(using: str) -> contextlib.AbstractContextManager:
    """A transaction for bulk writes; none while a script collects them, which has nothing to write."""
    return contextlib.nullcontext() if script.get() else wholes.marked(using=using)


def refuse_while_collecting(what: str) -> None:
    """Raise ``RuntimeError`` where a script collects: it could not undo what is written beside it."""
    if script.get():
        raise RuntimeError(f"{what} writes at once, which a script that collects bulk writes cannot hold.")


def can_insert(objs: Sequence[models.Model]) -> bool:
    """Whether ``insert`` takes these new rows: keys to be drawn, plain values, one table."""
    if not objs:
        return False
    if not can_draw_keys(type(objs[0])):
        return False
    kinds = {type(value) for obj in objs for value in vars(obj).values()}
    return all(obj.pk is None for obj in objs) and not any(hasattr(kind, "resolve_expression") for kind in kinds)


def can_draw_keys(model: type[models.Model]) -> bool:
    """Whether rows of the model are one row of one table with a drawn key, and nothing is filled in by the database."""
    options = model._meta
    if options.parents or not isinstance(options.pk, models.AutoField):
        return False
    return not any(field.generated or field.has_db_default() for field in options.concrete_fields)


def insert(objs: Sequence[models.Model], *, using: str) -> None:
    """Insert rows for which ``can_insert`` answers yes and give them their keys; inside the caller's transaction."""
    if not objs:
        return
    model = type(objs[0])
    fields = model._meta.concrete_fields
    relations = {field.name: field.attname for field in fields if field.is_relation}
    for obj in objs:
        if any(
            related is not None and (related.pk is None or related.pk != getattr(obj, relations.get(name, ""), None))
            for name, related in obj._state.fields_cache.items()
        ):
            obj._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined]
    try:
        for obj, key in zip(objs, draw_keys(model, len(objs), using=using), strict=True):
            obj.pk = key
        for part in chunks(objs, NEW_ROWS):
            insert_columns(model, fields, [values_of(field, part, add=True) for field in fields], using=using)
    except BaseException:
        for obj in objs:
            obj.pk = None
        raise
    for obj in objs:
        obj._state.adding = False
        obj._state.db = using


def values_of(field: models.Field, objs: Sequence[models.Model], *, add: bool) -> list[Any]:
    """What will be written into a column; fields that note the moment of writing note it."""
    if type(field).pre_save is models.Field.pre_save:
        return [getattr(obj, field.attname) for obj in objs]
    return [field.pre_save(obj, add) for obj in objs]


def column_of(field: models.Field) -> str:
    """The column of a stored field."""
    return cast(str, field.column)


def draw_keys(model: type[models.Model], count: int, *, using: str) -> list[int]:
    """Keys for so many new rows, never drawn again; SQLite needs the transaction to hold the write lock.

    While a script collects, they are reserved.
    """
    return reserve_keys(model, count, using=using) if script.get() else _drawn(model, count, using)


def reserve_keys(model: type[models.Model], count: int, *, using: str) -> list[int]:
    """As ``draw_keys``, for rows that are written later or in several transactions; it needs none itself."""
    if connections[using].vendor != "sqlite" or not count:
        return _drawn(model, count, using)
    given, last = _last_keys(model, using)
    if not _reserve(model, last + count, using, given=given):
        # Somebody else has drawn keys meanwhile, or nobody ever has.
        with transaction.atomic(using=using):
            _, last = _last_keys(model, using)
            if not _reserve(model, last + count, using):
                with connections[using].cursor() as cursor:
                    begun = model._meta.db_table, last + count
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", begun)
    return list(range(last + 1, last + count + 1))


def _reserve(model: type[models.Model], last: int, using: str, *, given: int | None = None) -> bool:
    """Have SQLite give out no key up to the last one again, if the last given is still that; whether it does so."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = %s WHERE name = %s AND seq = COALESCE(%s, seq)",
            [last, model._meta.db_table, given],
        )
        return cursor.rowcount > 0


def _last_keys(model: type[models.Model], using: str) -> tuple[int, int]:
    """On SQLite the last key given for a table, and the last one given or used."""
    connection = connections[using]
    table, quote = model._meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), "
            f"COALESCE((SELECT MAX({quote(column_of(model._meta.pk))}) FROM {quote(table)}), 0)",
            [table],
        )
        given, used = cursor.fetchone()
    return given, max(given, used)


def _drawn(model: type[models.Model], count: int, using: str) -> list[int]:
    connection = connections[using]
    if connection.vendor != "postgresql":
        _, last = _last_keys(model, using)
        return list(range(last + 1, last + count + 1))
    with connection.cursor() as cursor:
        # The name of the sequence is looked up once, not for every key.
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(model._meta.db_table), column_of(model._meta.pk), count],
        )
        return [key for (key,) in cursor.fetchall()]


def insert_columns(
    model: type[models.Model], fields: Sequence[models.Field], columns: Iterable[Sequence[Any]], *, using: str
) -> None:
    """Insert rows given as columns of values, as many in each, in the order of the fields; the keys among them."""
    connection = connections[using]
    ready = [prepared(field, values, connection) for field, values in zip(fields, columns, strict=True)]
    insert_prepared(model, fields, ready, using=using)


def insert_prepared(
    model: type[models.Model], fields: Sequence[models.Field], ready: Sequence[Sequence[Any]], *, using: str
) -> None:
    """As ``insert_columns``, for values that ``prepared`` has made ready before the transaction."""
    if collected := script.get():
        return collected.insert(model, fields, ready)
    connection = connections[using]
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column_of(field)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO(copy_text(ready))
            # What the driver raises here Django would hand on as it is.
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(zip(*ready, strict=True)))


def update_columns(
    model: type[models.Model],
    fields: Sequence[models.Field],
    keys: Sequence[int],
    columns: Iterable[Sequence[Any]],
    *,
    using: str,
) -> None:
    """Set columns of the rows with these keys; the values of each column stand in the order of the keys."""
    connection = connections[using]
    ready = [prepared(field, values, connection) for field, values in zip(fields, columns, strict=True)]
    if collected := script.get():
        return collected.update(model, fields, keys, ready)
    update_prepared(model, fields, keys, ready, using=using)


def update_prepared(
    model: type[models.Model],
    fields: Sequence[models.Field],
    keys: Sequence[int],
    ready: Sequence[Sequence[Any]],
    *,
    using: str,
) -> None:
    """As ``update_columns``, for values that ``prepared`` has made ready."""
    connection = connections[using]
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(column_of(model._meta.pk))
    names = [quote(column_of(field)) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = [_array_type(field, connection) for field in fields]
            settings = ", ".join(f"{name} = new.{name}" for name in names)
            given = ", ".join(f"%s::{kind}[]" for kind in (_array_type(model._meta.pk, connection), *types))
            cursor.execute(
                f"UPDATE {table} SET {settings} FROM unnest({given}) AS new (key, {', '.join(names)}) "
                f"WHERE {table}.{key} = new.key",
                [list(keys), *map(list, ready)],
            )
        else:
            settings = ", ".join(f"{name} = %s" for name in names)
            rows = list(zip(*ready, keys, strict=True))
            cursor.executemany(f"UPDATE {table} SET {settings} WHERE {key} = %s", rows)


def _array_type(field: models.Field, connection) -> str:
    if isinstance(field, models.CharField):
        # A cast to varchar(n) would cut what is too long instead of refusing it.
        return "text"
    kind = field.rel_db_type(connection) if isinstance(field, models.AutoField) else field.db_type(connection)
    return cast(str, kind)


def prepared(field: models.Field, values: Sequence[Any], connection) -> list[Any]:
    """The values of a column as the driver takes them."""
    if isinstance(field, JSONField):
        return _as_json(field, values, connection)
    plain = plain_types(field)
    if plain.issuperset(map(type, values)):
        return list(values)
    prepare = field.get_db_prep_save
    known: dict[Any, Any] = {}

    def one(value):
        if type(value) in plain:
            return value
        try:
            if (found := known.get(value, known)) is not known:
                return found
        except TypeError:
            return _bare(prepare(value, connection))
        answer = _bare(prepare(value, connection))
        if len(known) < _REMEMBERED:
            known[value] = answer
        return answer

    return [one(value) for value in values]


def plain_types(field: models.Field) -> frozenset[type]:
    """Types of Python whose values the column takes as they are."""
    if isinstance(field, models.ForeignKey):
        return plain_types(field.target_field)
    return next((types for kind, types in _AS_THEY_ARE if isinstance(field, kind)), frozenset())


def _bare(value: Any) -> Any:
    """A member of an enumeration as the text or number that it is."""
    return getattr(value, "value", value)


def _as_json(field: JSONField, values: Sequence[Any], connection) -> list[str | None]:
    encode = _json_encoder(cast(Any, field.encoder))
    # Most of what a list holds beside its cells is empty.
    empty: dict[type, str] = {dict: "{}", list: "[]"}
    return [
        None if value is None else (empty.get(type(value)) if not value else None) or encode(value) for value in values
    ]


@functools.cache
def _json_encoder(encoder: Any) -> Callable[[Any], str]:
    return (encoder or json.JSONEncoder)(ensure_ascii=False, separators=(",", ":")).encode


def copy_text(columns: Sequence[Sequence[Any]]) -> str:
    """Columns of driver values as the text that PostgreSQL's COPY reads."""
    texts = [_all_copied(values) for values in columns]
    width, length = len(texts), len(texts[0])
    text = _ROW.join(map(_FIELD.join, zip(*texts, strict=True))) + _ROW
    nulls = sum(values.count(None) for values in columns)
    if text.count(_FIELD) != (width - 1) * length or text.count(_ROW) != length or text.count(_NULL) != nulls:
        # Some value holds one of the marks: escape value by value.
        return "".join("\t".join(map(_escaped, row)) + "\n" for row in zip(*columns, strict=True))
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text.replace(_FIELD, "\t").replace(_ROW, "\n").replace(_NULL, "\\N")


def _all_copied(values: Sequence[Any]) -> Sequence[str]:
    """The values of a column, most of which are of one type throughout."""
    types = set(map(type, values))
    if types == {str}:
        return values
    if types == {int}:
        return list(map(str, values))
    return [_NULL] * len(values) if types == {_NOTHING} else [_copied(value) for value in values]


def _copied(value: Any) -> str:
    if value is None:
        return _NULL
    if type(value) is str:
        return value
    if type(value) is bool:
        return "t" if value else "f"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    return str(value)


def _escaped(value: Any) -> str:
    if value is None:
        return "\\N"
    text = _copied(value)
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text
