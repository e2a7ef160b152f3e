"""Two officers at once: the second begins while what the first has done still stands in an open transaction."""

import threading

from django.db import connection, transaction

_WAITED_FOR = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity, unnest(pg_blocking_pids(pid)) AS blocker"
    " WHERE blocker = pg_backend_pid())"
)


def held_up(first, then):
    """Do the first in a transaction that is still open when the other begins; answers what went wrong with that.

    The first ends when the other waits for it or has come to its own end.
    """
    problems = []

    def run():
        try:
            with transaction.atomic():
                then()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        for _ in range(200):
            thread.join(0.1)
            if not thread.is_alive() or _is_waited_for():
                break
    thread.join(30)
    return problems


def _is_waited_for():
    if connection.vendor != "postgresql":
        # There is one writer at a time: the other can do nothing but wait.
        return True
    with connection.cursor() as cursor:
        cursor.execute(_WAITED_FOR)
        return cursor.fetchone()[0]
