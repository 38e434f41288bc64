"""A lock of the database that somebody else holds."""

from contextlib import closing, contextmanager

from django.db import connection


@contextmanager
def held_elsewhere(lock):
    """Given back before the connection ends: the server notices its end a moment later."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock.value])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock.value])
