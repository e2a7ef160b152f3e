"""What SQLite can do beyond Django's cautious defaults."""

import sqlite3

#: Enough for a thousand rows of thirty columns in one statement; the library itself allows 250,000.
MOST_PARAMETERS = 32_000


def allow_wide_statements(sender, connection, **kwargs):
    """Let one statement carry as many parameters as the library was built for; Django assumes 999 of the year 2009."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = min(limit, MOST_PARAMETERS)
