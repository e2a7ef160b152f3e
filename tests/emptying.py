"""Empties a PostgreSQL database after a test that committed: only the tables that the test filled.

TRUNCATE, as Django does it, makes new files for all tables and indexes of the portal, a second for three rows.
"""


def empty_only_what_is_filled(connection) -> None:
    """Let ``flush`` delete rows where there are any; on SQLite, and for a user who may not, it stays Django's."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_pass_triggers,) = cursor.fetchone()
    if not may_pass_triggers:
        return
    truncate, quote = connection.ops.sql_flush, connection.ops.quote_name

    def sql_flush(style, tables, *, reset_sequences=False, allow_cascade=False):
        if reset_sequences or not tables:
            return truncate(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        asked = " UNION ALL ".join(f"SELECT %s WHERE EXISTS (SELECT FROM {quote(table)})" for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(asked, list(tables))
            filled = [table for (table,) in cursor.fetchall()]
        # Without triggers there is no order in which the rows must go, and history may be emptied too.
        deletions = [f"DELETE FROM {quote(table)};" for table in filled]
        return ["SET LOCAL session_replication_role = replica;", *deletions] if filled else []

    connection.ops.sql_flush = sql_flush
