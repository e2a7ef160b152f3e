"""Who writes a table right now, and whose turn it is to write much into it.

Asked of PostgreSQL, where many write at once and see one another's rows only when they are done. SQLite has one writer
at a time: there nobody else is ever writing, and every turn is one's own.
"""

from django.db import OperationalError, connections, models

#: Locks that PostgreSQL holds for a transaction from its first written row of a table until it ends.
_WRITING = ("RowExclusiveLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
#: What PostgreSQL says when a lock was not to be had in time.
_NOT_IN_TIME = "55P03"


class TurnTaken(Exception):
    """Another transaction has the turn and did not end in time; the transaction under way can only be rolled back."""


def others_write(model: type[models.Model], *, using: str) -> bool:
    """Whether a transaction of somebody else has written rows of the model and has not ended; waits for nobody.

    What such a transaction writes is seen only later, under keys of the history that may have been drawn already.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = %s::regclass AND granted AND mode = ANY(%s)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND pid IS DISTINCT FROM pg_backend_pid())",
            [connection.ops.quote_name(model._meta.db_table), list(_WRITING)],
        )
        return cursor.fetchone()[0]


def take_turn(model: type[models.Model], *, using: str, seconds: float | None = None) -> None:
    """Be the only one with the turn of the model until the transaction ends; waits for whoever has it.

    Nobody is kept from the rows of the model but those who take the turn as well. Raises ``TurnTaken`` when it was not
    to be had within so many seconds.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    statements, parameters = [_LOCK], [f"turn {model._meta.label_lower}"]
    if seconds is not None:
        # Sent at once; other locks are waited for as before.
        statements = ["SELECT set_config('lock_timeout', %s, true)", _LOCK, "SET LOCAL lock_timeout TO DEFAULT"]
        parameters.insert(0, f"{int(seconds * 1000)}ms")
    try:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements), parameters)
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", None) == _NOT_IN_TIME:
            raise TurnTaken from problem
        raise
