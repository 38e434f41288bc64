"""Django's migrate, which does not block readers: changing a table that is being read is tried
again.

A change waits for everybody who reads the table, and everybody who comes later waits for the
change. So it waits three seconds only, lets the others pass, and tries again; completed steps stay.
"""

import time
from typing import Any

import psycopg
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SECONDS = 3
PAUSE_SECONDS = 5
TRIES = 60  # eight minutes


def enter_cluster(connection: BaseDatabaseWrapper) -> None:
    """After a restore into another cluster, let the change log continue above its present
    numbers before anybody writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('public.change_offset()') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT public.change_offset()")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            usual = cursor.fetchone()[0]
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"]
            )
        try:
            for _try in range(TRIES):
                try:
                    super().handle(*args, **options)
                    enter_cluster(connection)
                    return
                except OperationalError as error:
                    if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                        raise
                    self.stderr.write("A table is being read for long; trying again …")
                    time.sleep(PAUSE_SECONDS)
            raise CommandError(
                "A table is being read all the time, by a backup perhaps: the migrations were"
                " stopped, and those that are done stay. Run the command again later."
            )
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [usual])
