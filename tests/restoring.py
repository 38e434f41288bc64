"""A transactional test leaves rows behind: the tables become again what they were after loading.

Emptying all tables and loading the vocabularies anew takes most of a second, and every test of a
browser needs it. Here the rows as loaded lie in a schema of their own and one function of the
database compares; triggers and foreign keys are asleep meanwhile, which needs a superuser. What
all tests of one file read is loaded once and kept likewise, in a second schema.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from reference.names import vocabulary

ALL_TESTS, ONE_FILE = "as_loaded", "as_loaded_for_one_file"
KEEP = """
DROP SCHEMA IF EXISTS as_loaded CASCADE;
CREATE SCHEMA as_loaded;
CREATE TABLE as_loaded.tables AS
SELECT c.oid::regclass AS original, format('as_loaded.%I', c.relname) AS kept,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND attgenerated = '' AND NOT attisdropped
       ) AS columns
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r';

DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT * FROM as_loaded.tables LOOP
        EXECUTE format('CREATE TABLE %s AS TABLE %s', it.kept, it.original);
    END LOOP;
END $$;

CREATE FUNCTION as_loaded.restore() RETURNS SETOF regclass LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE it record; same bool;
BEGIN
    -- a server's thread may still be writing: wait for it, so that nothing comes after us
    EXECUTE (SELECT format('LOCK TABLE %s IN EXCLUSIVE MODE', string_agg(original::text, ', '))
             FROM as_loaded.tables);
    FOR it IN SELECT * FROM as_loaded.tables LOOP
        EXECUTE format(
            'SELECT (SELECT count(*) FROM %1$s) = (SELECT count(*) FROM %2$s) AND NOT EXISTS
                 (SELECT o::text FROM %1$s o EXCEPT SELECT k::text FROM %2$s k)',
            it.original, it.kept) INTO same;
        CONTINUE WHEN same;
        EXECUTE format('DELETE FROM %s', it.original);
        EXECUTE format('INSERT INTO %1$s (%3$s) SELECT %3$s FROM %2$s',
                       it.original, it.kept, it.columns);
        RETURN NEXT it.original;
    END LOOP;
END $$;
"""


schemas = [ALL_TESTS]  # the last one is that which counts


def keep(schema: str = ALL_TESTS) -> None:
    """The rows that are in the tables now are those that `restore` brings back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(KEEP.replace(ALL_TESTS, schema))


ATTEMPTS = 3


def restore(_test: object = None) -> None:
    """In place of the flush at the end of Django's transactional tests. Sequences go on."""
    with connection.cursor() as cursor:
        # a request that the browser left behind may hold a table longer than the portal waits
        cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '120s'")
        if changed := _restored(cursor):
            # nobody has to read past what is gone
            cursor.execute(f"VACUUM {', '.join(changed)}")
        cursor.execute("RESET lock_timeout; RESET statement_timeout")
    vocabulary.forget()  # the test may have changed one


def _restored(cursor: Any) -> list[str]:
    """The tables that were put back. A request that came after us may hold one table and wait for
    another: when the database ends us and not that request, we wait for it once more."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            cursor.execute(f"SELECT {schemas[-1]}.restore()")
        except OperationalError as error:
            if attempt == ATTEMPTS or not isinstance(error.__cause__, DeadlockDetected):
                raise
        else:
            break
    return [table for (table,) in cursor.fetchall()]


def for_one_file(blocker: Any, load: Callable[[], object]) -> Iterator[None]:
    """Rows that the tests of one file read: loaded once, taken away after the last of them."""
    with blocker.unblock():
        load()
        keep(ONE_FILE)
    schemas.append(ONE_FILE)
    yield
    schemas.pop()
    with blocker.unblock():
        restore()
